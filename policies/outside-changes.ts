import type { Blueprint } from "../site/blueprint-types";
import type { WorkloadBlueprint } from "../site/workload/workload-types";
import { knownNamespaces } from "./support/namespaces";
import { fields, type KubernetesObject, namespaceOf, textOf } from "./support/objects";
import { ofBlueprint } from "./support/of-blueprint";
import { containersOf, type PodTemplate, podTemplate } from "./support/pods";
import { productWorkload } from "./support/product-workloads";
import { type Finding, subjectRule } from "./support/rule";
import type { Subject } from "./support/subject";

/** The component of the whole site, and that of the platform below it. */
const site = "sitewright:site:Site";
const platform = `${site}$sitewright:platform:Platform$`;

const bundled = ofBlueprint(({ images }) => new Set(images.map(({ siteImage }) => siteImage)));

export const outsideChanges = subjectRule({
  name: "outside-changes",
  description:
    "All that a stack holds comes from the site's component; workloads, their images and replicas are those of release and site file.",
  why: "What is in neither of the two files is in no bundle and no review, and the next delivery undoes it.",
  severity: "high",
  remedy: "state it in the release, or at the site under `workloads`, and deploy that",
  sources: ["deployment", "state"],
  *judge(subject, { blueprint }) {
    const path = componentsOf(subject);
    if (!`${path}$`.startsWith(`${site}$`)) {
      const needed = `a place within the site's component (${site})`;
      const next = "give it a parent in components/, or take it out of the program";
      yield { path: "", needed, given: `${subject.type} ${subject.name} beside it`, next };
    }
    const { object, patch } = subject;
    const template = podTemplate(object);
    if (object === undefined || template === undefined || patch) return;
    // The platform's own: its replicas are in the charts' values, which are made from the blueprint.
    if (path.startsWith(platform)) {
      yield* otherImages(template, bundled(blueprint), blueprint);
      return;
    }
    const { kind } = object;
    const name = textOf(object.metadata?.name);
    const namespace = textOf(namespaceOf(object));
    const workload = productWorkload(object, blueprint);
    if (workload !== undefined) {
      yield* otherImages(template, new Set(imagesOf(workload, name)), blueprint);
      yield* otherReplicas(object, workload, name);
      return;
    }
    const keeper = blueprint.workloads.find(
      (one) => one.centre !== undefined && isImport(object, one),
    );
    if (keeper?.centre !== undefined) {
      yield* otherImages(template, new Set([keeper.centre.image]), blueprint);
      return;
    }
    // Namespaces of nobody are another rule's.
    if (!knownNamespaces(blueprint).has(namespace)) return;
    const given = `${kind} ${namespace}/${name}, which neither has`;
    yield { path: "", needed: "a workload of the release, or of the site's platform", given };
  },
});

/** Types of all components that a resource is below, and its own, from the outermost: part of its URN. */
function componentsOf({ id, type }: Subject): string {
  // Providers that Pulumi makes by itself are below nothing.
  if (type.startsWith("pulumi:providers:")) return site;
  return id.split("::")[2] ?? "";
}

/** The Job that brings a workload's entries into the config centre. */
function isImport({ kind, metadata }: KubernetesObject, { name, namespace }: WorkloadBlueprint) {
  return kind === "Job" && metadata?.name === `${name}-centre` && metadata.namespace === namespace;
}

/** Images of a workload's containers, or of its canary's. */
function imagesOf({ image, init, canary }: WorkloadBlueprint, name: string): readonly string[] {
  const own = canary?.name === name ? canary.image : image;
  return [own, ...init.map((one) => one.image)];
}

/** Containers with another image. One that no node could pull, or that is not pinned, is another rule's. */
function* otherImages(
  template: PodTemplate,
  images: ReadonlySet<string>,
  blueprint: Blueprint,
): Iterable<Finding> {
  for (const { path, container } of containersOf(template)) {
    const given = textOf(fields(container).image);
    if (images.has(given) || !isPinned(given, blueprint.registry.host)) continue;
    const needed =
      images === bundled(blueprint)
        ? "an image of the site's bundle"
        : `the image ${[...images].join(" or ")}`;
    yield { path: `${path}.image`, needed, given };
  }
}

function isPinned(image: string, host: string): boolean {
  const pinned = /:([^:/@]+)@sha256:[0-9a-f]{64}$/.exec(image);
  return image.startsWith(`${host}/`) && pinned !== null && pinned[1] !== "latest";
}

const countedKinds = ["Deployment", "StatefulSet"];

function* otherReplicas(
  { kind, spec }: KubernetesObject,
  { replicas, canary }: WorkloadBlueprint,
  name: string,
): Iterable<Finding> {
  if (!countedKinds.includes(kind)) return;
  const needed = canary?.name === name ? canary.replicas : replicas;
  const given = fields(spec).replicas ?? 1;
  if (given === needed) return;
  yield { path: "spec.replicas", needed: `${needed}`, given: JSON.stringify(given) ?? "nothing" };
}
