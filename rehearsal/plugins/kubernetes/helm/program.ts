import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { ProviderFailure } from "../../protocol/failure";

/** One run of helm. */
export interface HelmRun {
  args: string[];
  /** Standard input; values go this way, since arguments are for everybody to see. */
  input?: string;
  environment?: Record<string, string>;
  signal: AbortSignal;
}

/** What helm said. */
export interface HelmOutput {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** Path of helm: SITEWRIGHT_HELM, else the first on PATH. Errors say how to provide it. */
export function helmProgram(environment: NodeJS.ProcessEnv): string {
  const named = environment.SITEWRIGHT_HELM;
  const candidates =
    named === undefined || named === ""
      ? (environment.PATH ?? "").split(delimiter).map((folder) => join(folder, "helm"))
      : [named];
  for (const candidate of candidates) {
    try {
      accessSync(candidate, constants.X_OK);
      return candidate;
    } catch {
      // Look further.
    }
  }
  throw new ProviderFailure(
    named === undefined || named === ""
      ? "Charts are rendered by the helm program, and there is none on PATH. Put helm on PATH, or name it in SITEWRIGHT_HELM."
      : `SITEWRIGHT_HELM names "${named}", which is not a program that can be run.`,
  );
}

/** Runs helm to its end. */
export async function runHelm(run: HelmRun): Promise<HelmOutput> {
  const program = helmProgram(process.env);
  return await new Promise((resolve, reject) => {
    const child = spawn(program, run.args, {
      env: { ...process.env, ...run.environment },
      stdio: ["pipe", "pipe", "pipe"],
      signal: run.signal,
      killSignal: "SIGINT",
    });
    const text = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) {
      child[name].setEncoding("utf8");
      child[name].on("data", (part: string) => {
        text[name] += part;
      });
    }
    // helm may end before it has read everything.
    child.stdin.on("error", () => {});
    child.stdin.end(run.input ?? "");
    child.on("error", (error) =>
      reject(new ProviderFailure(`helm could not be run: ${error.message}`)),
    );
    child.on("close", (exitCode) => resolve({ exitCode: exitCode ?? -1, ...text }));
  });
}

/** Runs helm and gives its output. Errors with what helm said when it fails. */
export async function helmOutput(run: HelmRun, doing: string): Promise<HelmOutput> {
  const output = await runHelm(run);
  if (output.exitCode === 0) return output;
  throw new ProviderFailure(`${doing}: ${helmMessage(output)}`);
}

/** The message of a failed run without helm's own decoration. */
export function helmMessage({ stderr, exitCode }: HelmOutput): string {
  const lines = stderr.split("\n").filter((line) => line !== "" && !line.startsWith("WARNING:"));
  const message = lines.join("\n").replace(/^Error: /, "");
  return message === "" ? `helm ended with code ${exitCode}` : message;
}
