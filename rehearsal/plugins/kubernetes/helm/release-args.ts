import { ProviderFailure } from "../../protocol/failure";
import {
  Asset,
  isList,
  isMap,
  type PropertyMap,
  type PropertyValue,
  reveal,
  Unknown,
} from "../../protocol/values";
import { type KubeObject, type KubeValue, UNKNOWN } from "../objects/kube-object";
import { chartValues } from "./values";

/** What a Release is asked to be. Times in seconds; an empty text or false means "not asked for". */
export interface ReleaseArgs {
  atomic: boolean;
  chart: string;
  cleanupOnFail: boolean;
  createNamespace: boolean;
  dependencyUpdate: boolean;
  description: string;
  devel: boolean;
  disableCRDHooks: boolean;
  disableOpenapiValidation: boolean;
  disableWebhooks: boolean;
  forceUpdate: boolean;
  keyring: string;
  lint: boolean;
  maxHistory?: number;
  name: string;
  namespace: string;
  postrender: string;
  recreatePods: boolean;
  renderSubchartNotes: boolean;
  replace: boolean;
  repositoryOpts?: Record<string, string>;
  resetValues: boolean;
  reuseValues: boolean;
  skipAwait: boolean;
  skipCrds: boolean;
  timeout: number;
  values: KubeObject;
  verify: boolean;
  version: string;
  waitForJobs: boolean;
}

const FLAGS =
  "allowNullValues atomic cleanupOnFail createNamespace dependencyUpdate devel disableCRDHooks " +
  "disableOpenapiValidation disableWebhooks forceUpdate lint recreatePods renderSubchartNotes " +
  "replace resetValues reuseValues skipAwait skipCrds verify waitForJobs";
const TEXTS = "chart description keyring name namespace postrender version";
const REPOSITORY = "repo caFile certFile keyFile password username";

/**
 * The arguments in their full form, as the state keeps them: every field there, the values of files
 * merged in. Secrets come out bare and what is not known yet as {@link UNKNOWN}.
 */
export async function releaseArgs(properties: PropertyMap): Promise<KubeObject> {
  const args: KubeObject = {};
  for (const flag of FLAGS.split(" ")) args[flag] = field(properties, flag, "boolean") ?? false;
  for (const text of TEXTS.split(" ")) args[text] = field(properties, text, "string") ?? "";
  args.timeout = field(properties, "timeout", "number") ?? 0;
  const maxHistory = field(properties, "maxHistory", "number");
  if (maxHistory !== undefined) args.maxHistory = maxHistory;
  const repository = reveal(properties.repositoryOpts ?? null);
  if (isMap(repository)) {
    args.repositoryOpts = Object.fromEntries(
      REPOSITORY.split(" ").map((key) => [key, field(repository, key, "string") ?? ""]),
    );
  }
  args.values = await mergedValues(properties);
  return args;
}

/** The arguments as they are used, once everything is known. */
export function usableArgs(args: KubeObject): ReleaseArgs {
  return args as unknown as ReleaseArgs;
}

async function mergedValues(properties: PropertyMap): Promise<KubeValue> {
  const files = reveal(properties.valueYamlFiles ?? null);
  const values = reveal(properties.values ?? null);
  if (files instanceof Unknown || values instanceof Unknown) return UNKNOWN;
  return await chartValues(isList(files) ? files.map(asset) : [], plain(values));
}

function asset(value: PropertyValue): Asset {
  if (value instanceof Asset) return value;
  throw new ProviderFailure(
    'Every entry of "valueYamlFiles" must be an asset, such as new pulumi.asset.FileAsset(path).',
  );
}

function plain(value: PropertyValue): unknown {
  if (value instanceof Unknown) return UNKNOWN;
  if (isList(value)) return value.map(plain);
  if (isMap(value))
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, plain(item ?? null)]),
    );
  return value;
}

function field(
  properties: PropertyMap,
  name: string,
  type: "boolean" | "string" | "number",
): KubeValue | undefined {
  const value = reveal(properties[name] ?? null);
  if (value instanceof Unknown) return UNKNOWN;
  if (value === null) return undefined;
  if (typeof value === type) return value as boolean | string | number;
  throw new ProviderFailure(
    `"${name}" of a Release must be a ${type}, not ${isList(value) ? "a list" : typeof value}.`,
  );
}
