import { setTimeout as sleep } from "node:timers/promises";
import { ProviderFailure } from "../../protocol/failure";
import type { CreateRequest, CreateResult } from "../../protocol/provider";
import { NotReady, waitUntilReady } from "../awaiters/wait";
import {
  ApiError,
  isAlreadyExists,
  isForbidden,
  isImmutableField,
  isNamespaceMissing,
  isNotFound,
  NoSuchKind,
} from "../client/api-error";
import type { Cluster } from "../client/cluster";
import { timeoutSecondsOf } from "../objects/annotations";
import { checkpoint } from "../objects/checkpoint";
import { deprecationOf } from "../objects/deprecations";
import { gvkOf, isCrd, isPatch } from "../objects/kinds";
import {
  apiVersionOf,
  copyOf,
  hasUnknown,
  idOf,
  type KubeObject,
  kindOf,
  nameOf,
  setAt,
} from "../objects/kube-object";
import { hexSuffix } from "../objects/naming";
import { objectOf } from "../objects/properties";
import type { Session } from "../session";
import { explained, mustForce, withoutStatus } from "./apply";
import { partial, prefixed } from "./failures";
import { fieldManagerFor } from "./provenance";

/** The manager that plain creation leaves; the first change hands its fields over. */
const CREATING_MANAGER = "pulumi-kubernetes";
/** Pauses between tries while a namespace or CRD made elsewhere in the program is on its way. */
const PAUSES_SECONDS = [0.25, 0.5, 1, 2, 4, 8, 16];

const ALREADY_THERE = [
  "The resource already exists in the cluster. This can happen when:",
  "  - Renaming a Pulumi resource: use an alias to preserve the identity,",
  "    or use deleteBeforeReplace if the resource needs replacement.",
  "  - Managing an existing resource: use a Patch resource (e.g. NamespacePatch)",
  "    to manage specific fields without owning the resource lifecycle.",
  "  - Adopting a resource into Pulumi: use `pulumi import`.",
  "  - Intentional upsert, or a run that was killed: set upsertExistingObjects on the provider to allow",
  "    server-side apply to update existing objects on create.",
].join("\n");

/** Makes an object and waits until it is ready; in a preview asks the server what it would be. */
export async function create(session: Session, request: CreateRequest): Promise<CreateResult> {
  const { urn, preview, signal, log } = request;
  if (!preview) session.need();
  const inputs = objectOf(request.properties);
  if (preview && !(await canPreview(session, request, inputs))) {
    return { id: "", properties: request.properties };
  }
  const cluster = session.need();
  const fieldManager = fieldManagerFor(inputs, {});
  const provenance = { initialApiVersion: apiVersionOf(inputs), fieldManager };
  const stateOf = (live: KubeObject) => checkpoint(inputs, live, request.properties, provenance);

  let made: KubeObject;
  try {
    made = await makeObject(session, request, inputs, fieldManager);
  } catch (error) {
    if (preview && isUnpreviewable(error)) return { id: "", properties: request.properties };
    throw refusal(urn, inputs, error);
  }
  log.status("");
  if (preview) return { id: "", properties: stateOf(withoutStatus(made)) };

  if (isCrd(inputs)) cluster.discovery.forget();
  try {
    const live = await waitUntilReady({
      cluster,
      object: made,
      before: undefined,
      inputs,
      initialApiVersion: provenance.initialApiVersion,
      timeoutSeconds: timeoutSecondsOf(inputs, request.timeoutSeconds),
      log,
      signal,
    });
    if (isCrd(inputs)) cluster.discovery.forget();
    log.status("");
    return { id: idOf(live), properties: stateOf(live) };
  } catch (error) {
    const live = error instanceof NotReady ? error.object : made;
    const message = `resource "${urn}" was successfully created, but the Kubernetes API server reported that it failed to fully initialize or become live`;
    throw partial(message, error, { id: idOf(live), properties: stateOf(live) });
  }
}

/** A preview asks the server only when everything is known and the server knows the kind. */
async function canPreview(
  session: Session,
  { urn, signal }: CreateRequest,
  inputs: KubeObject,
): Promise<boolean> {
  if (hasUnknown(inputs) || isPatch(urn, kindOf(inputs))) return false;
  return await session.serves(gvkOf(inputs), signal);
}

/** What a preview cannot try: objects whose namespace is still to come, and what is not allowed. */
function isUnpreviewable(error: unknown): boolean {
  if (isForbidden(error) || isNamespaceMissing(error) || isAlreadyExists(error)) return true;
  return (
    error instanceof ApiError &&
    error.httpStatus === 400 &&
    error.message.includes("does not support dry run")
  );
}

async function makeObject(
  session: Session,
  request: CreateRequest,
  inputs: KubeObject,
  fieldManager: string,
): Promise<KubeObject> {
  const { signal, log, preview } = request;
  for (const [attempt, pause] of [...PAUSES_SECONDS, undefined].entries()) {
    try {
      return await makeOnce(session, request, inputs, fieldManager);
    } catch (error) {
      const mayCome =
        isNotFound(error) || (error instanceof NoSuchKind && !isRemoved(session, inputs));
      if (!mayCome || pause === undefined || preview) throw error;
      log.status(`Retry #${attempt}; creation failed: ${(error as Error).message}`);
      await sleep(pause * 1000, undefined, { signal });
    }
  }
  throw new Error("unreachable: the last attempt returns or throws");
}

function isRemoved(session: Session, inputs: KubeObject): boolean {
  return deprecationOf(gvkOf(inputs), session.version)?.removed === true;
}

async function makeOnce(
  session: Session,
  { urn, preview, signal, log }: CreateRequest,
  inputs: KubeObject,
  fieldManager: string,
): Promise<KubeObject> {
  const cluster = session.need();
  if (!session.settings.upsertExistingObjects && !isPatch(urn, kindOf(inputs))) {
    return await cluster.create(inputs, CREATING_MANAGER, preview, signal);
  }
  try {
    return await upsert(cluster, session, inputs, fieldManager, preview, signal);
  } catch (error) {
    if (!preview || !isImmutableField(error)) throw error;
    // The object is there and will be replaced; under another name the server can say what comes.
    const renamed = copyOf(inputs);
    const name = `${nameOf(inputs)}${hexSuffix(new Uint8Array()).slice(0, 5)}`;
    setAt(renamed, ["metadata", "name"], name);
    log.info(`Preview creation failed due to immutable fields; retrying with name "${name}"`);
    return await upsert(cluster, session, renamed, fieldManager, preview, signal);
  }
}

async function upsert(
  cluster: Cluster,
  session: Session,
  inputs: KubeObject,
  fieldManager: string,
  preview: boolean,
  signal: AbortSignal,
): Promise<KubeObject> {
  const force = mustForce(inputs, undefined, session.settings.patchForce, preview);
  return await explained(
    fieldManager,
    cluster.apply(inputs, { fieldManager, force, dryRun: preview }, signal),
  );
}

function refusal(urn: string, inputs: KubeObject, error: unknown): Error {
  if (error instanceof NoSuchKind) {
    return new ProviderFailure(
      `creation of resource "${urn}" with kind ${apiVersionOf(inputs)}/${kindOf(inputs)} failed because the Kubernetes API server ` +
        "reported that the apiVersion for this resource does not exist. " +
        `Verify that any required CRDs have been created: ${error.message}`,
    );
  }
  const message = `resource "${urn}" was not successfully created by the Kubernetes API server`;
  if (isAlreadyExists(error)) {
    return new ProviderFailure(`${message}: ${(error as Error).message}\n\n${ALREADY_THERE}`);
  }
  return prefixed(message, error);
}
