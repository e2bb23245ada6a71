import { readFileSync } from "node:fs";
import { ProviderFailure } from "../../protocol/failure";
import { isMap, type KubeObject, type KubeValue } from "../objects/kube-object";
import { decodeYaml } from "../yaml/decode";

/** An asset, of the SDK or of the protocol: both have the same parts. */
interface AssetParts {
  text?: string | Promise<string> | undefined;
  path?: string | Promise<string> | undefined;
}

/** Values with later ones winning; maps are merged, a null takes a default away. */
export function mergeValues(base: KubeObject, over: KubeObject): KubeObject {
  const merged: KubeObject = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const under = merged[key];
    merged[key] = isMap(under) && isMap(value) ? mergeValues(under, value) : value;
  }
  return merged;
}

/** The values of files, each over the ones before, with the given values over all. */
export async function chartValues(files: unknown[], values: unknown): Promise<KubeObject> {
  let merged: KubeObject = {};
  for (const file of files) {
    const [content] = decodeYaml(await assetText(file), "a file of valueYamlFiles");
    merged = mergeValues(merged, content ?? {});
  }
  const own = await withAssetTexts(values ?? {});
  return isMap(own) ? mergeValues(merged, own) : merged;
}

/** Values may hold assets, which stand for their text. */
async function withAssetTexts(value: unknown): Promise<KubeValue> {
  if (isAsset(value)) return await assetText(value);
  if (Array.isArray(value)) return await Promise.all(value.map(withAssetTexts));
  if (!isMap(value)) return (value ?? null) as KubeValue;
  const entries = Object.entries(value).map(async ([key, item]) => [
    key,
    await withAssetTexts(item),
  ]);
  return Object.fromEntries(await Promise.all(entries)) as KubeObject;
}

const isAsset = (value: unknown): boolean =>
  typeof value === "object" &&
  value !== null &&
  ("__pulumiAsset" in value || value.constructor?.name === "Asset");

async function assetText(asset: unknown): Promise<string> {
  const { text, path } = asset as AssetParts;
  const content = await text;
  if (typeof content === "string") return content;
  const file = await path;
  if (typeof file === "string") {
    try {
      return readFileSync(file, "utf8");
    } catch (error) {
      throw new ProviderFailure(
        `a file of the chart's values cannot be read: ${(error as Error).message}`,
      );
    }
  }
  throw new ProviderFailure(
    "The rehearsal's stand-in reads chart values from text and files only, not from addresses.",
  );
}
