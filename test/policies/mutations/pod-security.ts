import fc from "fast-check";
import { levelLabel } from "../../../policies/support/pod-levels";
import { containersOf, podTemplate } from "../../../policies/support/pods";
import { type Mutation, oneOf, withChanged } from "../support/mutation";
import type { SampleSite } from "../support/site-subjects";

// biome-ignore lint/suspicious/noExplicitAny: a mutation spoils properties in ways that no type allows
type Any = any;

/** Each of a Pod's specification and of its first container. */
const worse: readonly ((spec: Any, container: Any) => unknown)[] = [
  (spec) => Object.assign(spec, { hostPID: true }),
  (spec) => Object.assign(spec, { hostIPC: true }),
  (_, container) => Object.assign(container.securityContext, { privileged: true }),
  (_, container) => Object.assign(container.securityContext, { allowPrivilegeEscalation: true }),
  (_, container) => Object.assign(container.securityContext, { runAsUser: 0 }),
  (_, container) =>
    Object.assign(container.securityContext, { seccompProfile: { type: "Unconfined" } }),
  (_, container) => Object.assign(container.securityContext, { capabilities: { add: ["BPF"] } }),
];

const inPods = (site: SampleSite) =>
  fc
    .tuple(
      oneOf(site, ({ object }) => {
        const template = podTemplate(object);
        return template !== undefined && !template.spec.hostNetwork;
      }),
      fc.constantFrom(...worse),
    )
    .map(([target, change]) =>
      withChanged(site, target, (properties) => {
        const template = podTemplate(properties);
        const [first] = template === undefined ? [] : containersOf(template);
        change(template?.spec, first?.container);
      }),
    );

const inNamespaces = (site: SampleSite) =>
  fc
    .tuple(
      oneOf(site, ({ object }) => {
        const level = object?.metadata?.labels?.[levelLabel];
        return object?.kind === "Namespace" && level === "restricted";
      }),
      fc.constantFrom("privileged", undefined),
    )
    .map(([target, level]) =>
      withChanged(site, target, ({ metadata }) => {
        if (level === undefined) delete metadata.labels[levelLabel];
        else metadata.labels[levelLabel] = level;
      }),
    );

export const mutation: Mutation = {
  title: "a Pod that gets more of its node than its own walls, or a namespace that would let it in",
  changed: (site) => fc.oneof(inPods(site), inNamespaces(site)),
};
