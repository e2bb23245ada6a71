import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";

/** The projects of a Harbor, kept in a file beside its images. A fresh Harbor has `library` only. */
export class Projects {
  private readonly file: string;
  private readonly names: Set<string>;

  constructor(file: string) {
    this.file = file;
    const kept = existsSync(file)
      ? (JSON.parse(readFileSync(file, "utf8")) as string[])
      : ["library"];
    this.names = new Set(kept);
  }

  has(name: string): boolean {
    return this.names.has(name);
  }

  list(): string[] {
    return [...this.names].sort();
  }

  /** Makes a project. @returns what Harbor answers: 201, 409 when it is there, 400 for a name that it refuses. */
  make(name: unknown): 201 | 409 | 400 {
    if (typeof name !== "string" || !/^[a-z0-9]+(?:[._-][a-z0-9]+)*$/.test(name)) return 400;
    if (this.names.has(name)) return 409;
    this.names.add(name);
    writeFileSync(`${this.file}.part`, JSON.stringify(this.list()), { mode: 0o600 });
    renameSync(`${this.file}.part`, this.file);
    return 201;
  }
}

/** The project that a registry path is in, or undefined for a path outside of `/v2/<project>/…`. */
export function projectOf(path: string): string | undefined {
  return /^\/v2\/([^/]+)\/.+\/(?:blobs|manifests)\//.exec(path)?.[1];
}

/** True for requests that change what a registry holds. */
export function changes(method: string): boolean {
  return !["GET", "HEAD", "OPTIONS"].includes(method);
}
