import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { z } from "zod";
import { RunError } from "../site/run-error";
import { cacheFolder, requireWritable, weighFolder } from "./cache";
import {
  downloadPackages,
  hostPackages,
  hostPrograms,
  installedPackages,
  unpackPackages,
} from "./debian-packages";
import { interruptible } from "./interrupt";
import { withLock } from "./lock";
import { ToolsInterrupted } from "./missing";
import { type OnProgress, type Report, reporterFor } from "./progress";

/** Files that simulated hosts see above this machine's own. */
export interface DebianLayer {
  /**
   * Root of the tree. The kernel refuses it as overlay lowerdir beside "/" while both are on one
   * filesystem ("too many levels of symbolic links"): copy it into the rehearsal's tmpfs first.
   */
  readonly path: string;
  /** `name_version` of each package in the layer; empty when it is made of this machine's own programs. */
  readonly packages: readonly string[];
  readonly sizeBytes: number;
  readonly source: "cache" | "made";
}

/** The layer could not be made; the message says what to do. */
export class DebianLayerMissing extends RunError {
  constructor(why: string) {
    super(
      [
        "Simulated hosts need OpenSSH, sudo, haproxy, keepalived and docker-registry, and these could not be had.",
        `  tried: ${why.split("\n").join("\n         ")}`,
        `  next: let apt-get reach its mirrors, or install them yourself: apt-get install ${hostPackages.join(" ")}`,
        "  without it: everything but rehearsals works",
      ].join("\n"),
      { exitCode: 5 },
    );
  }
}

const layerFile = z.strictObject({
  format: z.literal(1),
  release: z.string(),
  packages: z.array(z.string()),
  files: z.number(),
  sizeBytes: z.number(),
});
type LayerRecord = z.infer<typeof layerFile>;

async function readLayer(folder: string): Promise<DebianLayer | undefined> {
  try {
    const record = layerFile.parse(JSON.parse(await readFile(join(folder, "layer.json"), "utf8")));
    const path = join(folder, "root");
    const { files, sizeBytes } = await weighFolder(path);
    if (files !== record.files || sizeBytes !== record.sizeBytes) return undefined;
    return { path, packages: record.packages, sizeBytes, source: "cache" };
  } catch {
    return undefined;
  }
}

/** The distribution's release, such as "debian 12"; layers of one never lie above another. */
async function machineRelease(): Promise<string> {
  const text = await readFile("/etc/os-release", "utf8").catch(() => "");
  const field = (name: string) => new RegExp(`^${name}="?([^"\n]*)`, "m").exec(text)?.[1] ?? "";
  return `${field("ID")} ${field("VERSION_ID")}`;
}

/** Where the layer for this machine, as its packages are now, is or would be. */
async function layerFolder(cache: string, installed: readonly string[]): Promise<string> {
  const facts = JSON.stringify([2, hostPackages, await machineRelease(), process.arch, installed]);
  const hash = createHash("sha256").update(facts).digest("hex").slice(0, 12);
  return join(cache, `debian-layer-${hash}`);
}

/** A layer of this release made when the machine's packages were others: better than none. */
async function olderLayer(cache: string): Promise<DebianLayer | undefined> {
  const release = await machineRelease();
  for (const name of await readdir(cache).catch(() => [])) {
    if (!name.startsWith("debian-layer-")) continue;
    const folder = join(cache, name);
    const text = await readFile(join(folder, "layer.json"), "utf8").catch(() => "{}");
    if (layerFile.safeParse(JSON.parse(text)).data?.release !== release) continue;
    const layer = await readLayer(folder);
    if (layer) return layer;
  }
  return undefined;
}

/** iptables' plain names are made at installation, which never happens here. */
async function linkAlternatives(root: string): Promise<void> {
  const sbin = join(root, "usr", "sbin");
  if (!existsSync(join(sbin, "xtables-nft-multi"))) return;
  for (const family of ["iptables", "ip6tables"]) {
    for (const name of [family, `${family}-save`, `${family}-restore`]) {
      if (!existsSync(join(sbin, name))) await symlink("xtables-nft-multi", join(sbin, name));
    }
  }
}

/** Puts the packages into `root` and returns their names. */
async function fillRoot(
  work: string,
  root: string,
  offline: boolean,
  report: Report,
  signal: AbortSignal,
): Promise<string[]> {
  if (offline) throw new Error("SITEWRIGHT_OFFLINE=1");
  const tell = (detail: string) => report("packages", detail);
  const debs = await downloadPackages(join(work, "apt"), tell, signal);
  report("packages", `unpacking ${debs.length} packages`);
  await unpackPackages(debs, root, signal);
  await linkAlternatives(root);
  await rm(join(work, "apt"), { recursive: true });
  return debs.map((deb) => decodeURIComponent(basename(deb, ".deb")));
}

async function copyPrograms(root: string): Promise<void> {
  for (const path of Object.values(hostPrograms)) {
    await cp(join("/", path), join(root, path), { dereference: true });
  }
}

async function makeLayer(
  cache: string,
  folder: string,
  offline: boolean,
  report: Report,
  signal: AbortSignal,
): Promise<void> {
  const work = join(cache, "tmp", `layer-${randomUUID().slice(0, 8)}`);
  const root = join(work, "root");
  await mkdir(root, { recursive: true });
  try {
    const packages = await fillRoot(work, root, offline, report, signal).catch(async (error) => {
      // With its own programs a machine can do without the packages; the copies say so in the tree.
      if (signal.aborted || missingPrograms().length > 0) throw error;
      await copyPrograms(root);
      return [];
    });
    const record: LayerRecord = {
      format: 1,
      release: await machineRelease(),
      packages,
      ...(await weighFolder(root)),
    };
    await writeFile(join(work, "layer.json"), `${JSON.stringify(record, null, 2)}\n`);
    await rm(folder, { recursive: true, force: true });
    await rename(work, folder);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** What is cached for this machine now. Looks only; for reports. */
export async function inspectDebianLayer(
  cache: string = cacheFolder(),
): Promise<DebianLayer | undefined> {
  const installed = await installedPackages();
  return installed && (await readLayer(await layerFolder(cache, installed)));
}

/** Programs of {@link hostPackages} that this machine itself has not got. */
export function missingPrograms(): string[] {
  return hostPackages.filter((name) => !existsSync(join("/", hostPrograms[name])));
}

/**
 * Makes the layer once and keeps it in the cache: packages are downloaded and unpacked, never
 * installed, and nothing of them is started. Needs root, for the files' owners. Throws
 * {@link DebianLayerMissing} when they cannot be had.
 */
export async function ensureDebianLayer(
  onProgress?: OnProgress,
  options: {
    readonly cache?: string;
    readonly signal?: AbortSignal;
    readonly offline?: boolean;
  } = {},
): Promise<DebianLayer> {
  const cache = options.cache ?? cacheFolder();
  const offline = options.offline ?? process.env.SITEWRIGHT_OFFLINE === "1";
  const report = reporterFor("debian-layer", onProgress);
  const installed = await installedPackages();
  const folder = await layerFolder(cache, installed ?? []);
  const cached = await readLayer(folder);
  if (cached) {
    report("ready", `${cached.packages.length} packages, from the cache`);
    return cached;
  }
  await requireWritable(cache);
  const layer = await interruptible(options.signal, (signal) =>
    withLock(
      join(cache, "locks", "debian-layer"),
      async () => {
        const again = await readLayer(folder);
        if (again) return again;
        if (installed === undefined && missingPrograms().length > 0) {
          throw new DebianLayerMissing(
            `this is not a Debian-like system, and it lacks ${missingPrograms().join(", ")}`,
          );
        }
        try {
          if (process.getuid?.() !== 0) throw new Error("root is needed, for the files' owners");
          await makeLayer(cache, folder, offline, report, signal);
        } catch (error) {
          if (signal.aborted) throw new ToolsInterrupted();
          const older = await olderLayer(cache);
          if (older) return older;
          throw new DebianLayerMissing((error as Error).message);
        }
        const made = await readLayer(folder);
        if (!made) throw new DebianLayerMissing(`${folder} vanished`);
        return { ...made, source: "made" as const };
      },
      { signal, onWait: () => report("waiting", "another run is making it") },
    ),
  );
  report("ready", `${layer.packages.length} packages, ${layer.source}`);
  return layer;
}
