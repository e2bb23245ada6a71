import { isCrd, isKnownApiVersion, isSecretObject } from "./kinds";
import {
  apiVersionOf,
  copyOf,
  hasUnknown,
  isMap,
  type KubeObject,
  type KubeValue,
  kindOf,
  pluck,
  removeAt,
} from "./kube-object";
import { canonicalQuantity } from "./quantity";
import type { Schemas } from "./schema";
import { keepsZero } from "./zero-values";

const READ_ONLY_METADATA = [
  "creationTimestamp",
  "deletionGracePeriodSeconds",
  "deletionTimestamp",
  "generation",
  "managedFields",
  "resourceVersion",
  "uid",
];

/**
 * An object as the API server would spell it, so that comparing shows only real changes: canonical
 * quantities, no empty or misspelt fields of the kinds Kubernetes brings, a Secret's stringData as
 * data, nothing in the metadata that only the server writes. Objects with values not known yet,
 * custom resources and objects that do not fit their schema keep their spelling.
 */
export function normalise(object: KubeObject, schemas: Schemas | undefined): KubeObject {
  let result = copyOf(object);
  if (!hasUnknown(result) && isKnownApiVersion(apiVersionOf(result))) {
    if (isCrd(result)) normaliseCrd(result);
    else if (isSecretObject(result)) normaliseSecret(result);
    else result = typed(result, schemas) ?? result;
  }
  for (const field of READ_ONLY_METADATA) removeAt(result, ["metadata", field]);
  return result;
}

function normaliseCrd(crd: KubeObject): void {
  if (pluck(crd, "spec", "preserveUnknownFields") === false) {
    removeAt(crd, ["spec", "preserveUnknownFields"]);
  }
  delete crd.status;
}

function normaliseSecret(secret: KubeObject): void {
  const { data, stringData } = secret;
  const encoded: KubeObject = isMap(data) ? data : {};
  const plain = isMap(stringData) ? Object.entries(stringData) : [];
  if (plain.length > 0 && plain.every(([, value]) => typeof value === "string")) {
    for (const [key, value] of plain) {
      encoded[key] = Buffer.from(String(value), "utf8").toString("base64");
    }
    secret.data = encoded;
    delete secret.stringData;
    return;
  }
  for (const [key, value] of Object.entries(encoded)) {
    if (typeof value === "string" && /^[A-Za-z0-9+/\s]*={0,2}\s*$/.test(value)) {
      encoded[key] = Buffer.from(value, "base64").toString("base64");
    }
  }
}

/** The value does not fit its schema. */
const MISFIT: unique symbol = Symbol("misfit");

function typed(object: KubeObject, schemas: Schemas | undefined): KubeObject | undefined {
  const root = schemas?.rootOf(kindOf(object));
  if (schemas === undefined || root === undefined) return undefined;
  const result = shaped(object, root, schemas);
  return isMap(result as KubeValue) ? (result as KubeObject) : undefined;
}

function shaped(value: KubeValue, schema: KubeValue, schemas: Schemas): KubeValue | typeof MISFIT {
  const shape = schemas.shapeOf(schema);
  switch (shape.kind) {
    case "struct":
      return isMap(value) ? struct(value, shape, schemas) : MISFIT;
    case "map":
      return isMap(value) ? mapped(value, shape.items, schemas) : MISFIT;
    case "list":
      return Array.isArray(value) ? listed(value, shape.items, schemas) : MISFIT;
    case "quantity":
      if (typeof value !== "string" && typeof value !== "number") return MISFIT;
      return canonicalQuantity(String(value));
    case "intOrString":
      return typeof value === "string" || typeof value === "number" ? value : MISFIT;
    case "integer":
      return typeof value === "number" && Number.isInteger(value) ? value : MISFIT;
    case "number":
    case "string":
    case "boolean":
      return typeof value === shape.kind ? value : MISFIT;
    case "any":
      return copyOf(value);
  }
}

function struct(
  value: KubeObject,
  shape: { fields: KubeObject; required: ReadonlySet<string> },
  schemas: Schemas,
): KubeObject | typeof MISFIT {
  const result: KubeObject = {};
  for (const [key, item] of Object.entries(value)) {
    const schema = shape.fields[key];
    if (schema === undefined || item === null) continue;
    const fitted = shaped(item, schema, schemas);
    if (fitted === MISFIT) return MISFIT;
    const isZero = isZeroValue(fitted, schemas.shapeOf(schema).kind);
    if (!isZero || shape.required.has(key) || keepsZero(key, fitted)) result[key] = fitted;
  }
  return result;
}

function mapped(value: KubeObject, items: KubeValue, schemas: Schemas) {
  const result: KubeObject = {};
  for (const [key, item] of Object.entries(value)) {
    const fitted = item === null ? null : shaped(item, items, schemas);
    if (fitted === MISFIT) return MISFIT;
    result[key] = fitted;
  }
  return result;
}

function listed(value: KubeValue[], items: KubeValue, schemas: Schemas) {
  const result: KubeValue[] = [];
  for (const item of value) {
    const fitted = shaped(item, items, schemas);
    if (fitted === MISFIT) return MISFIT;
    result.push(fitted);
  }
  return result;
}

/** True for values that Kubernetes leaves out when it writes an object. */
function isZeroValue(value: KubeValue, kind: string): boolean {
  if (kind === "struct" || kind === "any") return false;
  if (Array.isArray(value)) return value.length === 0;
  if (isMap(value)) return Object.keys(value).length === 0;
  return value === false || value === 0 || value === "";
}
