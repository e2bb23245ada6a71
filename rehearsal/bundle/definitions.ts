import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { RunError } from "../../site/run-error";
import type { CrdCatalogue, CrdSet } from "../../site/schema/platform";

/** Custom resource definitions of a rehearsal's bundle: real ones where a folder is given, else permissive ones. */

type Plain = Record<string, unknown>;

/**
 * One text of YAML documents for each set of the catalogue.
 * @param folder Real definitions: a folder for each set, with one definition a file. A set without a folder stays
 *   permissive, and `warn` is told.
 * @throws RunError for a folder that is not there, and one that names every definition which a set's folder lacks.
 */
export function definitionTexts(
  sets: CrdCatalogue,
  folder: string | undefined,
  warn: (line: string) => void,
): ReadonlyMap<string, string> {
  if (folder !== undefined && !existsSync(folder)) {
    throw new RunError(`there is no folder ${folder}, which SITEWRIGHT_CRDS names`, {
      exitCode: 5,
      nextStep: "correct it, or unset SITEWRIGHT_CRDS: then any object is accepted",
    });
  }
  const missing: string[] = [];
  const texts = Object.entries(sets).map(([name, set]): [string, string] => {
    if (folder === undefined) return [name, documents(permissive(set))];
    if (!existsSync(join(folder, name))) {
      warn(`${folder} has no ${name}: any object of its kinds is accepted`);
      return [name, documents(permissive(set))];
    }
    const wanted = namesOf(set);
    const found = realOnes(join(folder, name), wanted);
    missing.push(...wanted.filter((each) => !found.has(each)).map((each) => `${name}/${each}`));
    return [name, documents([...found.values()])];
  });
  if (missing.length === 0) return new Map(texts);
  throw new RunError(`${folder} lacks definitions:\n  ${missing.join("\n  ")}`, {
    exitCode: 5,
    nextStep:
      "add them as <set>/<group>_<plural>.yaml, or unset SITEWRIGHT_CRDS: then any object is accepted",
  });
}

/** JSON is YAML, and quicker to read. */
function documents(objects: readonly unknown[]): string {
  return objects.map((object) => `---\n${JSON.stringify(object)}\n`).join("");
}

function namesOf({ groups }: CrdSet): readonly string[] {
  return Object.entries(groups).flatMap(([group, kinds]) =>
    kinds.map(({ plural }) => `${plural}.${group}`),
  );
}

function permissive({ groups }: CrdSet): readonly unknown[] {
  return Object.entries(groups).flatMap(([group, kinds]) =>
    kinds.map(({ kind, plural, versions, scope }) => ({
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      metadata: { name: `${plural}.${group}`, annotations: approval(group) },
      spec: {
        group,
        scope,
        names: { kind, plural, singular: kind.toLowerCase(), listKind: `${kind}List` },
        versions: versions.map((name, at) => ({
          name,
          served: true,
          storage: at === 0,
          subresources: { status: {} },
          schema: {
            openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
          },
        })),
      },
    })),
  );
}

/** Groups of Kubernetes' own are refused without a word on who approved them. */
function approval(group: string): Readonly<Record<string, string>> {
  if (!/(^|\.)(k8s|kubernetes)\.io$/.test(group)) return {};
  return { "api-approved.kubernetes.io": "unapproved, stands in a rehearsal for the real one" };
}

function realOnes(folder: string, wanted: readonly string[]): ReadonlyMap<string, unknown> {
  const found = new Map<string, unknown>();
  for (const file of readdirSync(folder).filter((each) => each.endsWith(".yaml"))) {
    const definition = parse(readFileSync(join(folder, file), "utf8")) as Plain;
    const { name } = (definition.metadata ?? {}) as { name?: string };
    if (name === undefined || !wanted.includes(name)) continue;
    const { versions = [] } = (definition.spec ?? {}) as {
      versions?: { schema?: { openAPIV3Schema?: unknown } }[];
    };
    for (const { schema } of versions) withoutDescriptions(schema?.openAPIV3Schema);
    found.set(name, definition);
  }
  return found;
}

/**
 * Takes the descriptions out of a schema, in place: four fifths of its size, which every preview would carry. A
 * property that is called `description` stays.
 */
function withoutDescriptions(schema: unknown): void {
  if (typeof schema !== "object" || schema === null) return;
  if (Array.isArray(schema)) {
    schema.forEach(withoutDescriptions);
    return;
  }
  const node = schema as Plain;
  delete node.description;
  for (const key of ["items", "additionalProperties", "not", "allOf", "anyOf", "oneOf"]) {
    withoutDescriptions(node[key]);
  }
  if (typeof node.properties === "object" && node.properties !== null) {
    Object.values(node.properties).forEach(withoutDescriptions);
  }
}
