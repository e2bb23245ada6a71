import { ProviderFailure } from "../../protocol/failure";
import { type ApiError, causesOf, isConflict } from "../client/api-error";
import type { Cluster } from "../client/cluster";
import { parsePath } from "../diff/property-path";
import { ANNOTATION, isAnnotated } from "../objects/annotations";
import { isCrd } from "../objects/kinds";
import {
  apiVersionOf,
  copyOf,
  type KubeObject,
  kindOf,
  nameOf,
  namespaceOf,
  pluck,
  pluckString,
  removeAt,
  setAt,
} from "../objects/kube-object";
import { managedFields, manages, takeOver } from "./field-managers";

/** One change of a live object. */
export interface Change {
  cluster: Cluster;
  inputs: KubeObject;
  live: KubeObject;
  fieldManager: string;
  /** True for DeploymentPatch and the like, which manage only some fields of another's object. */
  isPatch: boolean;
  /** The Provider's enablePatchForce. */
  patchForce: boolean;
  ignoreChanges: readonly string[];
  preview: boolean;
  signal: AbortSignal;
}

/** Makes the live object as the inputs say, by server-side apply, and gives the outcome. */
export async function applyChange(change: Change): Promise<KubeObject> {
  const { cluster, fieldManager, preview, signal } = change;
  if (isCrd(change.inputs)) {
    // A CRD is put whole in the old one's place; its objects live on.
    const whole = copyOf(change.inputs);
    setAt(
      whole,
      ["metadata", "resourceVersion"],
      pluckString(change.live, "metadata", "resourceVersion"),
    );
    return await cluster.replace(whole, fieldManager, preview, signal);
  }
  const live = await ownFields(change);
  const inputs = withIgnored(change, live);
  const force = mustForce(inputs, live, change.patchForce, preview);
  return await explained(
    fieldManager,
    cluster.apply(inputs, { fieldManager, force, dryRun: preview }, signal),
  );
}

/** Adds to a refusal because of others' fields what can be done about it. */
export async function explained(
  manager: string,
  applied: Promise<KubeObject>,
): Promise<KubeObject> {
  try {
    return await applied;
  } catch (error) {
    if (!isConflict(error)) throw error;
    const fields = causesOf(error as ApiError).map(
      ({ field, message }) => `  ${field}: ${message}`,
    );
    throw new ProviderFailure(
      [
        "server-side apply field conflict detected",
        `The resource managed by field manager "${manager}" had an apply conflict: ${(error as ApiError).message}`,
        ...fields,
        "Somebody else manages these fields. Either leave them out of the program (or name them in the resource option ignoreChanges), " +
          `or take them over with the annotation ${ANNOTATION.patchForce}: "true", then run again.`,
      ].join("\n"),
    );
  }
}

/** Before its first change, a created object's fields go over to the manager that applies. */
async function ownFields(change: Change): Promise<KubeObject> {
  const { live, fieldManager, preview, isPatch } = change;
  if (isPatch || preview) return live;
  const entries = takeOver(live, fieldManager);
  if (entries === undefined) return live;
  const operations = [
    { op: "replace", path: "/metadata/managedFields", value: entries },
    {
      op: "replace",
      path: "/metadata/resourceVersion",
      value: pluckString(live, "metadata", "resourceVersion"),
    },
  ];
  return await change.cluster.patch(
    live,
    operations,
    "application/json-patch+json",
    {},
    change.signal,
  );
}

/**
 * The inputs with ignoreChanges honoured: a field that only others manage is left out, any other
 * keeps its live value, since leaving it out would take it away.
 */
function withIgnored(change: Change, live: KubeObject): KubeObject {
  const inputs = copyOf(change.inputs);
  const entries = managedFields(live);
  for (const ignored of change.ignoreChanges) {
    const path = parsePath(ignored).map(String);
    const managers = entries.filter((entry) => manages(entry, path)).map((entry) => entry.manager);
    if (managers.length > 0 && !managers.includes(change.fieldManager)) {
      removeAt(inputs, path);
      continue;
    }
    const value = pluck(live, ...path);
    if (value !== undefined) setAt(inputs, path, copyOf(value));
  }
  return inputs;
}

/** Whether to take over fields that others manage. */
export function mustForce(
  inputs: KubeObject,
  live: KubeObject | undefined,
  patchForce: boolean,
  preview: boolean,
): boolean {
  if (isAnnotated(inputs, ANNOTATION.patchForce) || patchForce) return true;
  if (live === undefined) return preview;
  const entries = managedFields(live);
  // Objects from before server-side apply have no managers.
  if (entries.length === 0) return true;
  // A preview cannot hand fields over first, as the real change does.
  const created = /^(pulumi-kubernetes(\.exe)?|pulumi-resource-kubernetes)$/;
  return (
    preview &&
    entries.some((e) => e.operation === "Update" && created.test(pluckString(e, "manager")))
  );
}

/** Gives up every field that the manager holds; fields nobody else holds go back to defaults. */
export async function relinquish(
  cluster: Cluster,
  object: KubeObject,
  fieldManager: string,
  signal: AbortSignal,
): Promise<void> {
  const metadata: KubeObject = { name: nameOf(object) };
  if (namespaceOf(object) !== "") metadata.namespace = namespaceOf(object);
  const bare = { apiVersion: apiVersionOf(object), kind: kindOf(object), metadata };
  await cluster.apply(bare, { fieldManager, force: false, dryRun: false }, signal);
}

/** Takes status away, which a preview must not promise. */
export function withoutStatus(object: KubeObject): KubeObject {
  const rest = { ...object };
  delete rest.status;
  return rest;
}
