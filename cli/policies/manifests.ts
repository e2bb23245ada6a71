import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { LineCounter, parseAllDocuments } from "yaml";
import { fields, items } from "../../policies/support/objects";
import { type Subject, subject } from "../../policies/support/subject";
import { RunError } from "../../site/run-error";
import { exitCodes } from "../exit-codes";

/** What stands in a folder of manifests. */
export interface Manifests {
  readonly subjects: readonly Subject[];
  /** Files read. */
  readonly files: number;
  /** Documents that are no Kubernetes object, such as a chart's values: `file:line`. */
  readonly others: readonly string[];
}

const endings = [".yaml", ".yml", ".json"];
const largestBytes = 16 * 1024 * 1024;
const mostShown = 50;

/**
 * Reads every YAML and JSON file below a folder, in the order of their paths; links and hidden files are left out.
 * Throws one RunError that names every file that cannot be read, with exit code 3.
 */
export function readManifests(folder: string): Manifests {
  const subjects: Subject[] = [];
  const others: string[] = [];
  const faults: string[] = [];
  const files = filesBelow(folder);
  for (const file of files) {
    try {
      for (const document of documentsOf(file, readText(folder, file))) {
        const made = objectsOf(document);
        subjects.push(...made);
        if (made.length === 0 && document.data !== null) others.push(document.at);
      }
    } catch (error) {
      if (!(error instanceof RunError)) throw error;
      faults.push(error.message);
    }
  }
  if (faults.length > 0) {
    const more = faults.length > mostShown ? [`… and ${faults.length - mostShown} more`] : [];
    throw new RunError([...faults.slice(0, mostShown), ...more].join("\n"), {
      nextStep:
        "mend them; a chart or kustomization is rendered first: helm template, kustomize build",
      exitCode: exitCodes.site,
    });
  }
  return { subjects, files: files.length, others };
}

function filesBelow(root: string, folder = ""): readonly string[] {
  const entries = entriesOf(root, folder).filter(({ name }) => !name.startsWith("."));
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(root, path);
    return entry.isFile() && endings.includes(extname(entry.name)) ? [path] : [];
  });
}

function entriesOf(root: string, folder: string) {
  const path = join(root, folder);
  try {
    const entries = readdirSync(path, { withFileTypes: true });
    return entries.sort((one, other) => (one.name < other.name ? -1 : 1));
  } catch (cause) {
    throw new RunError(`${path} is no folder that can be read`, {
      nextStep: "name the folder that the rendered objects are in",
      exitCode: exitCodes.usage,
      cause,
    });
  }
}

function readText(folder: string, file: string): string {
  const { size } = lstatSync(join(folder, file));
  if (size > largestBytes) {
    throw new RunError(`${file}  needs at most ${largestBytes} bytes; given ${size}`);
  }
  return readFileSync(join(folder, file), "utf8");
}

interface ReadDocument {
  /** `file:line` of its first line. */
  readonly at: string;
  readonly data: unknown;
  /** The same of a member, where it is a list of objects. */
  readonly memberAt: (index: number) => string;
}

function documentsOf(file: string, text: string): readonly ReadDocument[] {
  const lines = new LineCounter();
  const place = (offset: number) => `${file}:${lines.linePos(offset).line}`;
  try {
    const documents = parseAllDocuments(text, {
      lineCounter: lines,
      merge: true,
      logLevel: "error",
      prettyErrors: false,
    });
    if ("empty" in documents) return [];
    return documents.map((document) => {
      const [error] = document.errors;
      if (error !== undefined) {
        const [what = ""] = error.message.split("\n");
        throw new RunError(`${place(error.pos[0])}  needs valid YAML: ${what.slice(0, 200)}`);
      }
      const at = place(document.contents?.range?.[0] ?? 0);
      const memberAt = (index: number) => {
        const member: unknown = document.getIn(["items", index], true);
        const [start] = (member as { range?: readonly number[] } | undefined)?.range ?? [];
        return start === undefined ? at : place(start);
      };
      return { at, data: document.toJS({ maxAliasCount: 100 }), memberAt };
    });
  } catch (error) {
    if (error instanceof RunError) throw error;
    // Nesting beyond the stack, or aliases that multiply beyond bounds.
    throw new RunError(`${file}  needs modest YAML: ${String(error).slice(0, 200)}`);
  }
}

/** The objects of a document: itself, or what a list holds. */
function objectsOf({ at, data, memberAt }: ReadDocument): readonly Subject[] {
  const { kind, items: members } = fields(data);
  const isList = typeof kind === "string" && kind.endsWith("List") && Array.isArray(members);
  if (!isList) return objectAt(at, data);
  return items(members).flatMap((member, index) => objectAt(memberAt(index), member));
}

function objectAt(id: string, data: unknown): readonly Subject[] {
  const { apiVersion, kind, metadata } = fields(data);
  if (typeof apiVersion !== "string" || typeof kind !== "string") return [];
  // What only kustomize reads never reaches a cluster.
  if (apiVersion.startsWith("kustomize.config.k8s.io/")) return [];
  const { name = "" } = fields(metadata);
  // `{{ .Release.Name }}` is YAML too: an object within an object.
  if (typeof name !== "string") throw new RunError(`${id}  needs a name that is a text`);
  return [subject({ id, type: "", name, properties: fields(data) })];
}
