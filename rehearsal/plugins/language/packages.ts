import { type Dirent, existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** An installed npm package that says it needs a provider plugin. */
export interface ProviderPackage {
  readonly name: string;
  /** Version of the plugin, without "v"; "" when the package names none. */
  readonly version: string;
  /** Where the plugin may be downloaded; "" for the engine's default. */
  readonly server: string;
}

/** What of a package.json is read here. */
interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly pulumi?: {
    readonly resource?: boolean;
    readonly name?: string;
    readonly version?: string;
    readonly server?: string;
  };
}

/**
 * Provider plugins that a program's installed packages ask for: every `node_modules` from the
 * program's folder upward, and the ones inside packages. Each plugin version once.
 */
export function providerPackages(programFolder: string): ProviderPackage[] {
  const found = new Map<string, ProviderPackage>();
  for (const folder of upward(programFolder)) {
    scanModules(join(folder, "node_modules"), (manifest) => {
      if (manifest.pulumi?.resource !== true) return;
      const name = manifest.pulumi.name ?? shortName(manifest.name ?? "");
      const version = (manifest.pulumi.version ?? manifest.version ?? "").replace(/^v/, "");
      found.set(`${name} ${version}`, { name, version, server: manifest.pulumi.server ?? "" });
    });
  }
  return [...found.values()];
}

/** A package that a program declares, at the version installed. */
export interface Dependency {
  readonly name: string;
  readonly version: string;
}

/**
 * Packages that the program's package.json declares; with `transitive` every installed one.
 * A declared package that is not installed is listed with the range declared.
 */
export function programDependencies(programFolder: string, transitive: boolean): Dependency[] {
  const installed = new Map<string, string>();
  for (const folder of upward(programFolder)) {
    scanModules(join(folder, "node_modules"), ({ name, version }) => {
      if (name !== undefined && !installed.has(name)) installed.set(name, version ?? "");
    });
  }
  if (transitive) return [...installed].map(([name, version]) => ({ name, version }));
  const folder = upward(programFolder).find((at) => existsSync(join(at, "package.json")));
  const manifest = folder === undefined ? undefined : readManifest(folder);
  const declared = { ...manifest?.dependencies, ...manifest?.devDependencies };
  return Object.entries(declared).map(([name, range]) => ({
    name,
    version: installed.get(name) ?? range,
  }));
}

function scanModules(modules: string, visit: (manifest: Manifest) => void): void {
  for (const entry of folders(modules)) {
    if (entry.startsWith(".")) continue;
    const folder = join(modules, entry);
    if (entry.startsWith("@")) {
      scanModules(folder, visit);
      continue;
    }
    const manifest = readManifest(folder);
    if (manifest !== undefined) visit(manifest);
    scanModules(join(folder, "node_modules"), visit);
  }
}

function folders(parent: string): string[] {
  let entries: Dirent[];
  try {
    entries = readdirSync(parent, { withFileTypes: true });
  } catch {
    return [];
  }
  return entries
    .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
    .map((entry) => entry.name);
}

function readManifest(folder: string): Manifest | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Manifest;
  } catch {
    // A folder without a readable package.json is no package.
    return undefined;
  }
}

function upward(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...upward(parent)];
}

function shortName(name: string): string {
  return name.replace(/^@pulumi\//, "");
}
