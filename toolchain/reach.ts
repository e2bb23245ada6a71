import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openUrl } from "./download";
import { findGo } from "./go-build";
import { runProgram } from "./program";
import { releaseFile } from "./release";
import type { Toolchain } from "./toolchain";

/** Whether this machine reaches one place that tools come from. */
export interface Reach {
  /** "npm registry", "Go module proxy", or the host of official releases. */
  readonly place: string;
  readonly reached: boolean;
  /** The client's own words when it is not reached. */
  readonly why?: string;
}

const probeSeconds = 15;
const goProxy = "Go module proxy";

async function ask(
  place: string,
  program: string,
  words: string[],
  environment: NodeJS.ProcessEnv,
) {
  const end = await runProgram(program, words, { environment, timeoutSeconds: probeSeconds });
  const why = end.stderr.trim().split("\n")[0]?.slice(0, 160) || `exit code ${end.code}`;
  return end.code === 0 ? { place, reached: true } : { place, reached: false, why };
}

/** A module that is certainly not in the throw-away cache, so only the proxy can answer. */
async function askGoProxy(toolchain: Toolchain): Promise<Reach> {
  const go = await findGo(toolchain);
  if (go === undefined) return { place: goProxy, reached: false, why: "there is no go command" };
  const folder = await mkdtemp(join(tmpdir(), "sitewright-reach-"));
  try {
    const words = ["list", "-m", "-json", "golang.org/x/mod@v0.25.0"];
    return await ask(goProxy, go.path, words, {
      ...toolchain.environment,
      GOMODCACHE: folder,
      GOFLAGS: "-modcacherw",
      GOWORK: "off",
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function askRelease(url: string, environment: NodeJS.ProcessEnv): Promise<Reach> {
  const place = `releases at ${new URL(url).host}`;
  try {
    (await openUrl(url, { environment, unreachable: new Map() })).destroy();
    return { place, reached: true };
  } catch (error) {
    return { place, reached: false, why: (error as Error).message };
  }
}

/** Asks every place that tools come from, all at once, within about fifteen seconds. */
export async function probeReach(toolchain: Toolchain): Promise<Reach[]> {
  const { environment, pins, architecture } = toolchain;
  const urls = new Map<string, string>();
  for (const { release, version } of Object.values(pins.tools)) {
    const file = release && releaseFile(release, version, architecture);
    if (file) urls.set(new URL(file.url).host, file.url);
  }
  return Promise.all([
    ask("npm registry", "npm", ["ping"], environment),
    askGoProxy(toolchain),
    ...[...urls.values()].map((url) => askRelease(url, environment)),
  ]);
}
