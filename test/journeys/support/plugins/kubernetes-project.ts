import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  installLanguageHost,
  installProvider,
} from "../../../../rehearsal/plugins/protocol/launcher";
import { cacheFolder } from "../../../../toolchain/cache";
import { program } from "../programs";

const checkout = resolve(__dirname, "../../../..");

/** What came of one run of the engine. */
export interface Run {
  exitCode: number | null;
  /** Standard output and error in the order of arrival. */
  output: string;
}

/** A run of the engine that is under way. */
export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Run>;
  /** Waits until the output has something that matches; an error when the run ends without it. */
  said(pattern: RegExp): Promise<void>;
}

/** One step of a preview or update, as the engine plans it. */
export interface Step {
  op: string;
  urn: string;
  /** Property paths to kinds such as "update" or "delete-replace". */
  detailedDiff: Record<string, { kind: string; inputDiff?: boolean }> | null;
  replaceReasons?: string[];
  newState?: { inputs: Record<string, unknown>; outputs: Record<string, unknown> };
  oldState?: { inputs: Record<string, unknown>; outputs: Record<string, unknown> };
}

/** A Pulumi project of its own, run by the real engine with the stand-in plugins. */
export class Project {
  readonly folder: string;
  readonly #environment: NodeJS.ProcessEnv;

  /** @param environment variables besides those that every run gets. */
  constructor(environment: Record<string, string> = {}) {
    this.folder = mkdtempSync(join(tmpdir(), "kubernetes-project-"));
    const home = join(this.folder, "home");
    const state = join(this.folder, "state");
    mkdirSync(state);
    installProvider(home, { name: "kubernetes", version: "4.34.2" });
    const hosts = join(this.folder, "hosts");
    installLanguageHost(hosts);
    writeFileSync(
      join(this.folder, "Pulumi.yaml"),
      "name: test\nruntime: nodejs\nmain: index.js\n",
    );
    symlinkSync(join(checkout, "node_modules"), join(this.folder, "node_modules"));
    this.#environment = {
      PATH: `${hosts}:${dirname(process.execPath)}:${process.env.PATH ?? ""}`,
      HOME: this.folder,
      PULUMI_HOME: home,
      PULUMI_BACKEND_URL: `file://${state}`,
      PULUMI_CONFIG_PASSPHRASE: "test",
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
      // HOME is the project's; what is transpiled already need not be again.
      SITEWRIGHT_CACHE: cacheFolder(),
      SITEWRIGHT_HELM: program("helm"),
      ...environment,
    };
  }

  /** Puts a program in JavaScript in place; `k8s` and `pulumi` are there for it. */
  program(source: string): void {
    const imports = [
      'const k8s = require("@pulumi/kubernetes");',
      'const pulumi = require("@pulumi/pulumi");',
    ];
    writeFileSync(join(this.folder, "index.js"), [...imports, source, ""].join("\n"));
  }

  /** Runs the engine and waits for its end. */
  async run(...args: string[]): Promise<Run> {
    const started = this.start(...args);
    return await started.ended;
  }

  /** The same, and an error with the whole output when it does not succeed. */
  async succeed(...args: string[]): Promise<string> {
    const { exitCode, output } = await this.run(...args);
    if (exitCode !== 0)
      throw new Error(`pulumi ${args.join(" ")} ended with ${exitCode}:\n${output}`);
    return output;
  }

  /** Starts the engine without waiting. */
  start(...args: string[]): Started {
    const child = spawn(program("pulumi"), [...args, "--non-interactive"], {
      cwd: this.folder,
      env: this.#environment,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8");
      stream.on("data", (text: string) => {
        output += text;
      });
    }
    const ended = new Promise<Run>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (exitCode) => resolve({ exitCode, output }));
    });
    const said = async (pattern: RegExp) => {
      while (!pattern.test(output)) {
        if (child.exitCode !== null) throw new Error(`it ended without ${pattern}:\n${output}`);
        await sleep(20);
      }
    };
    return { child, ended, said };
  }

  /** What a preview plans, leaving out what stays as it is; with `mayFail` as far as it comes. */
  async plan(mayFail = false): Promise<Step[]> {
    const { exitCode, output } = await this.run("preview", "--json", "--show-secrets");
    if (exitCode !== 0 && !mayFail) throw new Error(`the preview failed:\n${output}`);
    const { steps = [] } = JSON.parse(output.slice(output.indexOf("{"))) as { steps?: Step[] };
    return steps.filter((step) => step.op !== "same");
  }

  /** The resources in the stack's state. */
  async state(): Promise<StateResource[]> {
    const output = await this.succeed("stack", "export", "--show-secrets");
    const { deployment } = JSON.parse(output) as { deployment: { resources?: StateResource[] } };
    return deployment.resources ?? [];
  }

  /** A file of the project. */
  read(name: string): string {
    return readFileSync(join(this.folder, name), "utf8");
  }

  /** Takes everything away. */
  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A resource as the state keeps it. */
export interface StateResource {
  urn: string;
  type: string;
  id?: string;
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
  initErrors?: string[];
}
