import { readFileSync } from "node:fs";
import { cp, mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { findOnPath } from "./executable";
import type { BuildPin } from "./pins";
import { type ProgramOptions, runProgram } from "./program";
import type { Report } from "./progress";
import type { Toolchain } from "./toolchain";

/** The go command of this machine. */
export interface Go {
  readonly path: string;
  /** Without fetching another one, for example "1.24.4". */
  readonly version: string;
}

/** Finds Go on PATH or in its usual place. */
export async function findGo({ environment, goPlaces }: Toolchain): Promise<Go | undefined> {
  for (const path of [...(await findOnPath("go", environment)), ...goPlaces]) {
    const end = await runProgram(path, ["version"], {
      environment: { ...environment, GOTOOLCHAIN: "local" },
      timeoutSeconds: 20,
    });
    const version = /go version go(\d+(?:\.\d+)*)/.exec(end.stdout)?.[1];
    if (version) return { path, version };
  }
  return undefined;
}

/** The oldest Go that a module builds with, from its go.mod. */
export function neededGo(toolchain: Toolchain, build: BuildPin): string {
  const text = readFileSync(join(toolchain.goModules, build.folder, "go.mod"), "utf8");
  return /^go (\S+)$/m.exec(text)?.[1] ?? "1.21";
}

/** Whether Go `have` builds modules that need `need`. */
export function goIsRecent(have: string, need: string): boolean {
  const order = have.localeCompare(need, "en", { numeric: true });
  return order >= 0;
}

const networkFault =
  /dial tcp|no such host|connection refused|i\/o timeout|TLS handshake|proxyconnect|Bad Gateway|disabled by GOPROXY=off|network is unreachable/i;

/** Neither Go's own cache nor a module proxy had what a build needs. */
export class ModulesUnreachable extends Error {}

function explain(stderr: string, tool: string): Error {
  const lines = stderr
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("go: downloading"));
  const told = lines.slice(-6).join("\n");
  if (networkFault.test(stderr)) {
    return new ModulesUnreachable(`Go modules could not be fetched: ${told}`);
  }
  if (/no space left/i.test(stderr)) return new Error(`the disk is full: ${told}`);
  return new Error(`building ${tool} failed: ${told || "no message"}`);
}

/** What the go command sees: only what the committed go.mod and go.sum say, never another workspace. */
function goEnvironment(toolchain: Toolchain, fetchGo: boolean): NodeJS.ProcessEnv {
  return {
    ...toolchain.environment,
    CGO_ENABLED: "0",
    GOOS: "linux",
    GOARCH: toolchain.architecture,
    GOFLAGS: "-mod=readonly",
    GOWORK: "off",
    GO111MODULE: "on",
    ...(toolchain.offline ? { GOPROXY: "off" } : {}),
    ...(fetchGo ? { GOTOOLCHAIN: "auto" } : {}),
  };
}

/** Builds `work/bin/<tool>` from Go modules. Throws with the reason. */
export async function buildFromModules(
  toolchain: Toolchain,
  tool: string,
  version: string,
  build: BuildPin,
  work: string,
  context: { readonly report: Report; readonly signal?: AbortSignal | undefined },
): Promise<void> {
  const go = await findGo(toolchain);
  const need = neededGo(toolchain, build);
  if (go === undefined) throw new Error(`there is no go command (${need} or newer is needed)`);
  const have = go.version;
  const recent = goIsRecent(have, need);
  if (!recent && toolchain.offline) throw new Error(`Go is ${have}; ${need} or newer is needed`);
  const options = {
    cwd: join(toolchain.goModules, build.folder),
    environment: goEnvironment(toolchain, !recent),
    background: true,
    ...(context.signal ? { signal: context.signal } : {}),
  };

  context.report("modules", "fetching Go modules");
  if (build.placeholders !== undefined) {
    options.cwd = join(work, "module");
    options.environment.GOFLAGS = "-mod=vendor";
    await vendor(join(toolchain.goModules, build.folder), go, build.placeholders, options, tool);
  }
  const tags = build.tags === undefined ? [] : [`-tags=${build.tags.join(",")}`];
  const listed = await runProgram(go.path, ["list", "-deps", ...tags, build.package], {
    ...options,
    onErrorLine: (line) => {
      if (line.startsWith("go: downloading")) context.report("modules", line.slice(4));
    },
  });
  if (listed.code !== 0) {
    if (!recent)
      throw new Error(`Go is ${have}, ${need} is needed; ${explain(listed.stderr, tool).message}`);
    throw explain(listed.stderr, tool);
  }
  const packages = listed.stdout.trim().split("\n").length;

  const values = Object.entries(build.values).map(
    ([name, value]) => `-X ${name}=${value.replaceAll("{version}", version)}`,
  );
  context.report("build", `from Go modules, about ${build.minutes} min on two cores`);
  let compiled = 0;
  const built = await runProgram(
    go.path,
    [
      "build",
      "-v",
      "-buildvcs=false",
      "-trimpath",
      ...tags,
      `-ldflags=-s -w ${values.join(" ")}`,
      `-o=${join(work, "bin", tool)}`,
      build.package,
    ],
    {
      ...options,
      onErrorLine: () => {
        compiled += 1;
        if (compiled % 20 === 0) {
          context.report("build", `from Go modules, ${compiled} of up to ${packages} packages`);
        }
      },
    },
  );
  // With -v the packages' names are on standard error too.
  const faults = built.stderr.split("\n").filter((line) => !/^[\w./~-]+$/.test(line));
  if (built.code !== 0) throw explain(faults.join("\n"), tool);
}

/** Makes a copy of a module with all that it needs beside it, and the files that it lacks. */
async function vendor(
  folder: string,
  go: Go,
  placeholders: NonNullable<BuildPin["placeholders"]>,
  options: ProgramOptions & { readonly cwd: string; readonly environment: NodeJS.ProcessEnv },
  tool: string,
): Promise<void> {
  await cp(folder, options.cwd, { recursive: true });
  // -e: a module without its placeholders is not whole yet.
  const environment = { ...options.environment, GOFLAGS: "-mod=mod" };
  const made = await runProgram(go.path, ["mod", "vendor", "-e"], { ...options, environment });
  if (made.code !== 0) throw explain(made.stderr, tool);
  for (const [path, text] of Object.entries(placeholders)) {
    const file = join(options.cwd, "vendor", path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
}
