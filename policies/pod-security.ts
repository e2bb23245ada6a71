import { z } from "zod";
import type { Blueprint } from "../site/blueprint-types";
import { baselineCapabilities } from "../site/workload/pod-security";
import { knownNamespaces } from "./support/namespaces";
import { platformAccess, type Right, rightsEntry } from "./support/node-access";
import {
  fields,
  groupKind,
  items,
  type KubernetesObject,
  namespaceOf,
  textOf,
  wordOf,
} from "./support/objects";
import { isLaxer, levelLabel, podLevels } from "./support/pod-levels";
import { makerOf } from "./support/pod-makers";
import { containersOf, type PlacedContainer, podTemplate } from "./support/pods";
import { productWorkload } from "./support/product-workloads";
import { type Finding, subjectRule } from "./support/rule";

type Allows = (right: Right) => boolean;

/** What the level of Pod security "baseline" lets through besides "restricted". */
const baselineRights: ReadonlySet<Right> = new Set([
  ...["runAsRoot", "allowPrivilegeEscalation", "defaultCapabilities", "noSeccompProfile"],
  ...baselineCapabilities,
]);

export const podSecurity = subjectRule({
  name: "pod-security",
  description:
    "Pods run as nobody in particular, keep no capabilities and no namespaces of their node, and cannot become more than they are.",
  why: "Whoever breaks into such a Pod has the Pod. Whoever breaks into any other may have the node, and from there the site.",
  severity: "critical",
  remedy:
    "set what is missing; where a workload of the release cannot do without, state it under its `overrides`",
  settings: z.strictObject({
    also: z
      .array(rightsEntry)
      .default([])
      .describe(
        "Pods that may do more at this site, by the name of what makes them. The platform's own are known.",
      ),
  }),
  *judge({ object }, { blueprint, settings: { also } }) {
    if (object === undefined) return;
    if (groupKind(object) === "Namespace") yield* inNamespace(object, blueprint);
    const template = podTemplate(object);
    if (template === undefined) return;
    const allows = allowanceOf(object, blueprint, also);
    const pod = fields(template.spec);
    const at = template.path === "" ? "spec" : `${template.path}.spec`;
    for (const right of ["hostNetwork", "hostPID", "hostIPC"] as const) {
      if (pod[right] !== true || allows(right)) continue;
      yield { path: `${at}.${right}`, needed: "false", given: "true" };
    }
    const common = fields(pod.securityContext);
    const level = podLevels(blueprint).get(namespaceOf(object));
    yield* inKernel(`${at}.securityContext.sysctls`, common.sysctls);
    for (const { path, container } of containersOf(template)) {
      if (level !== undefined && level !== "privileged") yield* hostPorts(path, container, level);
    }
    for (const placed of containersOf(template)) yield* inContainer(placed, common, allows);
  },
});

/** What a Pod may set for itself alone; any other setting is its node's, or needs the kubelet's leave. */
const ownSysctls: ReadonlySet<unknown> = new Set([
  "kernel.shm_rmid_forced",
  ...["fin_timeout", "keepalive_intvl", "keepalive_probes", "keepalive_time", "syncookies"].map(
    (name) => `net.ipv4.tcp_${name}`,
  ),
  ...["local_port_range", "local_reserved_ports", "unprivileged_port_start"].map(
    (name) => `net.ipv4.ip_${name}`,
  ),
  "net.ipv4.ping_group_range",
]);

function* inKernel(path: string, sysctls: unknown): Iterable<Finding> {
  const others = items(sysctls).flatMap((one) => {
    const { name } = fields(one);
    return ownSysctls.has(name) ? [] : [wordOf(name)];
  });
  if (others.length === 0) return;
  const needed = "none but those that are the Pod's own";
  const next = "set it on the nodes, or leave it out";
  yield { path, needed, given: others.join(", "), next };
}

/** The cluster refuses them in such a namespace, and the Pods never start. */
function* hostPorts(path: string, container: unknown, level: string): Iterable<Finding> {
  for (const [number, port] of items(fields(container).ports).entries()) {
    const { hostPort } = fields(port);
    if (hostPort === undefined || hostPort === null || hostPort === 0) continue;
    const needed = `none in a namespace of level ${level}`;
    const next = "let a Service lead to it, or put it into a namespace of level privileged";
    yield { path: `${path}.ports[${number}].hostPort`, needed, given: wordOf(hostPort), next };
  }
}

function* inContainer(
  { path, container }: PlacedContainer,
  pod: Readonly<Record<string, unknown>>,
  allows: Allows,
): Iterable<Finding> {
  const own = fields(fields(container).securityContext);
  const at = `${path}.securityContext`;
  /** The container's own word goes before the Pod's. */
  const effective = (key: string) => own[key] ?? pod[key];
  if (own.privileged === true && !allows("privileged")) {
    yield { path: `${at}.privileged`, needed: "false", given: "true" };
  }
  if (!["Default", undefined, null].includes(own.procMount as string) && !allows("privileged")) {
    yield isnt(`${at}.procMount`, "Default", own.procMount);
  }
  const armor = fields(effective("appArmorProfile"));
  if (armor.type === "Unconfined" && !allows("noSeccompProfile")) {
    yield isnt(`${at}.appArmorProfile.type`, "RuntimeDefault, or none at all", armor.type);
  }
  if (own.allowPrivilegeEscalation !== false && !allows("allowPrivilegeEscalation")) {
    yield isnt(`${at}.allowPrivilegeEscalation`, "false", own.allowPrivilegeEscalation);
  }
  if (!allows("runAsRoot")) {
    if (effective("runAsUser") === 0) {
      yield { path: `${at}.runAsUser`, needed: "a user other than root", given: "0" };
    } else if (effective("runAsNonRoot") !== true) {
      const needed = "true, here or in the Pod's securityContext";
      yield isnt(`${at}.runAsNonRoot`, needed, effective("runAsNonRoot"));
    }
  }
  const { type } = fields(effective("seccompProfile"));
  if (type !== "RuntimeDefault" && type !== "Localhost" && !allows("noSeccompProfile")) {
    const needed = "RuntimeDefault, here or in the Pod's securityContext";
    yield isnt(`${at}.seccompProfile.type`, needed, type);
  }
  const { add, drop } = fields(own.capabilities);
  if (!items(drop).includes("ALL") && !allows("defaultCapabilities")) {
    yield isnt(`${at}.capabilities.drop`, "ALL", drop);
  }
  const further = items(add).filter((name) => typeof name !== "string" || !allows(name));
  if (further.length > 0) {
    const needed = "none but NET_BIND_SERVICE";
    yield { path: `${at}.capabilities.add`, needed, given: further.map(wordOf).join(", ") };
  }
}

function isnt(path: string, needed: string, given: unknown): Finding {
  if (given === undefined) return { path, needed, given: "nothing", absent: true };
  const words = Array.isArray(given) ? given.map(wordOf).join(", ") : wordOf(given);
  return { path, needed, given: words };
}

/** What an object's Pods may do: as much as the site, the release or the platform says of just these. */
function allowanceOf(
  object: KubernetesObject,
  blueprint: Blueprint,
  also: readonly z.output<typeof rightsEntry>[],
): Allows {
  const namespace = namespaceOf(object);
  const pods = makerOf(object);
  const settings = productWorkload(object, blueprint)?.settings;
  const rights = new Set<Right>([
    "NET_BIND_SERVICE",
    ...(isLaxTeams(namespace, blueprint) ? baselineRights : []),
    ...(platformAccess(blueprint).get(pods)?.rights ?? []),
    ...(settings?.runAsUser === 0 ? ["runAsRoot"] : []),
    ...(settings?.capabilities ?? []),
    ...also.filter((entry) => entry.pods === pods).flatMap((entry) => entry.rights),
  ]);
  return (right) => rights.has(right);
}

/** Whether a namespace is a team's that the site lets off the level "restricted". */
function isLaxTeams(namespace: string, blueprint: Blueprint): boolean {
  const isTeams = knownNamespaces(blueprint).get(namespace)?.owner === "tenant";
  return isTeams && podLevels(blueprint).get(namespace) === "baseline";
}

/** Without its label the cluster would let anything in that comes by another way than this stack. */
function* inNamespace({ metadata }: KubernetesObject, blueprint: Blueprint): Iterable<Finding> {
  const level = podLevels(blueprint).get(textOf(metadata?.name));
  const given = fields(metadata?.labels)[levelLabel];
  if (level === undefined || !isLaxer(given, level)) return;
  const next = `label it with ${level}, or state the namespace's level in the release or the site file`;
  yield { ...isnt(`metadata.labels.${levelLabel}`, level, given), next };
}
