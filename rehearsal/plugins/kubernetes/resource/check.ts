import { ProviderFailure } from "../../protocol/failure";
import type { CheckRequest, CheckResult } from "../../protocol/provider";
import { ANNOTATION } from "../objects/annotations";
import { deprecationOf } from "../objects/deprecations";
import { gvkOfType, isCrd, isListType, isPatch } from "../objects/kinds";
import {
  isMap,
  type KubeObject,
  kindOf,
  nameOf,
  namespaceOf,
  pluck,
  setAt,
  UNKNOWN,
} from "../objects/kube-object";
import { adoptName, assignName, isGeneratedName } from "../objects/naming";
import { objectOf, propertiesOf, withSecrets } from "../objects/properties";
import type { Session } from "../session";
import { normalisedInputs, setNamespace } from "./inputs";

const MANAGED_BY = "app.kubernetes.io/managed-by";

/** Completes the inputs: a name, the default namespace, the canonical spelling. */
export async function check(session: Session, request: CheckRequest): Promise<CheckResult> {
  const { urn, type, log, signal } = request;
  if (session.unreachableReason !== "" && session.settings.skipUpdateUnreachable) {
    log.warning(
      "Cluster is unreachable but skipUpdateUnreachable flag is set to true, skipping...",
    );
    return { inputs: request.olds };
  }
  if (isListType(type)) {
    throw new ProviderFailure(
      "list resources exist for compatibility with YAML manifests and Helm charts, and cannot be created directly. Use the underlying resource type instead",
    );
  }
  const inputs = await normalisedInputs(request.news, session, signal);
  inputs.metadata ??= {};
  if (
    isPatch(urn, kindOf(inputs)) &&
    nameOf(inputs) === "" &&
    pluck(inputs, "metadata", "name") !== UNKNOWN
  ) {
    throw new ProviderFailure("patch resources require the `.metadata.name` field to be set");
  }
  warnAboutAnnotations(session, request, inputs);
  nameObject(request, inputs);
  if (isGeneratedName(inputs)) {
    throw new ProviderFailure(
      "the `.metadata.generateName` field is not supported in Server-Side Apply mode",
    );
  }
  await placeObject(session, request, inputs);

  const gvk = gvkOfType(type);
  const warning = session.version === "" ? undefined : deprecationOf(gvk, session.version);
  if (warning !== undefined && (warning.removed || !session.settings.suppressDeprecationWarnings)) {
    log.warning(warning.message);
  }
  if (isCrd(inputs)) session.expectKind(inputs);
  return { inputs: withSecrets(propertiesOf(inputs), request.news) };
}

function nameObject(request: CheckRequest, inputs: KubeObject): void {
  const olds = objectOf(request.olds);
  if (Object.keys(olds).length === 0) {
    assignName(inputs, request.urn, request.randomSeed, { mode: "default" });
    return;
  }
  adoptName(inputs, olds);
  // Objects that older ways of applying have labelled keep their label.
  if (pluck(olds, "metadata", "labels", MANAGED_BY) === "pulumi" && isMap(inputs.metadata)) {
    if (inputs.metadata.labels !== UNKNOWN)
      setAt(inputs, ["metadata", "labels", MANAGED_BY], "pulumi");
  }
}

/** A kind that nobody knows yet is taken as namespaced; making the object will tell. */
async function placeObject(
  session: Session,
  request: CheckRequest,
  inputs: KubeObject,
): Promise<void> {
  if (session.defaultNamespace === "" || namespaceOf(inputs) !== "") return;
  if (pluck(inputs, "metadata", "namespace") === UNKNOWN) return;
  const namespaced = await session.isNamespaced(gvkOfType(request.type), request.signal);
  if (namespaced !== false) setNamespace(inputs, session.defaultNamespace);
}

function warnAboutAnnotations(session: Session, { log }: CheckRequest, inputs: KubeObject): void {
  const annotations = pluck(inputs, "metadata", "annotations");
  if (!isMap(annotations)) return;
  for (const key of Object.keys(annotations)) {
    if (key.startsWith(ANNOTATION.autonamed)) {
      log.warning(`ignoring user-specified value for internal annotation "${key}"`);
    }
  }
  const isTestHook = Object.entries(annotations).some(
    ([key, value]) => key.startsWith(ANNOTATION.helmHook) && String(value).includes("test"),
  );
  if (isTestHook && !session.settings.suppressHelmHookWarnings) {
    log.warning(
      "This resource contains Helm hooks that are not currently supported by Pulumi. The resource will " +
        "be created, but any hooks will not be executed. This warning can be disabled by setting " +
        "the PULUMI_K8S_SUPPRESS_HELM_HOOK_WARNINGS environment variable",
    );
  }
}
