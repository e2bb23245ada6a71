import { lstatSync, realpathSync } from "node:fs";
import { join } from "node:path";
import type { ClusterBlueprint } from "../site/blueprint-types";
import { type Bundle, bundleFolder, loadBundle } from "../site/bundle";

/** What is known of the files that a site needs from its release's bundle. */
export interface BundleState {
  /** For the blueprint; undefined while something is missing. */
  readonly files?: NonNullable<ClusterBlueprint["files"]>;
  /** What keeps the bundle from being used, each a sentence; empty when it is whole. */
  readonly problems: readonly string[];
}

/**
 * Looks whether the bundle of a release holds what a version of KubeKey needs: described in bundle.json, there, of the stated
 * size, and really below the bundle's folder. Contents are not read: digests are checked where the bundle is opened, and by
 * the host that receives a file. Throws RunError when bundle.json is there but is none.
 */
export function bundleState(
  root: string,
  release: string,
  kubekey: ClusterBlueprint["kubekey"],
): BundleState {
  const folder = bundleFolder(release);
  const bundle = loadBundle(root, release);
  if (bundle === undefined) {
    return {
      problems: [
        `${folder}/bundle.json is not there: nothing can be applied without the bundle of ${release}`,
      ],
    };
  }
  const described = bundle.kubekey[kubekey];
  if (described === undefined) {
    return { problems: [`${folder}/bundle.json has no files for KubeKey ${kubekey}`] };
  }
  const files = Object.values(described);
  const problems = files.flatMap((file) => fileProblem(join(root, folder), file) ?? []);
  if (problems.length > 0) return { problems: problems.map((problem) => `${folder}/${problem}`) };
  return { files: described, problems };
}

type BundleFile = NonNullable<Bundle["kubekey"][ClusterBlueprint["kubekey"]]>["kk"];

function fileProblem(folder: string, { path, sizeBytes }: BundleFile): string | undefined {
  const full = join(folder, path);
  try {
    const found = lstatSync(full);
    // A link, of the file or of a folder above it, could lead anywhere on this machine.
    const inside = realpathSync(full) === join(realpathSync(folder), ...path.split("/"));
    if (!found.isFile() || !inside) return `${path} is reached through a link or is no plain file`;
    if (found.size !== sizeBytes)
      return `${path} has ${found.size} bytes; bundle.json says ${sizeBytes}`;
    return undefined;
  } catch {
    return `${path} is not there`;
  }
}
