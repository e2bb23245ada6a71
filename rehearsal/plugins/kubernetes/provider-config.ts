import { ProviderFailure } from "../protocol/failure";
import type { PropertyDiff } from "../protocol/property-diff";
import type {
  CheckFailure,
  CheckRequest,
  CheckResult,
  DiffRequest,
  DiffResult,
} from "../protocol/provider";
import {
  containsUnknown,
  equalValues,
  type PropertyMap,
  type PropertyValue,
  reveal,
} from "../protocol/values";
import { activeCluster, readKubeconfig } from "./client/kubeconfig";
import { isSame, type KubeObject, type KubeValue } from "./objects/kube-object";

const CLUSTER_KEYS = ["kubeconfig", "context", "cluster"] as const;

/** Judges a Provider's arguments; they are kept as given, secrets included. */
export async function checkConfig({ news }: CheckRequest): Promise<CheckResult> {
  const failures: CheckFailure[] = [];
  const renders = textOf(news.renderYamlToDirectory) !== "";
  for (const property of ["cluster", "context"] as const) {
    if (renders && textOf(news[property]) !== "") {
      failures.push({
        property,
        reason: `"${property}" arg is not compatible with "renderYamlToDirectory" arg`,
      });
    }
  }
  if (textOf(news.alwaysRender) === "true" && !renders) {
    failures.push({
      property: "alwaysRender",
      reason: '"alwaysRender" requires "renderYamlToDirectory" to be set',
    });
  }
  return { inputs: news, failures };
}

/**
 * Compares a Provider's arguments. Every resource of it is replaced when it means another cluster:
 * when clusterIdentifier changes, or, where that is not set, when the kubeconfig's active cluster does.
 */
export async function diffConfig(request: DiffRequest): Promise<DiffResult> {
  const olds = Object.keys(request.oldInputs).length > 0 ? request.oldInputs : request.olds;
  const { news } = request;
  const changed = [...new Set([...Object.keys(olds), ...Object.keys(news)])].filter(
    (key) => !equalValues(reveal(olds[key] ?? null), reveal(news[key] ?? null)),
  );
  const replacing = new Set(replacingKeys(olds, news, changed));
  const detailedDiff: Record<string, PropertyDiff> = {};
  for (const key of changed) {
    const kind = olds[key] === undefined ? "add" : news[key] === undefined ? "delete" : "update";
    detailedDiff[key] = { kind: replacing.has(key) ? `${kind}-replace` : kind, inputDiff: true };
  }
  return { detailedDiff };
}

function replacingKeys(olds: PropertyMap, news: PropertyMap, changed: string[]): string[] {
  const identifier = { old: textOf(olds.clusterIdentifier), new: textOf(news.clusterIdentifier) };
  if (identifier.new !== "" && identifier.old === identifier.new) return [];
  const keys: string[] = [];
  if (identifier.old !== "" && identifier.new !== "") keys.push("clusterIdentifier");
  if (changed.includes("renderYamlToDirectory")) keys.push("renderYamlToDirectory");
  const unknown = CLUSTER_KEYS.filter((key) => containsUnknown(news[key]));
  if (unknown.length > 0) return [...keys, ...unknown];
  const before = clusterOf(olds);
  const after = clusterOf(news);
  if (before !== undefined && after !== undefined && !isSame(before, after)) {
    keys.push(...CLUSTER_KEYS.filter((key) => changed.includes(key)));
  }
  return keys;
}

/** The kubeconfig's entry of the cluster in use; undefined when there is none. */
function clusterOf(args: PropertyMap): KubeValue | undefined {
  const given = reveal(args.kubeconfig ?? null);
  const text = typeof given === "string" ? given : given === null ? "" : JSON.stringify(given);
  if (text === "") return undefined;
  let config: KubeObject;
  try {
    ({ config } = readKubeconfig(text));
  } catch (error) {
    throw new ProviderFailure(
      `failed to parse kubeconfig: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  return activeCluster(config, { context: textOf(args.context), cluster: textOf(args.cluster) });
}

function textOf(value: PropertyValue | undefined): string {
  const plain = reveal(value ?? null);
  if (typeof plain === "boolean") return String(plain);
  return typeof plain === "string" ? plain : "";
}
