import { z } from "zod";
import type { Blueprint } from "../site/blueprint-types";
import type { Inventory } from "./support/inventory";
import { fields, type KubernetesObject } from "./support/objects";
import { ofBlueprint } from "./support/of-blueprint";
import { orderAfter } from "./support/order";
import { wholeRule } from "./support/rule";
import type { Subject } from "./support/subject";

/** Groups of Kubernetes' own kinds, as far as their names look like those of others. */
const own = new Set(
  [
    "admissionregistration",
    "apiextensions",
    "apiregistration",
    "authentication",
    "authorization",
    "certificates",
    "coordination",
    "discovery",
    "events",
    "flowcontrol.apiserver",
    "internal.apiserver",
    "networking",
    "node",
    "rbac.authorization",
    "resource",
    "scheduling",
    "storage",
    "storagemigration",
  ].map((name) => `${name}.k8s.io`),
);

/** The component whose step brings the catalogue's sets of definitions. */
const bringsSets = "sitewright:definitions:Definitions";
/** A chart that Helm installs by itself, definitions and all. */
const byHelm = /^kubernetes:helm\.sh\/v[34]:Release$/;

const setGroups = ofBlueprint(
  ({ platform }) => new Set(platform.definitions.flatMap(({ groups }) => groups)),
);

export const definitionsFirst = wholeRule({
  name: "definitions-first",
  description:
    "Objects of kinds that Kubernetes does not have by itself come after what defines them.",
  why: "On a site that is there already it works in any order; on a new one the first delivery ends half way.",
  severity: "medium",
  remedy:
    "let it depend on the component of the definitions, or on the chart that brings them, in components/",
  settings: z.strictObject({
    groups: z
      .array(z.string())
      .default([])
      .describe("Further groups of kinds that clusters have before the stack is deployed."),
  }),
  *judgeAll(inventory, { blueprint, settings: { groups }, source }) {
    const stated = new Set(groups);
    const definers = new Definers(inventory, blueprint);
    for (const subject of inventory.objects) {
      const group = groupOf(subject.object);
      if (!group.includes(".") || own.has(group) || stated.has(group)) continue;
      // Files say nothing of their order: what the site defines is there before anybody deploys them.
      if (source === "manifests" && setGroups(blueprint).has(group)) continue;
      const { names, together, isAfter } = definers.of(group);
      if (names.length === 0) {
        const needed = `a definition of the group ${group}`;
        yield { about: subject, path: "apiVersion", needed, given: "none that the site has" };
      } else if (source !== "manifests" && !together.has(subject.parent) && !isAfter(subject)) {
        const needed = `to wait for what defines the group ${group}: ${names.join(", ")}`;
        yield { about: subject, path: "", needed, given: "neither it nor what it is part of does" };
      }
    }
  },
});

function groupOf({ apiVersion }: KubernetesObject): string {
  return apiVersion.slice(0, Math.max(0, apiVersion.indexOf("/")));
}

/** What defines the kinds of a group. */
interface GroupDefiners {
  /** Names, for people. */
  readonly names: readonly string[];
  /** Charts that bring the definitions, which make these before anything else of theirs. */
  readonly together: ReadonlySet<string | undefined>;
  readonly isAfter: (subject: Subject) => boolean;
}

/** What defines the kinds of each group, looked for when it is first asked. */
class Definers {
  readonly #known = new Map<string, GroupDefiners>();
  readonly #inventory: Inventory;
  readonly #blueprint: Blueprint;

  constructor(inventory: Inventory, blueprint: Blueprint) {
    this.#inventory = inventory;
    this.#blueprint = blueprint;
  }

  of(group: string): GroupDefiners {
    const known = this.#known.get(group) ?? this.#find(group);
    this.#known.set(group, known);
    return known;
  }

  #find(group: string): GroupDefiners {
    const { subjects } = this.#inventory;
    const definitions = this.#inventory
      .of("apiextensions.k8s.io/CustomResourceDefinition")
      .filter(({ object }) => fields(object.spec).group === group);
    const sets = setGroups(this.#blueprint).has(group) ? subjects.filter(this.#bringsSets) : [];
    const stated = [...definitions, ...sets];
    // Nobody looks into what Helm installs by itself: it may well be there.
    const all = stated.length > 0 ? stated : subjects.filter(({ type }) => byHelm.test(type));
    return {
      names: all.map(({ name }) => name),
      together: new Set(definitions.map(({ parent }) => parent).filter((one) => one !== undefined)),
      isAfter: orderAfter(this.#inventory, new Set(all.map(({ id }) => id))),
    };
  }

  readonly #bringsSets = ({ type, parent = "" }: Subject): boolean =>
    type === bringsSets || this.#inventory.byId(parent)?.type === bringsSets;
}
