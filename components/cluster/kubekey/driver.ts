import type { KubeKeyVersion } from "../../../site/blueprint-types";
import type { DetachedRun, Explanation } from "../../../ssh/detached-run";
import type { KubeKeyView, Purpose } from "./view";

/** A file for the installer; secrets stand in it as `${secret:NAME}`. */
export interface RenderedFile {
  /** Name below the work folder. */
  readonly path: string;
  readonly mode: number;
  readonly content: string;
}

/** One call of kk, ready to be run detached. */
export type KubeKeyRun = DetachedRun;

/** Where a site's kk lives on the installer; what every run needs to know. */
export interface KubeKeyPlace {
  /** Absolute path of the dedicated 0700 folder. */
  readonly workDir: string;
}

/** Absolute paths on the installer. */
export interface RegistryPki {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

/** Raised for what a version of kk cannot do. */
export interface Unsupported {
  readonly unsupported: string;
}

/** One line of KubeKey: its files, its calls, its signs of success. Pure; nothing here runs anything. */
export interface KubeKeyDriver {
  readonly version: KubeKeyVersion;
  /** Can lead a running cluster to another Kubernetes version. */
  readonly canUpgrade: boolean;
  /** Names that kk and the artifact get below the work folder. */
  readonly kkFile: string;
  readonly artifactFile: string;
  /** CA, client certificate and key that kk made for the registry, on the installer. */
  registryPki(place: KubeKeyPlace, registryHost: string): RegistryPki;
  /** Output of `kk version …` that proves this version: arguments and the text to find. */
  readonly versionProbe: { readonly args: readonly string[]; readonly pattern: RegExp };
  /** Config, or inventory and config, of the cluster or of its registry. */
  renderFiles(purpose: Purpose, view: KubeKeyView): readonly RenderedFile[];
  /** Everything wrong with such files, filled or not; empty when kk may have them. */
  validate(files: readonly RenderedFile[]): readonly string[];
  initOs(place: KubeKeyPlace): KubeKeyRun;
  initRegistry(place: KubeKeyPlace): KubeKeyRun;
  pushImages(place: KubeKeyPlace): KubeKeyRun;
  createCluster(place: KubeKeyPlace): KubeKeyRun;
  addNodes(place: KubeKeyPlace, view: KubeKeyView, names: readonly string[]): KubeKeyRun;
  /** Works on the files of the last success, in which the node still stands. */
  deleteNode(place: KubeKeyPlace, name: string): KubeKeyRun;
  deleteCluster(place: KubeKeyPlace): KubeKeyRun;
  upgrade(place: KubeKeyPlace, version: string): KubeKeyRun | Unsupported;
  renewCertificates(place: KubeKeyPlace): KubeKeyRun;
  /** True for lines of kk's output that tell an operator how far it is. */
  shows(line: string): boolean;
  /** Finds a known fault in lines of kk's output. */
  explain(lines: readonly string[]): Explanation | undefined;
}

/** Name of the copy that the last successful run worked on. */
export function appliedPath(path: string): string {
  return path.replace(/\.yaml$/, ".applied.yaml");
}
