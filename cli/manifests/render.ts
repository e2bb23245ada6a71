import { stringify } from "yaml";
import type { KubernetesObject } from "../../components/support/kubernetes-object";
import { isDeployments, workloadObjects } from "../../components/workload/objects";
import type { Blueprint } from "../../site/blueprint-types";
import type { WorkloadBlueprint } from "../../site/workload/workload-types";

/** Files of a configuration repository: the very objects that a deployment would make. */

export interface RenderedFile {
  readonly name: string;
  readonly text: string;
}

/** Files that stand beside those of the objects. */
export const ownFiles = ["README.md", "kustomization.yaml"] as const;

type Source = Pick<Blueprint, "site" | "release" | "workloads">;

/** Every file of a namespace, by name. The same blueprint gives the same text, to the last letter. */
export function renderNamespace(
  blueprint: Source,
  namespace: string,
  repository: string | undefined,
): readonly RenderedFile[] {
  const workloads = blueprint.workloads.filter((one) => one.namespace === namespace);
  const objects = workloads.flatMap((workload) =>
    workloadObjects(workload)
      .filter((one) => !isDeployments(one))
      .map(({ object }) => delivered(object, wave(workload, workloads))),
  );
  const files = objects
    .map((object) => ({ name: fileName(object), text: yaml(object) }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
  const twice = files.find(({ name }, at) => files[at + 1]?.name === name);
  if (twice !== undefined) throw new Error(`two objects would be ${twice.name}`);
  const resources = files.map(({ name }) => name);
  return [
    { name: "README.md", text: readme(blueprint, namespace, repository) },
    { name: "kustomization.yaml", text: yaml(kustomization(resources)) },
    ...files,
  ];
}

function fileName({ kind, metadata }: KubernetesObject): string {
  return `${kind.toLowerCase()}-${metadata.name}.yaml`;
}

/** An object as Argo CD is to have it: without what only Pulumi reads, with the order that Pulumi would keep. */
function delivered(object: KubernetesObject, at: number): KubernetesObject {
  const { annotations = {}, ...metadata } = object.metadata;
  const kept = Object.entries(annotations).filter(([key]) => !key.startsWith("pulumi.com/"));
  const all = {
    ...Object.fromEntries(kept),
    ...(at > 0 && { "argocd.argoproj.io/sync-wave": String(at) }),
    // A Job cannot be changed: a changed one takes the place of the last.
    ...(object.kind === "Job" && {
      "argocd.argoproj.io/sync-options": "Force=true,Replace=true",
    }),
  };
  return {
    ...object,
    metadata: { ...metadata, ...(Object.keys(all).length > 0 && { annotations: all }) },
  };
}

/** How many workloads, one behind the other, must be up before this one. */
function wave(
  { after }: WorkloadBlueprint,
  workloads: readonly WorkloadBlueprint[],
  passed: readonly string[] = [],
): number {
  const earlier = workloads.filter(({ name }) => after.includes(name) && !passed.includes(name));
  return Math.max(0, ...earlier.map((one) => 1 + wave(one, workloads, [...passed, one.name])));
}

function kustomization(resources: readonly string[]) {
  return { apiVersion: "kustomize.config.k8s.io/v1beta1", kind: "Kustomization", resources };
}

function yaml(value: unknown): string {
  return stringify(value, {
    sortMapEntries: true,
    lineWidth: 0,
    aliasDuplicateObjects: false,
  });
}

function readme(
  { site, release }: Source,
  namespace: string,
  repository: string | undefined,
): string {
  const from = repository === undefined ? "this repository" : repository;
  return `# ${namespace} of ${site}

Release ${release}, written by \`./sitewright manifests ${site} --namespace ${namespace}\`: change the release or the site,
and write it again. What is changed here by hand is overwritten. \`sitewright.index\` lists the files that are written;
any other file is left alone.

Argo CD owns every object of these files, and takes them from ${from}. The deployment (Pulumi) owns the namespace itself,
its quota, limit range, roles, network policies, secrets and volume claims. No object has two owners.
`;
}
