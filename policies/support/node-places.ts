import type { Blueprint, HostBlueprint, Taint } from "../../site/blueprint-types";
import { meetsRequirement, ownLabel } from "./label-selector";
import { fields, items } from "./objects";
import { ofBlueprint } from "./of-blueprint";

/** On which of the site's nodes Pods may run: by their selector, node affinity and tolerations. */

/** A node with all labels that Pods can ask for. */
interface Place {
  readonly host: HostBlueprint;
  readonly labels: Readonly<Record<string, string>>;
}

const places = ofBlueprint(({ hosts }: Blueprint): readonly Place[] =>
  hosts
    .filter(({ node }) => node)
    .map((host) => ({
      host,
      labels: {
        ...host.labels,
        // Set by kubelet and kubeadm.
        "kubernetes.io/hostname": host.name,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": host.arch,
        ...(host.roles.includes("control-plane") && {
          "node-role.kubernetes.io/control-plane": "",
        }),
      },
    })),
);

/** Nodes that Pods of a spec may run on, whatever else runs there. */
export function nodesFor(blueprint: Blueprint, spec: unknown): readonly HostBlueprint[] {
  const { nodeName, nodeSelector, affinity, tolerations } = fields(spec);
  const wanted = Object.entries(fields(nodeSelector));
  const terms = requiredTerms(affinity);
  return places(blueprint)
    .filter(
      ({ host, labels }) =>
        (typeof nodeName !== "string" || nodeName === host.name) &&
        wanted.every(([key, value]) => ownLabel(labels, key) === value) &&
        (terms === undefined || terms.some((term) => meets(term, host, labels))) &&
        host.taints.every((taint) => isBorne(taint, items(tolerations))),
    )
    .map(({ host }) => host);
}

function requiredTerms(affinity: unknown): readonly unknown[] | undefined {
  const { requiredDuringSchedulingIgnoredDuringExecution: required } = fields(
    fields(affinity).nodeAffinity,
  );
  return required === undefined ? undefined : items(fields(required).nodeSelectorTerms);
}

/** A term without any requirement is met by no node. */
function meets(term: unknown, { name }: HostBlueprint, labels: Place["labels"]): boolean {
  const { matchExpressions, matchFields } = fields(term);
  const byLabel = items(matchExpressions);
  const byField = items(matchFields);
  return (
    byLabel.length + byField.length > 0 &&
    byLabel.every((one) => isMet(one, labels)) &&
    byField.every((one) => isMet(one, { "metadata.name": name }))
  );
}

function isMet(requirement: unknown, labels: Readonly<Record<string, string>>): boolean {
  const { key, operator, values } = fields(requirement);
  const label = typeof key === "string" ? ownLabel(labels, key) : undefined;
  if (operator === "Gt") return Number(label) > bound(values);
  if (operator === "Lt") return Number(label) < bound(values);
  return meetsRequirement(requirement, labels);
}

function bound(values: unknown): number {
  const [only] = items(values);
  return typeof only === "string" ? Number(only) : Number.NaN;
}

function isBorne({ key, value, effect }: Taint, tolerations: readonly unknown[]): boolean {
  if (effect === "PreferNoSchedule") return true;
  return tolerations.map(fields).some((one) => {
    const { key: wanted = "", operator = "Equal", value: own = "", effect: only = "" } = one;
    if (only !== "" && only !== effect) return false;
    if (operator === "Exists") return wanted === "" || wanted === key;
    return wanted === key && own === value;
  });
}
