import { z } from "zod";
import type { Blueprint } from "../site/blueprint-types";
import { nearest } from "../site/nearest";
import { workspaceLabel } from "../site/platform/tenancy-names";
import type { ObjectSubject } from "./support/inventory";
import { isMadeByTeam, knownNamespaces } from "./support/namespaces";
import { fields, groupKind, type KubernetesObject, wordOf } from "./support/objects";
import { podTemplate } from "./support/pods";
import { type FindingAbout, type RuleContext, wholeRule } from "./support/rule";
import type { Subject } from "./support/subject";
import { Unknowns } from "./support/unknowns";

/** Kinds that are in a namespace always, besides those that make Pods: without one they land in `default`. */
const namespaced = new Set([
  "ConfigMap",
  "Endpoints",
  "LimitRange",
  "PersistentVolumeClaim",
  "ResourceQuota",
  "Secret",
  "Service",
  "ServiceAccount",
  "autoscaling/HorizontalPodAutoscaler",
  "networking.k8s.io/Ingress",
  "networking.k8s.io/NetworkPolicy",
  "policy/PodDisruptionBudget",
  "rbac.authorization.k8s.io/Role",
  "rbac.authorization.k8s.io/RoleBinding",
]);

/** Kinds of the platform's definitions that are in none: Pulumi shows them in `default` until the definition is there. */
const clusterWide = new Set([
  "cert-manager.io/ClusterIssuer",
  "gateway.networking.k8s.io/GatewayClass",
  "objectbucket.io/ObjectBucket",
  "snapshot.storage.k8s.io/VolumeSnapshotClass",
  "snapshot.storage.k8s.io/VolumeSnapshotContent",
]);

const settings = z.strictObject({
  kubernetes: z
    .array(z.string(), { error: "a list of names" })
    .default(["kube-system"])
    .describe("Namespaces of Kubernetes itself in which the platform has something to do."),
});

type Context = RuleContext<z.output<typeof settings>>;

export const namespaceTenancy = wholeRule({
  name: "namespace-tenancy",
  description:
    "Every namespace is made once and is the product's, a workspace's or the platform's, and every object is in one of these.",
  why: "What is in a namespace of nobody has no bounds, no closed networks and nobody who looks after it; and of two that make one namespace, whichever goes first takes the other's data with it.",
  severity: "high",
  remedy:
    "name a namespace of the release, of a workspace under tenancy or of the platform, or state the new one there",
  settings,
  *judgeAll(inventory, context) {
    const unknowns = new Unknowns();
    const made = new Map<string, Subject>();
    for (const subject of inventory.of("Namespace")) {
      yield* unknowns.without(() => namespaceFaults(subject, made, context));
    }
    for (const subject of inventory.subjects) {
      yield* unknowns.without(() => placeFaults(subject, made, context));
    }
    unknowns.tell();
  },
});

/** What is wrong with a namespace that something makes; notes in `made` who does. */
function* namespaceFaults(
  about: ObjectSubject,
  made: Map<string, Subject>,
  { blueprint, settings: { kubernetes }, source }: Context,
): Iterable<FindingAbout> {
  const { name: given, labels } = fields(about.object.metadata);
  const path = "metadata.name";
  const name = wordOf(given);
  const own = fields(labels);
  const other = made.get(name);
  const known = knownNamespaces(blueprint).get(name);
  // Who deploys for a team makes no namespace of the platform's or of Kubernetes', by which all in it would be its own.
  const foreign =
    source === "manifests"
      ? known?.owner === "platform" || (known === undefined && !isMadeByTeam(blueprint, own))
      : known === undefined && !kubernetes.includes(name) && !isMadeByTeam(blueprint, own);
  if (!foreign) made.set(name, other ?? about);
  if (other !== undefined) {
    const twice = `${name}, which ${other.name} makes too`;
    yield { about, path, needed: "a namespace that nothing else makes", given: twice };
  }
  if (foreign) {
    const needed =
      source === "manifests"
        ? "a name that the release or a workspace has"
        : "a name that the release, a workspace or the platform has";
    yield { about, path, needed, ...(known ? { given: name } : unlike(name, blueprint)) };
  }
  if (known === undefined) return;
  const workspace = known.tenant?.labels[workspaceLabel];
  const label = own[workspaceLabel];
  if (label === workspace) return;
  yield {
    about,
    path: `metadata.labels.${workspaceLabel}`,
    needed:
      workspace === undefined ? "no workspace, since it is none's" : `${workspace}, whose it is`,
    given: wordOf(label),
    absent: label === undefined,
  };
}

/** What is wrong with the namespace that something is put into. */
function* placeFaults(
  about: Subject,
  made: ReadonlyMap<string, Subject>,
  { blueprint, settings: { kubernetes }, source }: Context,
): Iterable<FindingAbout> {
  const { object } = about;
  if (object === undefined || clusterWide.has(groupKind(object))) return;
  const { namespace: given } = fields(object.metadata);
  const ofTeams = source === "manifests";
  const path = "metadata.namespace";
  const whose = ofTeams ? "the product or a workspace" : "the product, a workspace or the platform";
  const needed = `a namespace of ${whose}`;
  if (given === undefined || given === null) {
    // Argo CD puts what names none into the namespace that it deploys to.
    if (ofTeams || !isNamespaced(object)) return;
    yield { about, path, needed, given: "nothing, which means default", absent: true };
    return;
  }
  const namespace = wordOf(given);
  const owner = knownNamespaces(blueprint).get(namespace)?.owner;
  const open = ofTeams
    ? owner !== "platform" && (owner !== undefined || made.has(namespace))
    : owner !== undefined || made.has(namespace) || kubernetes.includes(namespace);
  if (!open) yield { about, path, needed, ...unlike(namespace, blueprint) };
}

function isNamespaced(object: KubernetesObject): boolean {
  return namespaced.has(groupKind(object)) || podTemplate(object) !== undefined;
}

function unlike(name: string, blueprint: Blueprint): Pick<FindingAbout, "given" | "next"> {
  const meant = nearest(name, [...knownNamespaces(blueprint).keys()]);
  return { given: name, ...(meant !== undefined && { next: `write ${meant}, or state ${name}` }) };
}
