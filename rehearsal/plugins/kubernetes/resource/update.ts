import { ProviderFailure } from "../../protocol/failure";
import type { UpdateRequest, UpdateResult } from "../../protocol/provider";
import { NotReady, waitUntilReady } from "../awaiters/wait";
import { isForbidden, NoSuchKind } from "../client/api-error";
import type { Cluster } from "../client/cluster";
import { timeoutSecondsOf } from "../objects/annotations";
import { checkpoint, initialApiVersionIn, parseCheckpoint } from "../objects/checkpoint";
import { gvkOf, isCrd, isPatch } from "../objects/kinds";
import { hasUnknown, idOf, type KubeObject, kindOf } from "../objects/kube-object";
import type { Session } from "../session";
import { applyChange, relinquish } from "./apply";
import { partial, prefixed } from "./failures";
import { normalised, normalisedInputs } from "./inputs";
import { fieldManagerFor } from "./provenance";

/** Changes an object and waits until it is ready; in a preview asks the server what it would be. */
export async function update(session: Session, request: UpdateRequest): Promise<UpdateResult> {
  const { urn, preview, signal, log } = request;
  if (!preview) session.need();
  const inputs = await normalisedInputs(request.news, session, signal);
  if (preview && (hasUnknown(inputs) || !(await session.serves(gvkOf(inputs), signal)))) {
    return { properties: request.news };
  }
  const cluster = session.need();
  const old = parseCheckpoint(request.olds);
  const oldInputs = await normalised(old.inputs, session, signal);
  const oldManager = fieldManagerFor(oldInputs, request.olds);
  const fieldManager = fieldManagerFor(inputs, request.olds);
  const provenance = {
    initialApiVersion: initialApiVersionIn(request.olds, oldInputs),
    fieldManager,
  };

  let changed: KubeObject;
  try {
    changed = await changeObject(cluster, old.live, inputs, fieldManager, session, request);
  } catch (error) {
    if (preview && isForbidden(error)) return { properties: request.news };
    if (error instanceof NoSuchKind) {
      throw new ProviderFailure(
        `update of resource "${urn}" failed because the Kubernetes API server reported that the apiVersion for this resource does not exist. ` +
          `Verify that any required CRDs have been created: ${error.message}`,
      );
    }
    const live = await liveAfter(cluster, old.live, urn, error, signal);
    const properties = checkpoint(inputs, live, request.news, provenance);
    const message = `the Kubernetes API server reported that "${idOf(live)}" failed to fully initialize or become live`;
    throw partial(message, error, { id: idOf(live), properties });
  }
  if (isCrd(inputs) && !preview) cluster.discovery.forget();
  if (!preview && oldManager !== fieldManager)
    await relinquish(cluster, changed, oldManager, signal);
  log.status("");
  return { properties: checkpoint(inputs, changed, request.news, provenance) };
}

async function changeObject(
  cluster: Cluster,
  oldLive: KubeObject,
  inputs: KubeObject,
  fieldManager: string,
  session: Session,
  request: UpdateRequest,
): Promise<KubeObject> {
  const { urn, preview, signal, log, ignoreChanges } = request;
  const before = await cluster.get(oldLive, signal);
  const changed = await applyChange({
    cluster,
    inputs,
    live: before,
    fieldManager,
    isPatch: isPatch(urn, kindOf(inputs)),
    patchForce: session.settings.patchForce,
    ignoreChanges,
    preview,
    signal,
  });
  if (preview) return changed;
  return await waitUntilReady({
    cluster,
    object: changed,
    before,
    inputs,
    initialApiVersion: initialApiVersionIn(request.olds, inputs),
    timeoutSeconds: timeoutSecondsOf(inputs, request.timeoutSeconds),
    log,
    signal,
  });
}

/** The object after a change that failed, whether it took effect or not. */
async function liveAfter(
  cluster: Cluster,
  oldLive: KubeObject,
  urn: string,
  error: unknown,
  signal: AbortSignal,
): Promise<KubeObject> {
  if (error instanceof NotReady) return error.object;
  try {
    return await cluster.get(oldLive, signal);
  } catch {
    throw prefixed(`update of resource "${urn}" failed`, error);
  }
}
