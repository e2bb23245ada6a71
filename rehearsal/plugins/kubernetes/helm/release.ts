import { InitFailure, ProviderFailure } from "../../protocol/failure";
import type { PropertyDiff } from "../../protocol/property-diff";
import type {
  CheckRequest,
  CheckResult,
  CreateRequest,
  CreateResult,
  DeleteRequest,
  DiffRequest,
  DiffResult,
  ReadRequest,
  ReadResult,
  UpdateRequest,
  UpdateResult,
} from "../../protocol/provider";
import { isMap, type PropertyMap, Secret, Unknown } from "../../protocol/values";
import { detailedDiff } from "../diff/detailed-diff";
import { hasUnknown, type KubeObject, parseId, pluck } from "../objects/kube-object";
import { hexSuffix } from "../objects/naming";
import { objectOf, propertiesOf, withSecrets } from "../objects/properties";
import type { Session } from "../session";
import { releaseArgs, usableArgs } from "./release-args";
import { type LiveRelease, Releases } from "./release-helm";
import { threeWayPatch } from "./three-way-patch";
import { mergeValues } from "./values";

/** The type of a helm release as one resource. */
export const RELEASE_TYPE = "kubernetes:helm.sh/v3:Release";
const DEFAULT_TIMEOUT_SECONDS = 300;

/** Completes a release's inputs: name, namespace, timeout, the chart's exact version. */
export async function checkRelease(session: Session, request: CheckRequest): Promise<CheckResult> {
  const { log, signal } = request;
  const news: Record<string, PropertyMap[string]> = { ...request.news };
  if (news.name === undefined || news.name === "") {
    news.name = request.olds.name ?? `${request.name}-${hexSuffix(request.randomSeed)}`;
  }
  setDefaults(news, session);
  const args = await releaseArgs(news);
  if (args.allowNullValues === true) {
    log.warning(
      "`allowNullValues` is deprecated and has no effect; null values in Helm chart values are preserved by default.",
    );
  }
  const failures = [];
  if (!hasUnknown(args)) {
    try {
      const releases = new Releases(session);
      args.version = await releases.chartVersion(usableArgs(args), signal);
      for (const crd of await releases.chartCrds(usableArgs(args), signal)) session.expectKind(crd);
    } catch (error) {
      if (!(error instanceof ProviderFailure)) throw error;
      failures.push({
        property: "chart",
        reason: `${error.message}; check the chart name and repository configuration.`,
      });
    }
  }
  return { inputs: withSecrets(propertiesOf(args), request.news), failures };
}

function setDefaults(news: Record<string, PropertyMap[string]>, session: Session): void {
  if (news.namespace === undefined || news.namespace === "")
    news.namespace = session.defaultNamespace;
  const awaits = news.skipAwait === undefined || news.skipAwait === false;
  if (awaits && news.timeout === undefined) news.timeout = DEFAULT_TIMEOUT_SECONDS;
}

/** Compares the new inputs with the old ones and with what the release was last seen to be. */
export async function diffRelease(request: DiffRequest): Promise<DiffResult> {
  const oldInputs = objectOf(inputsIn(request.olds) ?? {});
  const newInputs = objectOf(request.news);
  if (request.ignoreChanges.includes("version")) {
    newInputs.version = pluck(objectOf(request.olds), "version") ?? "";
  }
  const state = objectOf(request.olds);
  delete state.__inputs;
  delete oldInputs.resourceNames;
  const patch = threeWayPatch(oldInputs, newInputs, state);
  const changes = detailedDiff({
    patch,
    old: state,
    newInputs,
    oldInputs,
    replacePaths: [["name"], ["namespace"]],
  });
  const result: Record<string, PropertyDiff> = {};
  for (const [path, { kind, replaces, inputDiff }] of changes) {
    result[path] = { kind: replaces ? `${kind}-replace` : kind, inputDiff };
  }
  return {
    detailedDiff: result,
    ...(Object.keys(patch).length > 0 ? { changes: "some" as const } : {}),
  };
}

/** Installs a release and waits for it. */
export async function createRelease(
  session: Session,
  request: CreateRequest,
): Promise<CreateResult> {
  const args = await releaseArgs(request.properties);
  if (request.preview) return { id: "", properties: previewState(args, request.properties) };
  session.need();
  const releases = new Releases(session);
  const wanted = usableArgs(args);
  const failure = await releases.install(wanted, request.signal);
  const live = await releases.find(wanted.namespace, wanted.name, request.signal);
  const id = `${wanted.namespace}/${wanted.name}`;
  if (live === undefined)
    throw new ProviderFailure(failure ?? `helm installed release "${id}", and now it is not there`);
  const properties = stateOf(args, live, request.properties);
  if (failure === undefined) return { id, properties };
  request.log.warning(
    `Helm release "${wanted.name}" was created but has a failed status. Use the \`helm\` command to investigate the error, correct it, then retry. Reason: ${failure}`,
  );
  throw unready(
    `Helm release "${id}" was created, but failed to initialize completely. Use Helm CLI to investigate`,
    id,
    failure,
    properties,
  );
}

/** Upgrades a release and waits for it. */
export async function updateRelease(
  session: Session,
  request: UpdateRequest,
): Promise<UpdateResult> {
  const args = await releaseArgs(request.news);
  if (request.preview) return { properties: previewState(args, request.news) };
  session.need();
  const releases = new Releases(session);
  const wanted = usableArgs(args);
  const failure = await releases.upgrade(wanted, request.signal);
  const live = await releases.find(wanted.namespace, wanted.name, request.signal);
  if (live === undefined)
    throw new ProviderFailure(failure ?? `release "${wanted.name}" is not there any more`);
  const properties = stateOf(args, live, request.news);
  if (failure === undefined) return { properties };
  const id = `${wanted.namespace}/${wanted.name}`;
  throw unready(
    `Helm release "${id}" failed to initialize completely. Use Helm CLI to investigate`,
    id,
    failure,
    properties,
  );
}

/** Reads a release: by its state, or for an import by its ID alone. */
export async function readRelease(session: Session, request: ReadRequest): Promise<ReadResult> {
  session.need();
  const { namespace, name } = parseId(request.id);
  const live = await new Releases(session).find(namespace, name, request.signal);
  if (live === undefined) return { id: "", inputs: {}, properties: {} };
  const known = inputsIn(request.properties);
  const inputs = known ?? (await importedInputs(session, live));
  const args = await releaseArgs(known === undefined ? inputs : request.properties);
  return { id: request.id, inputs, properties: stateOf(args, live, inputs) };
}

/** Uninstalls a release and waits until its objects are gone. */
export async function deleteRelease(session: Session, request: DeleteRequest): Promise<void> {
  session.need();
  const args = usableArgs(await releaseArgs(request.properties));
  const said = await new Releases(session).uninstall(args, request.signal);
  if (said !== "") request.log.warning(`Helm uninstall returned information: "${said}"`);
}

async function importedInputs(session: Session, live: LiveRelease): Promise<PropertyMap> {
  const { chart, name, namespace, values, version } = live;
  const given: Record<string, PropertyMap[string]> = {
    chart,
    name,
    namespace,
    version,
    values: propertiesOf(values),
  };
  setDefaults(given, session);
  return propertiesOf(await releaseArgs(given));
}

/** Inputs stand in the state as one secret, since values so often hold secrets. */
function inputsIn(state: PropertyMap): PropertyMap | undefined {
  const inputs = state.__inputs;
  const bare = inputs instanceof Secret ? inputs.value : inputs;
  return isMap(bare) ? bare : undefined;
}

function stateOf(args: KubeObject, live: LiveRelease, inputs: PropertyMap): PropertyMap {
  const { name, namespace, chart, revision, status, version, appVersion } = live;
  const values = args.values;
  const merged =
    typeof values === "object" && values !== null
      ? mergeValues(values as KubeObject, live.values)
      : live.values;
  const outputs = propertiesOf({
    ...args,
    values: merged,
    version,
    resourceNames: live.resourceNames,
  });
  return {
    ...withSecrets(outputs, inputs),
    status: { appVersion, chart, name, namespace, revision, status, version },
    __inputs: new Secret(inputs),
  };
}

function previewState(args: KubeObject, inputs: PropertyMap): PropertyMap {
  const outputs = withSecrets(propertiesOf(args), inputs);
  return {
    ...outputs,
    resourceNames: new Unknown(),
    status: new Unknown(),
    __inputs: new Secret(inputs),
  };
}

function unready(
  message: string,
  id: string,
  failure: string,
  properties: PropertyMap,
): InitFailure {
  const text = `${message}: failed to become available within allocated timeout. Error: Helm Release ${id}: ${failure}`;
  return new InitFailure(text, { id, properties, reasons: [text] });
}
