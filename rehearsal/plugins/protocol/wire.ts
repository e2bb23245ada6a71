import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import {
  Archive,
  Asset,
  isList,
  type PropertyMap,
  type PropertyValue,
  ResourceReference,
  Secret,
  Unknown,
  type UnknownKind,
  unknownSentinels,
} from "./values";

/** Key that tells a struct standing for something special from an ordinary object. */
const signatureKey = "4dabf18193072939515e22adb298388d";

const signatures = {
  asset: "c44067f5952c0a294b673a41bacd8c17",
  archive: "0def7320c3a5731c473e5ecbe6d01bc7",
  secret: "1b47061264138c4ac30d75fd1eb44270",
  resource: "5cf8f73096256a8f31e491e813e4eb8e",
  output: "d0e6a833031e9bbcd3f4e8bde6ca49a4",
} as const;

const kindBySentinel = new Map<string, UnknownKind>(
  Object.entries(unknownSentinels).map(([kind, sentinel]) => [sentinel, kind as UnknownKind]),
);

type Json = null | boolean | number | string | Json[] | JsonMap;
interface JsonMap {
  [name: string]: Json;
}

/**
 * The properties as the engine reads them. Nulls at the top and inside maps are left out, as
 * the real providers leave them out; nulls inside lists stay.
 */
export function toStruct(map: PropertyMap): Struct {
  return Struct.fromJavaScript(mapToJson(map));
}

/** The engine's struct as properties; a missing struct is no properties. */
export function fromStruct(struct: Struct | undefined): PropertyMap {
  return struct === undefined ? {} : mapFromJson(struct.toJavaScript() as JsonMap);
}

function mapToJson(map: PropertyMap): JsonMap {
  const json: JsonMap = {};
  for (const [name, value] of Object.entries(map)) {
    if (value !== undefined && value !== null) json[name] = toJson(value);
  }
  return json;
}

function toJson(value: PropertyValue): Json {
  if (value instanceof Secret) {
    return { [signatureKey]: signatures.secret, value: toJson(value.value) };
  }
  if (value instanceof Unknown) return unknownSentinels[value.kind];
  if (value instanceof Asset) return assetToJson(value);
  if (value instanceof Archive) return archiveToJson(value);
  if (value instanceof ResourceReference) {
    const json: JsonMap = { [signatureKey]: signatures.resource, urn: value.urn };
    if (value.id !== undefined) json.id = toJson(value.id);
    if (value.packageVersion !== undefined) json.packageVersion = value.packageVersion;
    return json;
  }
  if (isList(value)) return value.map(toJson);
  if (typeof value === "object" && value !== null) return mapToJson(value as PropertyMap);
  return value;
}

function assetToJson(asset: Asset): JsonMap {
  const json: JsonMap = { [signatureKey]: signatures.asset };
  for (const part of ["hash", "text", "path", "uri"] as const) {
    const value = asset[part];
    if (value !== undefined) json[part] = value;
  }
  return json;
}

function archiveToJson(archive: Archive): JsonMap {
  const json: JsonMap = { [signatureKey]: signatures.archive };
  for (const part of ["hash", "path", "uri"] as const) {
    const value = archive[part];
    if (value !== undefined) json[part] = value;
  }
  if (archive.assets !== undefined) {
    json.assets = Object.fromEntries(
      Object.entries(archive.assets).map(([name, item]) => [
        name,
        item instanceof Asset ? assetToJson(item) : archiveToJson(item),
      ]),
    );
  }
  return json;
}

function mapFromJson(json: JsonMap): PropertyMap {
  const map: Record<string, PropertyValue> = {};
  for (const [name, value] of Object.entries(json)) {
    if (value !== null) map[name] = fromJson(value);
  }
  return map;
}

function fromJson(json: Json): PropertyValue {
  if (typeof json === "string") {
    const kind = kindBySentinel.get(json);
    return kind === undefined ? json : new Unknown(kind);
  }
  if (Array.isArray(json)) return json.map(fromJson);
  if (typeof json !== "object" || json === null) return json;
  switch (json[signatureKey]) {
    case undefined:
      return mapFromJson(json);
    case signatures.secret:
      return new Secret(fromJson(json.value ?? null));
    case signatures.output:
      return outputFromJson(json);
    case signatures.asset:
      return assetFromJson(json);
    case signatures.archive:
      return archiveFromJson(json);
    case signatures.resource:
      return new ResourceReference(
        String(json.urn),
        json.id === undefined || json.id === null ? undefined : fromJson(json.id),
        text(json.packageVersion),
      );
    default:
      throw new Error(
        `The engine sent a property of a kind that is not known here (${json[signatureKey]}).`,
      );
  }
}

// Providers here need no dependencies, so an output is only its value, its absence and its secrecy.
function outputFromJson(json: JsonMap): PropertyValue {
  const value = json.value === undefined ? new Unknown() : fromJson(json.value);
  return json.secret === true ? new Secret(value) : value;
}

function assetFromJson(json: JsonMap): Asset {
  return new Asset({
    ...optional("hash", json.hash),
    ...optional("text", json.text),
    ...optional("path", json.path),
    ...optional("uri", json.uri),
  });
}

function archiveFromJson(json: JsonMap): Archive {
  const { assets } = json;
  const parts: Record<string, Asset | Archive> = {};
  const hasAssets = typeof assets === "object" && assets !== null && !Array.isArray(assets);
  if (hasAssets) {
    for (const [name, item] of Object.entries(assets)) {
      const value = fromJson(item);
      if (value instanceof Asset || value instanceof Archive) parts[name] = value;
    }
  }
  return new Archive({
    ...optional("hash", json.hash),
    ...optional("path", json.path),
    ...optional("uri", json.uri),
    ...(hasAssets ? { assets: parts } : {}),
  });
}

// The engine writes an absent part of an asset as "" as well as by leaving it out.
function optional<Name extends string>(name: Name, value: Json | undefined) {
  const given = text(value);
  return (given === undefined ? {} : { [name]: given }) as { [K in Name]?: string };
}

function text(value: Json | undefined): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
