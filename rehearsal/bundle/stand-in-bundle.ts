import { createHash } from "node:crypto";
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Blueprint, KubeKeyVersion } from "../../site/blueprint-types";
import type { Catalogue } from "../../site/schema/catalogue";
import { cacheFolder } from "../../toolchain/cache";
import { type ArtifactInput, v3Contents, v4Contents } from "../kubekey/artifact/contents";
import { tarGzOf } from "../kubekey/artifact/tar";
import { quoted } from "../kubekey/engine/shell-text";
import { putFile } from "./bundled-file";
import { packCharts } from "./charts";
import { definitionTexts } from "./definitions";

/** Changes whenever the same input would give other files. */
const generation = 1;

/** The part of a blueprint that a bundle is made for. */
export interface BundledSite {
  readonly release: string;
  readonly cluster: Pick<Blueprint["cluster"], "kubernetes" | "kubekey" | "images">;
  readonly images: readonly { readonly image: string }[];
  readonly hosts: readonly { readonly arch: string }[];
}

/** What a stand-in bundle is made of. */
export interface StandInBundle {
  readonly blueprint: BundledSite;
  /** Absolute paths of programs that every simulated host sees. */
  readonly controlplane: string;
  readonly kwok: string;
  /** What the platform is made of. Default: a bundle without charts and definitions. */
  readonly platform?: {
    readonly catalogue: Pick<Catalogue, "platform" | "crds">;
    /** Charts that the site installs. */
    readonly charts: readonly string[];
    /** Folder of real charts. Default: small ones of our own. */
    readonly chartFolder?: string | undefined;
    /** Folder of real definitions of custom resources. Default: ones that accept anything. */
    readonly definitionFolder?: string | undefined;
    /** Told of what is odd about real charts. */
    readonly warn: (line: string) => void;
  };
  /** Versions of KubeKey to make files for. Default: both. */
  readonly versions?: readonly KubeKeyVersion[];
  /** Incompressible bytes in each artifact. Default: 24. */
  readonly fillerMiB?: number;
  /** os-release words of the hosts. Default: this machine's, which simulated hosts show. */
  readonly systems?: ArtifactInput["systems"];
}

/**
 * Makes a rehearsal's bundle folder: kk stand-ins, artifacts and bundle.json. Does nothing when the folder holds that
 * very bundle already. @throws when an image has no tag.
 */
export async function makeStandInBundle(folder: string, input: StandInBundle): Promise<void> {
  await transpilePrograms();
  const { blueprint } = input;
  const versions = input.versions ?? ["v3.1.12", "v4.0.6"];
  const artifact: ArtifactInput = {
    kubernetes: blueprint.cluster.kubernetes,
    arches: [...new Set(blueprint.hosts.map((host) => host.arch))].sort(),
    images: [
      ...new Set([...blueprint.cluster.images, ...blueprint.images.map((use) => use.image)]),
    ].sort(),
    systems: input.systems ?? [ownSystem()],
    fillerMiB: input.fillerMiB ?? 24,
  };
  const { charts, definitions } = platformFiles(input.platform);
  const scripts = new Map(versions.map((version) => [version, kkScript(version, input)]));
  const fingerprint = createHash("sha256")
    .update(JSON.stringify([generation, versions, [...scripts], artifact, blueprint.release]))
    .update(
      JSON.stringify([...charts, ...definitions].map(([name, content]) => [name, digest(content)])),
    )
    .digest("hex");
  const mark = join(folder, ".fingerprint");
  if (existsSync(mark) && readFileSync(mark, "utf8") === fingerprint) return;
  // What is broken off from here on is no bundle of either input.
  rmSync(mark, { force: true });
  const putAll = (files: Files, path: (name: string) => string) =>
    Object.fromEntries(
      [...files].map(([name, content]) => [
        name,
        putFile(folder, path(name), Buffer.from(content)),
      ]),
    );
  const kubekey = Object.fromEntries(
    versions.map((version) => [
      version,
      versionFiles(folder, version, scripts.get(version) ?? "", artifact),
    ]),
  );
  const index = {
    format: 1,
    release: blueprint.release,
    kubekey,
    charts: putAll(charts, (name) => `charts/${name}.tgz`),
    crds: putAll(definitions, (set) => `crds/${set}.yaml`),
  };
  putFile(folder, "bundle.json", Buffer.from(`${JSON.stringify(index, null, 2)}\n`));
  writeFileSync(mark, fingerprint);
}

type Files = ReadonlyMap<string, Buffer | string>;

function platformFiles(platform: StandInBundle["platform"]): { charts: Files; definitions: Files } {
  if (platform === undefined) return { charts: new Map(), definitions: new Map() };
  const { catalogue, charts, chartFolder, definitionFolder, warn } = platform;
  return {
    charts: packCharts({
      needed: charts,
      pins: catalogue.platform.charts,
      folder: chartFolder,
      warn,
    }),
    definitions: definitionTexts(catalogue.crds, definitionFolder, warn),
  };
}

function digest(content: Buffer | string): string {
  return createHash("sha256").update(content).digest("hex");
}

/**
 * Hosts see the cache of transpiled files, but cannot write to it: what is not in it by then costs every single run of
 * kk there some seconds. Loading the programs here is what puts them into it.
 */
async function transpilePrograms(): Promise<void> {
  await Promise.all([
    import("../kubekey/main"),
    import("../kubekey/harbor/main"),
    import("../operators/main"),
    import("../nightingale/main"),
  ]);
}

function versionFiles(
  folder: string,
  version: KubeKeyVersion,
  script: string,
  input: ArtifactInput,
) {
  const contents = version === "v4.0.6" ? v4Contents(input) : v3Contents(input);
  const suffix = version === "v4.0.6" ? "tgz" : "tar.gz";
  const kk = putFile(folder, `kubekey/${version}/kk`, Buffer.from(script));
  chmodSync(join(folder, kk.path), 0o755);
  return {
    kk,
    artifact: putFile(folder, `kubekey/${version}/kubekey-artifact.${suffix}`, tarGzOf(contents)),
  };
}

/** The `kk` file: finds out where it stands, as the real one does, and becomes the stand-in. */
export function kkScript(
  version: KubeKeyVersion,
  input: Pick<StandInBundle, "controlplane" | "kwok">,
): string {
  const root = resolve(__dirname, "../..");
  return `#!/bin/sh
# kk ${version} of a rehearsal: no command outside a simulated site will use it.
case $0 in
  /*) self=$0 ;;
  */*) self=$(pwd)/$0 ;;
  *) self=$(pwd)/$0 ;;
esac
export SITEWRIGHT_CACHE=${quoted(cacheFolder())}
export SITEWRIGHT_CONTROLPLANE=${quoted(input.controlplane)} SITEWRIGHT_KWOK=${quoted(input.kwok)}
exec ${quoted(process.execPath)} --max-old-space-size=256 -r ${quoted(join(root, "toolchain/register.js"))} \\
  ${quoted(join(root, "rehearsal/kubekey/main.ts"))} ${version} "$self" "$@"
`;
}

function ownSystem(): { id: string; version: string } {
  const text = readFileSync("/etc/os-release", "utf8");
  const value = (key: string) => new RegExp(`^${key}="?([^"\\n]*)"?$`, "m").exec(text)?.[1] ?? "";
  return { id: value("ID"), version: value("VERSION_ID") };
}
