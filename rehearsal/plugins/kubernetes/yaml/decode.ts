import { type ParseOptions, parseAllDocuments, type SchemaOptions, type Tags } from "yaml";
import { ProviderFailure } from "../../protocol/failure";
import { isMap, type KubeObject, pluckMaps } from "../objects/kube-object";

/**
 * YAML as Kubernetes reads it: version 1.1 (so "yes" is true and 0644 is octal), but dates and
 * things like 80:80 stay text.
 */
const DIALECT: ParseOptions & SchemaOptions & { version: "1.1" } = {
  version: "1.1",
  schema: "yaml-1.1",
  merge: true,
  customTags: (tags: Tags): Tags =>
    tags.filter((tag) => {
      if (typeof tag === "string") return true;
      if ("format" in tag && tag.format === "TIME") return false;
      return !/timestamp|binary|omap|pairs|set/.test(tag.tag);
    }),
};

/** The mappings in a text of YAML or JSON documents, empty ones left out. Errors name the line. */
export function decodeYaml(text: string, from: string): KubeObject[] {
  const json = jsonDocuments(text);
  if (json !== undefined) return json;
  const documents = parseAllDocuments(text, { ...DIALECT, prettyErrors: true });
  const objects: KubeObject[] = [];
  // A text without any document gives an empty list with a mark on it instead of documents.
  for (const document of Array.isArray(documents) ? documents : []) {
    const [error] = document.errors;
    if (error !== undefined)
      throw new ProviderFailure(`${from} is not valid YAML: ${error.message}`);
    const value: unknown = document.toJS({ maxAliasCount: 1000 });
    if (value === null || value === undefined) continue;
    if (!isMap(value)) {
      throw new ProviderFailure(
        `${from} holds a document that is not an object: ${String(value).slice(0, 80)}`,
      );
    }
    if (Object.keys(value).length > 0) objects.push(value);
  }
  return objects;
}

/** Large definitions come as JSON, a document after each line of dashes: read in a hundredth of the time. */
function jsonDocuments(text: string): KubeObject[] | undefined {
  if (!text.startsWith("---\n{")) return undefined;
  try {
    const parts = text.split(/^---\n/m).filter((part) => part !== "");
    const values: unknown[] = parts.map((part) => JSON.parse(part));
    return values.every(isMap) ? values : undefined;
  } catch {
    return undefined;
  }
}

/** The objects with those of List kinds taken out of their lists. */
export function expandLists(objects: KubeObject[]): KubeObject[] {
  return objects.flatMap((object) => {
    const isList = String(object.kind ?? "").endsWith("List") && Array.isArray(object.items);
    return isList ? expandLists(pluckMaps(object, "items")) : [object];
  });
}
