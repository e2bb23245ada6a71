import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { TextDecoder } from "node:util";
import { LineCounter, parseAllDocuments } from "yaml";
import { fields, items } from "../../policies/support/objects";
import { type Subject, subject } from "../../policies/support/subject";
import { RunError } from "../../site/run-error";
import { exitCodes } from "../exit-codes";
import { printable } from "../view/colours";

/** What stands in a folder of manifests. */
export interface Manifests {
  readonly subjects: readonly Subject[];
  /** Files read. */
  readonly files: number;
  /** Documents that are no Kubernetes object, such as a chart's values: `file:line`. */
  readonly others: readonly string[];
  /** Links to files and folders, which are not followed. */
  readonly links: readonly string[];
}

const endings = [".yaml", ".yml", ".json"];
const largestBytes = 16 * 1024 * 1024;
const mostShown = 50;

/**
 * Reads every YAML and JSON file below a folder, hidden ones too, as who deploys them does; in the order of their
 * paths. Git's own folder is left out, and links are named.
 * Throws one RunError that names every file that cannot be read, with exit code 3.
 */
export function readManifests(folder: string): Manifests {
  const subjects: Subject[] = [];
  const others: string[] = [];
  const faults: string[] = [];
  const { files, links } = below(folder);
  for (const file of files) {
    try {
      for (const document of documentsOf(printable(file), readText(folder, file))) {
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
  return { subjects, files: files.length, others, links };
}

interface Found {
  readonly files: readonly string[];
  readonly links: readonly string[];
}

function below(root: string, folder = ""): Found {
  const entries = entriesOf(root, folder).filter(({ name }) => name !== ".git");
  const found = entries.map((entry): Found => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return below(root, path);
    const isMeant = endings.includes(extname(entry.name));
    if (entry.isSymbolicLink()) return { files: [], links: [printable(path)] };
    return { files: entry.isFile() && isMeant ? [path] : [], links: [] };
  });
  return { files: found.flatMap(({ files }) => files), links: found.flatMap(({ links }) => links) };
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
    throw new RunError(`${printable(file)}  needs at most ${largestBytes} bytes; given ${size}`);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(join(folder, file)));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    // Whoever deploys it may read UTF-16 well, and then nobody has judged it.
    const fault =
      code === "ERR_ENCODING_INVALID_ENCODED_DATA" ? "needs UTF-8" : `cannot be read: ${code}`;
    throw new RunError(`${printable(file)}  ${fault}`, { cause });
  }
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
      return { at, data: endingValue(document.toJS({ maxAliasCount: 100 })), memberAt };
    });
  } catch (error) {
    if (error instanceof RunError) throw error;
    // Nesting beyond the stack, or aliases that multiply beyond bounds or lead back to themselves.
    const [what = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
    throw new RunError(`${file}  needs modest YAML: ${what.slice(0, 200)}`);
  }
}

/** A value without cycles: no rule would come to the end of one that holds itself. */
function endingValue(value: unknown): unknown {
  try {
    JSON.stringify(value);
  } catch (cause) {
    throw new Error("an alias leads back to what it stands in", { cause });
  }
  return value;
}

/** The objects of a document: itself, and what a list holds, be it a list again. Whatever has items is deployed as one. */
function objectsOf({ at, data, memberAt }: ReadDocument): readonly Subject[] {
  const { kind, items: members } = fields(data);
  const within = items(members).flatMap((member, index) => {
    const place = memberAt(index);
    return objectsOf({ at: place, data: member, memberAt: () => place });
  });
  const isList = typeof kind === "string" && kind.endsWith("List") && Array.isArray(members);
  return isList ? within : [...objectAt(at, data), ...within];
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
