import { z } from "zod";
import type { Blueprint } from "../site/blueprint-types";
import type { Inventory } from "./support/inventory";
import {
  fields,
  items,
  type KubernetesObject,
  namespaceOf,
  textOf,
  withValueAt,
  wordOf,
} from "./support/objects";
import { podTemplate } from "./support/pods";
import { productWorkload } from "./support/product-workloads";
import { type FindingAbout, wholeRule } from "./support/rule";
import { Unknowns } from "./support/unknowns";

const key = "automountServiceAccountToken";

/** The account of Pods that name none: rights of it are rights of everybody there. */
const nobodys = "default";

export const serviceAccountTokens = wholeRule({
  name: "service-account-tokens",
  description:
    "Only Pods whose own service account has rights get a token for the Kubernetes API, and nobody gives rights to an account that all share.",
  why: "A token that nobody needs is the first thing that an intruder finds, and what it may do tomorrow depends on whoever binds a role.",
  severity: "high",
  remedy: `set ${key}: false in the Pod's specification, or give it an account of its own and bind that to a role`,
  settings: z.strictObject({
    also: z
      .array(z.string().regex(/^[a-z0-9.-]+\/[a-z0-9.-]+$/, { error: "namespace/account" }))
      .default([])
      .describe("Accounts that get their rights from outside the stack, as `namespace/account`."),
  }),
  *judgeAll(inventory, { blueprint, settings: { also } }) {
    const unknowns = new Unknowns();
    const entitled = new Set(also);
    const silent = new Set<string>();
    for (const { object } of inventory.of("ServiceAccount")) {
      unknowns.without(() => {
        if (object[key] === false) silent.add(named(namespaceOf(object), object.metadata?.name));
        return [];
      });
    }
    yield* unknowns.without(() => bindings(inventory, entitled));
    for (const about of inventory.objects) {
      const { object } = about;
      const template = podTemplate(object);
      if (template === undefined) continue;
      // Of a specification that is a secret as a whole, the state shows nothing.
      if (items(template.spec.containers).length === 0) continue;
      yield* unknowns.without(() => {
        const account = accountOf(template.spec);
        const name = named(namespaceOf(object), account);
        const own = template.spec[key];
        const isSilent = own === false || (own === undefined && silent.has(name));
        if (isSilent || entitled.has(name) || calls(blueprint, object)) return [];
        const path = [template.path, "spec", key].filter((part) => part !== "").join(".");
        const needed =
          account === nobodys
            ? "false, since it runs as an account that all Pods of its namespace share"
            : `false, since its account ${account} has no rights in this stack`;
        return [{ about, path, needed, given: own === undefined ? "nothing" : wordOf(own) }];
      });
    }
    unknowns.tell();
  },
  /** Only where it is certain without the rest of the stack: nobody has rights by the account that all share. */
  mend({ object, properties, patch }) {
    const template = podTemplate(object);
    if (template === undefined || patch || items(template.spec.containers).length === 0) {
      return undefined;
    }
    if (accountOf(template.spec) !== nobodys || template.spec[key] === false) return undefined;
    const path = [...template.path.split("."), "spec", key].filter((part) => part !== "");
    return withValueAt(properties, path, false);
  },
});

/** Whether the release says that a workload calls the API. */
function calls(blueprint: Blueprint, object: KubernetesObject): boolean {
  return productWorkload(object, blueprint)?.settings.serviceAccountToken === true;
}

function accountOf(spec: Readonly<Record<string, unknown>>): string {
  const { serviceAccountName, serviceAccount } = spec;
  return textOf(serviceAccountName) || textOf(serviceAccount) || nobodys;
}

function named(namespace: unknown, account: unknown): string {
  return `${textOf(namespace)}/${textOf(account)}`;
}

/** Notes who has rights; finds those that are everybody's. */
function* bindings(inventory: Inventory, entitled: Set<string>): Iterable<FindingAbout> {
  const kinds = ["RoleBinding", "ClusterRoleBinding"];
  for (const about of inventory.of(...kinds.map((kind) => `rbac.authorization.k8s.io/${kind}`))) {
    for (const [number, subject] of items(about.object.subjects).entries()) {
      const { kind, namespace = namespaceOf(about.object), name } = fields(subject);
      if (kind !== "ServiceAccount") continue;
      if (name !== nobodys) entitled.add(named(namespace, name));
      else {
        const path = `subjects[${number}].name`;
        const needed = "an account of just those Pods that need the rights";
        yield { about, path, needed, given: nobodys, next: "make an account and name it there" };
      }
    }
  }
}
