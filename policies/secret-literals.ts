import { z } from "zod";
import { fields, groupKind, items, type KubernetesObject } from "./support/objects";
import { containersOf, podTemplate } from "./support/pods";
import { type Finding, subjectRule } from "./support/rule";
import { assignedSecrets, isNamedSecret, secretSigns } from "./support/secret-signs";
import { type PlacedText, textsIn } from "./support/texts";
import { isKnown } from "./support/unknown";

const needed = "no secret";

export const secretLiterals = subjectRule({
  name: "secret-literals",
  description:
    "Secrets stand in Secrets: not in variables, arguments, ConfigMaps, annotations or other objects.",
  why: "Everybody who may look at Pods and ConfigMaps reads them there, and so does every backup, log and diff.",
  severity: "critical",
  remedy:
    "put it under sitewright:secrets and let the Pod read it from a Secret (secretKeyRef, or a file); what was shown counts as known, so change it as well",
  settings: z.strictObject({
    harmless: z
      .array(z.string().min(1))
      .default([])
      .describe("Names of variables and keys that sound like secrets and are none."),
  }),
  *judge({ object }, { secretValues, source, settings: { harmless } }) {
    if (object === undefined) return;
    const kind = groupKind(object);
    if (kind === "Secret" && source === "manifests") yield* inRepository(object);
    // A Secret's data is where secrets belong; what kubectl once noted of it in an annotation is not.
    const texts = textsIn(kind === "Secret" ? { metadata: object.metadata } : object);
    const told = new Set<string>();
    for (const [path, what] of secretSigns(secretValues).among(texts)) {
      told.add(path);
      yield { path, needed, given: what };
    }
    const named = [...inPods(object, harmless), ...inConfigMap(object, kind, harmless)];
    for (const finding of named) if (!told.has(finding.path)) yield finding;
  },
});

/** A file with a Secret's values is as open as the repository that it comes from. */
function* inRepository({ data, stringData }: KubernetesObject): Iterable<Finding> {
  for (const [key, values] of Object.entries({ data, stringData })) {
    if (Object.values(fields(values)).every((value) => value === "")) continue;
    yield {
      path: key,
      needed: "no values, since everybody who reads the file has them",
      given: Object.keys(fields(values)).join(", "),
      next: "leave the Secret to the deployment, and change what was shown",
    };
  }
}

/** Variables and arguments of containers whose names say what they are. */
function* inPods(object: KubernetesObject, harmless: readonly string[]): Iterable<Finding> {
  const template = podTemplate(object);
  if (template === undefined) return;
  for (const { path, container } of containersOf(template)) {
    const { env, command, args } = fields(container);
    for (const [number, variable] of items(env).entries()) {
      const { name } = fields(variable);
      const [value] = textsAt(variable, "value");
      if (typeof name !== "string" || value === undefined) continue;
      const at = `${path}.env[${number}].value`;
      if (isNamedSecret(name, value, harmless)) yield literal(at, name);
      else yield* assigned(at, value, harmless);
    }
    yield* inWords(`${path}.command`, command, harmless);
    yield* inWords(`${path}.args`, args, harmless);
  }
}

/** `--password=text`, `--password text`, and what a script gives its variables. */
function* inWords(path: string, words: unknown, harmless: readonly string[]): Iterable<Finding> {
  let option = "";
  for (const [at, word] of wordsIn(words)) {
    const place = `${path}${at}`;
    if (option !== "" && !word.startsWith("-") && isNamedSecret(option, word, harmless)) {
      yield literal(place, option);
    } else yield* assigned(place, word, harmless);
    option = /^--?([\w.-]+)$/.exec(word)?.[1] ?? "";
  }
}

function wordsIn(words: unknown): readonly PlacedText[] {
  return textsIn(items(words));
}

/** Keys that are secrets, and what files say of theirs. */
function* inConfigMap(
  object: KubernetesObject,
  kind: string,
  harmless: readonly string[],
): Iterable<Finding> {
  if (kind !== "ConfigMap" || !isKnown(object, "data")) return;
  const { data } = object;
  for (const key of Object.keys(fields(data))) {
    const [text] = textsAt(data, key);
    if (text === undefined) continue;
    const path = `data.${key}`;
    if (!text.trim().includes("\n") && isNamedSecret(key, text.trim(), harmless)) {
      yield literal(path, key);
    } else if (!isProgram(key, text)) yield* assigned(path, text, harmless);
  }
}

/** Programs and pages give names to what they only hand on. */
function isProgram(key: string, text: string): boolean {
  return /\.(?:lua|js|py|sh|tmpl|tpl|html|md)$/.test(key) || text.startsWith("#!");
}

function* assigned(path: string, text: string, harmless: readonly string[]): Iterable<Finding> {
  const isLong = text.includes("\n");
  for (const { name, line } of assignedSecrets(text, harmless)) {
    const given = `a literal for ${name}${isLong ? ` in line ${line}` : ""}`;
    yield { path, needed, given };
  }
}

function literal(path: string, name: string): Finding {
  return { path, needed, given: `a literal for ${name}` };
}

/** The text at a key, if it is one that is known. */
function textsAt(holder: unknown, key: string): readonly string[] {
  if (typeof holder !== "object" || holder === null || !isKnown(holder, key)) return [];
  const value = fields(holder)[key];
  return typeof value === "string" ? [value] : [];
}
