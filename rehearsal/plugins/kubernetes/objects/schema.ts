import { isMap, type KubeObject, type KubeValue, pluck, pluckString } from "./kube-object";

/** What a value of a schema is, as far as spelling it the canonical way needs to know. */
export type Shape =
  | { kind: "struct"; fields: KubeObject; required: ReadonlySet<string> }
  | { kind: "map"; items: KubeValue }
  | { kind: "list"; items: KubeValue }
  | { kind: "quantity" | "intOrString" | "integer" | "number" | "string" | "boolean" | "any" };

/** The schemas of one API group and version, as the API server publishes them (OpenAPI v3). */
export class Schemas {
  readonly #components: KubeObject;
  readonly #roots = new Map<string, KubeValue>();

  constructor(document: KubeObject) {
    const components = pluck(document, "components", "schemas");
    this.#components = isMap(components) ? components : {};
    for (const schema of Object.values(this.#components)) {
      const kinds = pluck(schema, "x-kubernetes-group-version-kind");
      if (!Array.isArray(kinds) || kinds.length !== 1) continue;
      this.#roots.set(pluckString(kinds[0], "kind"), schema);
    }
  }

  /** The schema of a kind; undefined when the server publishes none. */
  rootOf(kind: string): KubeValue | undefined {
    return this.#roots.get(kind);
  }

  /** What a schema describes, with references followed. */
  shapeOf(schema: KubeValue): Shape {
    const reference = referenceIn(schema);
    if (reference !== undefined) {
      if (reference.endsWith("api.resource.Quantity")) return { kind: "quantity" };
      if (reference.endsWith("util.intstr.IntOrString")) return { kind: "intOrString" };
      const target = this.#components[reference.slice(reference.lastIndexOf("/") + 1)];
      return target === undefined ? { kind: "any" } : this.shapeOf(target);
    }
    switch (pluckString(schema, "type")) {
      case "object":
        return objectShape(schema);
      case "array":
        return { kind: "list", items: pluck(schema, "items") ?? {} };
      case "string":
        return pluckString(schema, "format") === "" ? { kind: "string" } : { kind: "any" };
      case "integer":
        return { kind: "integer" };
      case "number":
        return { kind: "number" };
      case "boolean":
        return { kind: "boolean" };
      default:
        return { kind: "any" };
    }
  }
}

function objectShape(schema: KubeValue): Shape {
  const items = pluck(schema, "additionalProperties");
  if (items !== undefined) return { kind: "map", items };
  const fields = pluck(schema, "properties");
  if (!isMap(fields)) return { kind: "any" };
  const required = pluck(schema, "required");
  const names = Array.isArray(required) ? required.filter((name) => typeof name === "string") : [];
  return { kind: "struct", fields, required: new Set(names) };
}

function referenceIn(schema: KubeValue): string | undefined {
  const direct = pluckString(schema, "$ref");
  if (direct !== "") return direct;
  const all = pluck(schema, "allOf");
  if (!Array.isArray(all) || all.length !== 1) return undefined;
  const inner = pluckString(all[0], "$ref");
  return inner === "" ? undefined : inner;
}
