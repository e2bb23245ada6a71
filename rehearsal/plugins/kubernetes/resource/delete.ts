import type { EngineLog } from "../../protocol/engine-log";
import { ProviderFailure } from "../../protocol/failure";
import type { DeleteRequest } from "../../protocol/provider";
import { NotReady } from "../awaiters/wait";
import { ApiError, causesOf, isInvalid, isNotFound, NoSuchKind } from "../client/api-error";
import type { Cluster } from "../client/cluster";
import { ANNOTATION, isAnnotated, propagationOf, timeoutSecondsOf } from "../objects/annotations";
import { checkpoint, initialApiVersionIn, parseCheckpoint } from "../objects/checkpoint";
import { gvkOf, isPatch } from "../objects/kinds";
import {
  copyOf,
  idOf,
  type KubeObject,
  kindOf,
  nameOf,
  namespaceOf,
  parseId,
  pluck,
  pluckString,
  setAt,
  typeOf,
  uidOf,
} from "../objects/kube-object";
import type { Session } from "../session";
import { relinquish } from "./apply";
import { partial } from "./failures";
import { fieldManagerFor } from "./provenance";

/** Kinds whose deletion is not waited for when they are annotated with skipAwait. */
const MAY_SKIP =
  /^(v1\/(Namespace|Pod|ReplicationController)|apps\/v1(beta[12])?\/(DaemonSet|Deployment|StatefulSet)|batch\/v1\/Job)$/;

/** Deletes an object and waits until it is gone; a patch only gives its fields up. */
export async function remove(session: Session, request: DeleteRequest): Promise<void> {
  const { inputs, live } = parseCheckpoint(request.properties);
  if (isLeftBehind(session, request.log)) return;
  const cluster = session.need();
  const fieldManager = fieldManagerFor(inputs, request.properties);
  try {
    if (isPatch(request.urn, kindOf(inputs))) {
      await giveUp(cluster, live, fieldManager, request.signal);
      return;
    }
    const doomed = copyOf(live);
    setAt(doomed, ["metadata", "name"], parseId(request.id).name);
    await cluster.delete(doomed, propagationOf(inputs), request.signal);
    if (isAnnotated(inputs, ANNOTATION.skipAwait) && MAY_SKIP.test(typeOf(inputs))) return;
    await untilGone(cluster, doomed, timeoutSecondsOf(inputs, request.timeoutSeconds), request);
    request.log.status("");
  } catch (error) {
    // Gone already, or its whole kind is.
    if (isNotFound(error) || error instanceof NoSuchKind) return;
    if (!(error instanceof NotReady)) throw error;
    const initialApiVersion = initialApiVersionIn(request.properties, inputs);
    const properties = checkpoint(inputs, error.object, request.properties, {
      initialApiVersion,
      fieldManager,
    });
    throw partial(`"${idOf(error.object)}" was not deleted`, error, {
      id: idOf(error.object),
      properties,
    });
  }
}

function isLeftBehind(session: Session, log: EngineLog): boolean {
  const reason = session.unreachableReason;
  if (reason === "") return false;
  log.warning(`configured Kubernetes cluster is unreachable: ${reason}`);
  if (!session.settings.deleteUnreachable) {
    throw new ProviderFailure(
      'configured Kubernetes cluster is unreachable. If the cluster was deleted, you can remove this resource from Pulumi state by rerunning the operation with the PULUMI_K8S_DELETE_UNREACHABLE environment variable set to "true"',
    );
  }
  log.info(
    "configured Kubernetes cluster is unreachable and the `deleteUnreachable` option is enabled. Deleting the unreachable resource from Pulumi state",
  );
  return true;
}

async function giveUp(
  cluster: Cluster,
  live: KubeObject,
  manager: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    await relinquish(cluster, live, manager, signal);
  } catch (error) {
    if (!(error instanceof ApiError) || !isInvalid(error)) throw error;
    const needed = causesOf(error).find((cause) => cause.reason === "FieldValueRequired");
    if (needed === undefined) throw error;
    throw new ProviderFailure(
      "this Patch resource is currently managing a required field, so it can't be deleted directly. Either set the " +
        `\`retainOnDelete\` resource option, or transfer ownership of the field before deleting: ${needed.field}`,
    );
  }
}

/** Waits until the object, or at least this one of its name, is gone. */
async function untilGone(
  cluster: Cluster,
  object: KubeObject,
  timeoutSeconds: number,
  { log, signal }: DeleteRequest,
): Promise<void> {
  const uid = uidOf(object);
  let last = await stillThere(cluster, object, signal);
  if (last === undefined) return;
  let wake = () => {};
  const listener = () => wake();
  const path = await cluster.collectionPath(gvkOf(object), namespaceOf(object), signal);
  const informer = cluster.informers.join(path, listener);
  signal.addEventListener("abort", listener);
  const endsAt = performance.now() + timeoutSeconds * 1000;
  let told = "";
  try {
    for (;;) {
      const seen = informer.objects().find((item) => uidOf(item) === uid);
      if (seen !== undefined) last = seen;
      else if (informer.synced && (await stillThere(cluster, object, signal)) === undefined) return;
      if (signal.aborted)
        throw new NotReady(`deletion of "${nameOf(last)}" was cancelled`, last, []);
      if (performance.now() > endsAt) throw stuck(last, timeoutSeconds);
      const message = "Resource scheduled for deletion";
      if (told !== message) log.status(message);
      told = message;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 1000);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  } finally {
    signal.removeEventListener("abort", listener);
    cluster.informers.leave(path, listener);
  }
}

async function stillThere(
  cluster: Cluster,
  object: KubeObject,
  signal: AbortSignal,
): Promise<KubeObject | undefined> {
  try {
    const found = await cluster.get(object, signal);
    return uidOf(found) === uidOf(object) ? found : undefined;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    if (signal.aborted)
      throw new NotReady(`deletion of "${nameOf(object)}" was cancelled`, object, []);
    throw error;
  }
}

function stuck(object: KubeObject, seconds: number): NotReady {
  const finalizers = pluck(object, "metadata", "finalizers");
  const names = Array.isArray(finalizers) ? finalizers.map(String) : [];
  const reasons =
    names.length === 0 ? [] : [`finalizers might be preventing deletion (${names.join(", ")})`];
  const since = pluckString(object, "metadata", "deletionTimestamp");
  return new NotReady(
    `'${nameOf(object)}' is still there ${seconds} s after its deletion${since === "" ? "" : ` at ${since}`}`,
    object,
    reasons,
  );
}
