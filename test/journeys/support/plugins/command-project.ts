import { type ChildProcess, spawn } from "node:child_process";
import {
  copyFileSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  installLanguageHost,
  installProvider,
} from "../../../../rehearsal/plugins/protocol/launcher";
import { cacheFolder } from "../../../../toolchain/cache";
import { program } from "../programs";

const modules = join(__dirname, "../../../../node_modules");

/** One resource of an exported stack. */
export interface StackResource {
  readonly type: string;
  readonly urn: string;
  readonly id?: string;
  readonly inputs?: Record<string, unknown>;
  readonly outputs?: Record<string, unknown>;
}

/** How a run of the engine ended, and all that it printed. */
export interface EngineRun {
  readonly code: number | null;
  readonly output: string;
}

/** A Pulumi project in a folder of its own, run by the real engine on the stand-ins. */
export class EngineProject {
  readonly folder = mkdtempSync(join(tmpdir(), "sitewright-engine-"));
  readonly #pulumi = join(this.folder, "bin/pulumi");
  readonly #program = join(this.folder, "program");

  constructor() {
    for (const name of ["bin", "home", "state", "program/node_modules/@pulumi"]) {
      mkdirSync(join(this.folder, name), { recursive: true });
    }
    // Its own copy, so that the language host stands beside the binary itself.
    const engine = program("pulumi");
    try {
      linkSync(engine, this.#pulumi);
    } catch {
      copyFileSync(engine, this.#pulumi);
    }
    installLanguageHost(join(this.folder, "bin"));
    installProvider(join(this.folder, "home"), { name: "random", version: "4.21.2" });
    installProvider(join(this.folder, "home"), { name: "command", version: "1.2.1" });
    for (const name of ["pulumi", "random", "command"]) {
      const link = join(this.#program, "node_modules/@pulumi", name);
      symlinkSync(join(modules, "@pulumi", name), link);
    }
    writeFileSync(join(this.#program, "Pulumi.yaml"), "name: trial\nruntime: nodejs\n");
    writeFileSync(join(this.#program, "package.json"), "{}");
    writeFileSync(
      join(this.#program, "tsconfig.json"),
      '{"compilerOptions":{"module":"commonjs","target":"es2022","moduleResolution":"bundler"}}',
    );
  }

  /** Writes the program; `command`, `random` and `pulumi` are imported already. */
  program(body: string): void {
    const imports = ["pulumi", "random", "command"].map(
      (name) => `import * as ${name} from "@pulumi/${name}";\n`,
    );
    writeFileSync(join(this.#program, "index.ts"), `${imports.join("")}${body}\n`);
  }

  /** Starts the engine; the caller waits for it or ends it. */
  start(args: readonly string[]): {
    readonly child: ChildProcess;
    readonly end: Promise<EngineRun>;
  } {
    const child = spawn(this.#pulumi, [...args, "--non-interactive"], {
      cwd: this.#program,
      env: {
        HOME: this.folder,
        PATH: `${join(this.folder, "bin")}:${process.env.PATH}`,
        PULUMI_HOME: join(this.folder, "home"),
        PULUMI_BACKEND_URL: `file://${join(this.folder, "state")}`,
        PULUMI_CONFIG_PASSPHRASE: "trial",
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        PULUMI_SKIP_UPDATE_CHECK: "true",
        // HOME is the project's; what is transpiled already need not be again.
        SITEWRIGHT_CACHE: cacheFolder(),
        PULUMI_NODEJS_TRANSPILE_ONLY: "true",
        NO_COLOR: "1",
      },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    const keep = (chunk: Buffer) => {
      output += chunk.toString("utf8");
    };
    child.stdout?.on("data", keep);
    child.stderr?.on("data", keep);
    const end = new Promise<EngineRun>((resolve) => {
      child.once("close", (code) => resolve({ code, output }));
    });
    return { child, end };
  }

  /** Runs the engine to its end. */
  async run(...args: string[]): Promise<EngineRun> {
    return await this.start(args).end;
  }

  /** Runs the engine to its end and fails, with all that it printed, when that is not a good one. */
  async succeed(...args: string[]): Promise<string> {
    const { code, output } = await this.run(...args);
    if (code !== 0) throw new Error(`pulumi ${args.join(" ")} ended with ${code}:\n${output}`);
    return output;
  }

  /** What a preview would do, by resource name, leaving out what stays as it is. */
  async plan(): Promise<Record<string, string>> {
    const { code, output } = await this.run("preview", "--json");
    if (code !== 0) throw new Error(output);
    const { steps } = JSON.parse(output.slice(output.indexOf("{\n"))) as {
      steps: { op: string; urn: string }[];
    };
    const named = steps.map(({ op, urn }) => [urn.split("::").at(-1) ?? "", op] as const);
    // Engines differ in whether they tell what stays the same.
    return Object.fromEntries(
      named.filter(([name, op]) => op !== "same" && !/^(trial-dev|default_)/.test(name)),
    );
  }

  /** Resources of the stack by name, secrets in clear or encrypted. */
  async resources(showSecrets = true): Promise<Record<string, StackResource>> {
    const flags = showSecrets ? ["--show-secrets"] : [];
    const text = await this.succeed("stack", "export", ...flags);
    const { deployment } = JSON.parse(text) as { deployment: { resources?: StackResource[] } };
    const named = (deployment.resources ?? []).map(
      (resource) => [resource.urn.split("::").at(-1) ?? "", resource] as const,
    );
    return Object.fromEntries(named);
  }

  /** Processes that this project's engine started and that are still there: command lines. */
  processes(): string[] {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .filter((pid) => environmentOf(pid).includes(`PULUMI_HOME=${join(this.folder, "home")}\0`))
      .map((pid) => commandLineOf(pid))
      .filter((line) => line !== "");
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function environmentOf(pid: string): string {
  try {
    readlinkSync(`/proc/${pid}/exe`);
    return readFileSync(`/proc/${pid}/environ`, "utf8");
  } catch {
    return "";
  }
}

function commandLineOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
  } catch {
    return "";
  }
}
