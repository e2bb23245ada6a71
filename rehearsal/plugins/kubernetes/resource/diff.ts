import type { DiffKind, PropertyDiff } from "../../protocol/property-diff";
import type { DiffRequest, DiffResult } from "../../protocol/provider";
import { jobAwaiter } from "../awaiters/job";
import {
  type DetailedDiff,
  detailedDiff,
  replacingPaths,
  withoutIgnored,
} from "../diff/detailed-diff";
import { mergePatch, withPlaceholders } from "../diff/merge-patch";
import { prune } from "../diff/prune";
import { identityPaths, replacePathsOf, replacesUnready } from "../diff/replace-rules";
import { parseCheckpoint } from "../objects/checkpoint";
import { gvkOf, isPatch } from "../objects/kinds";
import {
  isMap,
  type KubeObject,
  kindOf,
  nameOf,
  namespaceOf,
  pluck,
  removeAt,
  setAt,
  UNKNOWN,
} from "../objects/kube-object";
import { isAutonamed, isNamed } from "../objects/naming";
import type { Session } from "../session";
import { normalised, normalisedInputs, setNamespace } from "./inputs";

/**
 * Compares the new inputs with the live object, cut to what the old inputs named: so a change made
 * by hand shows after a refresh, and what the cluster filled in by itself does not.
 */
export async function diff(session: Session, request: DiffRequest): Promise<DiffResult> {
  const { urn, signal } = request;
  const old = parseCheckpoint(request.olds);
  const oldInputs = await normalised(old.inputs, session, signal);
  const newInputs = await normalisedInputs(request.news, session, signal);
  const pruned = prune(old.live, oldInputs);
  await alignIdentity(session, pruned, old.live, newInputs, signal);

  const patch = mergePatch(withMap(pruned), withMap(newInputs));
  const replacePaths = isPatch(urn, kindOf(newInputs))
    ? identityPaths
    : replacePathsOf(newInputs, session.settings.mutable);
  const changes = withoutIgnored(
    detailedDiff({ patch, old: pruned, newInputs, oldInputs: pruned, replacePaths }),
    request.ignoreChanges,
  );
  const replaces = replacingPaths(changes);
  const result = toResult(changes, replaces);
  if (await isUnreadyJob(session, request, newInputs, old.live)) {
    replaces.push("pulumi.com/replaceUnready");
    result['metadata.annotations["pulumi.com/replaceUnready"]'] = { kind: "update-replace" };
  }
  return {
    detailedDiff: result,
    deleteBeforeReplace: replaces.length > 0 && mustDeleteFirst(newInputs, old.live),
  };
}

const withMap = (object: KubeObject): KubeObject => {
  const placed = withPlaceholders(object);
  return isMap(placed) ? placed : {};
};

/** Makes name, namespace and kind of both sides comparable. */
async function alignIdentity(
  session: Session,
  pruned: KubeObject,
  live: KubeObject,
  newInputs: KubeObject,
  signal: AbortSignal,
): Promise<void> {
  const gvk = gvkOf(newInputs);
  const namespaced = (await session.isNamespaced(gvk, signal)) ?? true;
  for (const object of [pruned, newInputs]) {
    if (pluck(object, "metadata", "namespace") === UNKNOWN && namespaced) continue;
    setNamespace(object, namespaced ? namespaceOf(object) || "default" : "");
  }
  if (pruned.apiVersion === undefined && pruned.kind === undefined) {
    pruned.apiVersion = newInputs.apiVersion ?? "";
    pruned.kind = newInputs.kind ?? "";
  }
  removeAt(pruned, ["metadata", "resourceVersion"]);
  if (nameOf(newInputs) !== "") setAt(pruned, ["metadata", "name"], nameOf(live));
}

/** True when a new object must have the old one's name, so the old one has to go first. */
function mustDeleteFirst(newInputs: KubeObject, live: KubeObject): boolean {
  return (
    isNamed(newInputs) &&
    !isAutonamed(newInputs) &&
    nameOf(newInputs) === nameOf(live) &&
    namespaceOf(newInputs) === namespaceOf(live)
  );
}

async function isUnreadyJob(
  session: Session,
  request: DiffRequest,
  newInputs: KubeObject,
  live: KubeObject,
): Promise<boolean> {
  if (!replacesUnready(newInputs)) return false;
  if (session.cluster === undefined) {
    request.log.warning("Cluster is unreachable, skipping replaceUnready check");
    return false;
  }
  if (kindOf(newInputs) !== "Job") {
    request.log.warning("replaceUnready annotation is not supported for this resource");
    return false;
  }
  try {
    const object = await session.cluster.get(live, request.signal);
    const scene = {
      object,
      before: undefined,
      initialApiVersion: "",
      elapsedSeconds: Number.POSITIVE_INFINITY,
    };
    return !jobAwaiter.judge({ ...scene, related: () => [], quietSeconds: () => 0 }).ready;
  } catch {
    return false;
  }
}

function toResult(changes: DetailedDiff, replaces: string[]): Record<string, PropertyDiff> {
  const result: Record<string, PropertyDiff> = {};
  for (const [path, { kind, replaces: forced, inputDiff }] of changes) {
    const replacing = forced || replaces.includes(path);
    const full: DiffKind = replacing ? `${kind}-replace` : kind;
    result[path] = { kind: full, inputDiff };
  }
  return result;
}
