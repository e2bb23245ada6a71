import { CommandProvider } from "../../../rehearsal/plugins/command/provider";
import type { EngineLog } from "../../../rehearsal/plugins/protocol/engine-log";
import type { CheckResult, CreateResult } from "../../../rehearsal/plugins/protocol/provider";
import type { PropertyMap } from "../../../rehearsal/plugins/protocol/values";

/** The provider under test. */
export const provider = new CommandProvider();

/** A log that keeps its messages, each after its severity. */
export function keptLog(): EngineLog & { readonly messages: string[] } {
  const messages: string[] = [];
  const keep = (severity: string) => (message: string) => {
    messages.push(`${severity}: ${message}`);
  };
  return {
    messages,
    debug: keep("debug"),
    info: keep("info"),
    warning: keep("warning"),
    error: keep("error"),
    status: keep("status"),
  };
}

/** What every request about a resource of a type carries. */
export function about(type: string, more: { signal?: AbortSignal; log?: EngineLog } = {}) {
  return {
    urn: `urn:pulumi:dev::p::${type}::thing`,
    type,
    name: "thing",
    signal: more.signal ?? new AbortController().signal,
    log: more.log ?? keptLog(),
  };
}

/** Checks inputs as the engine does before anything else. */
export async function check(type: string, news: PropertyMap): Promise<CheckResult> {
  const randomSeed = new Uint8Array();
  return await provider.check({ ...about(type), olds: {}, news, randomSeed });
}

/** Checks inputs and creates the resource. */
export async function create(
  type: string,
  news: PropertyMap,
  more: { signal?: AbortSignal; log?: EngineLog; timeoutSeconds?: number; preview?: boolean } = {},
): Promise<CreateResult> {
  const { inputs, failures } = await check(type, news);
  if (failures?.length) throw new Error(JSON.stringify(failures));
  return await provider.create({
    ...about(type, more),
    properties: inputs,
    preview: more.preview ?? false,
    timeoutSeconds: more.timeoutSeconds ?? 0,
  });
}

/** Checks inputs and updates a resource made from others. */
export async function update(
  type: string,
  olds: PropertyMap,
  news: PropertyMap,
  more: { log?: EngineLog; preview?: boolean } = {},
): Promise<PropertyMap> {
  const { inputs } = await check(type, news);
  const { properties } = await provider.update({
    ...about(type, more),
    id: "thing",
    olds,
    oldInputs: {},
    news: inputs,
    ignoreChanges: [],
    preview: more.preview ?? false,
    timeoutSeconds: 0,
  });
  return properties;
}

/** Kinds of change by property path, for inputs that both went through a check. */
export async function diff(
  type: string,
  before: PropertyMap,
  after: PropertyMap,
): Promise<Record<string, string>> {
  const oldInputs = (await check(type, before)).inputs;
  const news = (await check(type, after)).inputs;
  const { detailedDiff } = await provider.diff({
    ...about(type),
    id: "thing",
    olds: oldInputs,
    oldInputs,
    news,
    ignoreChanges: [],
  });
  return Object.fromEntries(Object.entries(detailedDiff).map(([path, { kind }]) => [path, kind]));
}
