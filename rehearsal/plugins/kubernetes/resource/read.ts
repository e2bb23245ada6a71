import { ProviderFailure } from "../../protocol/failure";
import type { ReadRequest, ReadResult } from "../../protocol/provider";
import type { PropertyMap } from "../../protocol/values";
import { readinessOf } from "../awaiters/wait";
import { isNotFound, NoSuchKind } from "../client/api-error";
import { prune } from "../diff/prune";
import { checkpoint, initialApiVersionIn, parseCheckpoint } from "../objects/checkpoint";
import { apiVersionFor, gvkOfType, isKnownApiVersion } from "../objects/kinds";
import {
  apiVersionOf,
  copyOf,
  idOf,
  type KubeObject,
  kindOf,
  nameOf,
  namespaceOf,
  parseId,
  removeAt,
  setAt,
} from "../objects/kube-object";
import { objectOf, propertiesOf, withSecrets } from "../objects/properties";
import type { Session } from "../session";
import { partial } from "./failures";
import { normalised, setNamespace } from "./inputs";
import { fieldManagerFor } from "./provenance";

const GONE: ReadResult = { id: "", inputs: {}, properties: {} };

/** Fields that live objects have and nobody would put into a program. */
const NOT_INPUTS = [
  ["metadata", "creationTimestamp"],
  ["metadata", "generation"],
  ["metadata", "managedFields"],
  ["metadata", "resourceVersion"],
  ["metadata", "uid"],
  ["metadata", "annotations", "deployment.kubernetes.io/revision"],
  ["metadata", "annotations", "kubectl.kubernetes.io/last-applied-configuration"],
  ["status"],
];

/** Reads an object: for a refresh by its state, for an import or lookup by its ID alone. */
export async function read(session: Session, request: ReadRequest): Promise<ReadResult> {
  const { signal } = request;
  const unreachable = whenUnreachable(session, request);
  if (unreachable !== undefined) return unreachable;
  const cluster = session.need();
  const { inputs, isImport } = await identify(session, request);

  let live: KubeObject;
  try {
    live = await cluster.get(addressed(inputs, request.id), signal);
  } catch (error) {
    if (isNotFound(error) || error instanceof NoSuchKind) return GONE;
    throw error;
  }
  const initialApiVersion = initialApiVersionIn(request.properties, inputs);
  const notReady = isImport
    ? undefined
    : await readinessOf({
        cluster,
        object: live,
        before: undefined,
        inputs,
        initialApiVersion,
        timeoutSeconds: 0,
        log: request.log,
        signal,
      });
  const liveInputs = isImport ? importedInputs(live, inputs) : prune(live, inputs);
  const provenance = {
    initialApiVersion,
    fieldManager: fieldManagerFor(inputs, request.properties),
  };
  const result = {
    id: request.id || idOf(live),
    inputs: withSecrets(propertiesOf(liveInputs), request.inputs),
    properties: checkpoint(liveInputs, live, request.inputs, provenance),
  };
  if (notReady !== undefined) throw partial(`"${result.id}" is not ready`, notReady, result);
  return result;
}

function whenUnreachable(
  session: Session,
  { log, id, inputs, properties }: ReadRequest,
): ReadResult | undefined {
  const reason = session.unreachableReason;
  if (reason === "") return undefined;
  const { deleteUnreachable, skipUpdateUnreachable } = session.settings;
  log.warning(`configured Kubernetes cluster is unreachable: ${reason}`);
  if (deleteUnreachable) {
    log.info(
      "configured Kubernetes cluster is unreachable and the `deleteUnreachable` option is enabled. Deleting the unreachable resource from Pulumi state",
    );
    return GONE;
  }
  if (skipUpdateUnreachable) {
    log.info(
      "configured Kubernetes cluster is unreachable and the `skipUnreachable` option is enabled. Returned data could not reflect the actual cluster configuration.",
    );
    return { id, inputs, properties };
  }
  throw new ProviderFailure(
    'failed to read resource state due to unreachable cluster. If the cluster was deleted, you can remove this resource from Pulumi state by rerunning the operation with the PULUMI_K8S_DELETE_UNREACHABLE environment variable set to "true"',
  );
}

/** What is to be read: as the state says, or when that says nothing, as type and ID say. */
async function identify(
  session: Session,
  request: ReadRequest,
): Promise<{ inputs: KubeObject; isImport: boolean }> {
  const { namespace, name } = parseId(request.id);
  if (name === "") {
    throw new ProviderFailure(
      `"${request.id}" is not the ID of an object; write name or namespace/name`,
    );
  }
  const inputs = await normalised(objectOf(request.inputs as PropertyMap), session, request.signal);
  if (kindOf(inputs) !== "" && apiVersionOf(inputs) !== "") return { inputs, isImport: false };
  const { live } = parseCheckpoint(request.properties);
  const isImport = kindOf(live) === "" || apiVersionOf(live) === "";
  const gvk = gvkOfType(request.type);
  inputs.apiVersion = isImport ? apiVersionFor(gvk) : apiVersionOf(live);
  inputs.kind = isImport ? gvk.kind.replace(/Patch$/, "") : kindOf(live);
  if (nameOf(inputs) === "") setAt(inputs, ["metadata", "name"], name);
  if (namespaceOf(inputs) === "") setNamespace(inputs, namespace);
  return { inputs, isImport };
}

/** The object to ask for; the ID's name holds, whatever the inputs call it. */
function addressed(inputs: KubeObject, id: string): KubeObject {
  const object = copyOf(inputs);
  setAt(object, ["metadata", "name"], parseId(id).name);
  return object;
}

/** What a program would have to say to get the live object. */
function importedInputs(live: KubeObject, shape: KubeObject): KubeObject {
  if (!isKnownApiVersion(apiVersionOf(live))) return prune(live, shape);
  const inputs = copyOf(live);
  for (const path of NOT_INPUTS) removeAt(inputs, path);
  return inputs;
}
