import { chmod, mkdir, rename, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { download, type UnreachableHosts } from "./download";
import type { Architecture, ReleasePin } from "./pins";
import { runProgram } from "./program";
import type { Report } from "./progress";
import type { Toolchain } from "./toolchain";

/** The file an official release offers for one architecture. */
export interface ReleaseFile {
  readonly url: string;
  readonly sha256: string;
  /** Executable to path inside the archive. */
  readonly members: Readonly<Record<string, string>> | undefined;
}

/** Fills in the pin's templates; undefined when no digest is pinned for the architecture. */
export function releaseFile(
  release: ReleasePin,
  version: string,
  architecture: Architecture,
): ReleaseFile | undefined {
  const sha256 = release.sha256[architecture];
  const arch = release.arch[architecture];
  if (!sha256 || !arch) return undefined;
  const fill = (text: string) =>
    text
      .replaceAll("{version}", version)
      .replaceAll("{number}", version.replace(/^v/, ""))
      .replaceAll("{arch}", arch);
  const members = release.members
    ? Object.fromEntries(Object.entries(release.members).map(([name, path]) => [name, fill(path)]))
    : undefined;
  return { url: fill(release.url), sha256, members };
}

/**
 * Downloads an official release and puts its executables into `work/bin`. Nothing is unpacked, let
 * alone run, before its digest has been compared. Throws with the reason.
 */
export async function fetchRelease(
  toolchain: Toolchain,
  tool: string,
  file: ReleaseFile,
  work: string,
  context: {
    readonly unreachable: UnreachableHosts;
    readonly report: Report;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<void> {
  const archive = join(work, basename(new URL(file.url).pathname));
  context.report("download", `official release from ${new URL(file.url).host}`);
  let shownPercent = 0;
  const digest = await download(file.url, archive, {
    environment: toolchain.environment,
    unreachable: context.unreachable,
    signal: context.signal,
    onBytes: (received, total) => {
      const percent = total ? Math.floor((received / total) * 100) : 0;
      if (percent < shownPercent + 5) return;
      shownPercent = percent;
      context.report("download", `official release, ${percent} %`);
    },
  });
  if (digest !== file.sha256) {
    throw new Error(
      `${file.url} has the digest ${digest}, but ${file.sha256} is pinned: it was refused`,
    );
  }
  if (!file.members) {
    await chmod(archive, 0o755);
    return rename(archive, join(work, "bin", tool));
  }
  const unpacked = join(work, "unpacked");
  await mkdir(unpacked);
  const end = await runProgram(
    "tar",
    ["-xzf", archive, "-C", unpacked, "--no-same-owner", ...Object.values(file.members)],
    context.signal ? { signal: context.signal } : {},
  );
  if (end.code !== 0) throw new Error(`${file.url} cannot be unpacked: ${end.stderr.trim()}`);
  for (const [name, path] of Object.entries(file.members)) {
    await rename(join(unpacked, path), join(work, "bin", name));
  }
  await rm(unpacked, { recursive: true });
  await rm(archive);
}
