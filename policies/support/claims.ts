import type { Blueprint } from "../../site/blueprint-types";
import { nodesFor } from "./node-places";
import { fields, groupKind, items, type KubernetesObject } from "./objects";
import { podGroups } from "./pod-groups";
import { podTemplate } from "./pods";

/** A claim of volumes that an object is, or makes. */
export interface PlacedClaim {
  /** Path of its spec: `spec.volumeClaimTemplates[0].spec`. */
  readonly path: string;
  readonly spec: Readonly<Record<string, unknown>>;
  /** How many volumes come of it. */
  readonly count: number;
}

/** All claims of an object; none for most. */
export function* claimsOf(
  object: KubernetesObject | undefined,
  blueprint: Blueprint,
): Iterable<PlacedClaim> {
  if (object === undefined) return;
  const spec = fields(object.spec);
  const kind = groupKind(object);
  if (kind === "PersistentVolumeClaim") yield { path: "spec", spec, count: 1 };
  const [pods] = podGroups(object);
  if (pods === undefined) return;
  const count = Number.isFinite(pods.replicas)
    ? pods.replicas
    : nodesFor(blueprint, pods.spec).length;
  if (kind === "apps/StatefulSet") {
    for (const [at, template] of items(spec.volumeClaimTemplates).entries()) {
      const path = `spec.volumeClaimTemplates[${at}].spec`;
      yield { path, spec: fields(fields(template).spec), count };
    }
  }
  const template = podTemplate(object);
  if (template !== undefined) {
    const start = template.path === "" ? "spec" : `${template.path}.spec`;
    for (const [at, volume] of items(template.spec.volumes).entries()) {
      const own = fields(fields(volume).ephemeral).volumeClaimTemplate;
      if (own === undefined) continue;
      const path = `${start}.volumes[${at}].ephemeral.volumeClaimTemplate.spec`;
      yield { path, spec: fields(fields(own).spec), count };
    }
  }
  if (kind.startsWith("monitoring.coreos.com/")) {
    const { volumeClaimTemplate: lasting, ephemeral } = fields(spec.storage);
    const passing = fields(ephemeral).volumeClaimTemplate;
    for (const [at, own] of [
      ["", lasting],
      ["ephemeral.", passing],
    ] as const) {
      if (own === undefined) continue;
      const path = `spec.storage.${at}volumeClaimTemplate.spec`;
      yield { path, spec: fields(fields(own).spec), count };
    }
  }
}
