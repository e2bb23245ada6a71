import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Rehearsal } from "../folders";
import { enter } from "../keeper/enter";
import type { DeployRequest } from "./deploy";
import { parseReport, type Report } from "./report";

/**
 * Runs Pulumi inside the rehearsal and passes on what it reports.
 * An interrupt is passed inside, where the engine then stops at the next whole step.
 * @returns the last report: how it ended.
 */
export async function deployInside(
  rehearsal: Rehearsal,
  request: DeployRequest,
  onReport: (report: Report) => void,
): Promise<Extract<Report, { kind: "finished" | "failed" }>> {
  const main = join(request.projectDir, "rehearsal/run/main.ts");
  const entered = enter(
    rehearsal,
    [process.execPath, "--require", join(request.projectDir, "toolchain/register.js"), main],
    {
      cwd: request.projectDir,
      env: { ...placesOf(process.env), LANG: "C.UTF-8", ...request.env },
      stdio: ["pipe", "pipe", "pipe"],
    },
  );
  const { stdin, stdout, stderr } = entered.process;
  if (!stdin || !stdout || !stderr) throw new Error("the rehearsal's process has no pipes");
  stdin.on("error", () => undefined);
  stdin.end(JSON.stringify(request));
  const complaints: string[] = [];
  stderr.setEncoding("utf8").on("data", (text: string) => complaints.push(text));
  let last: Extract<Report, { kind: "finished" | "failed" }> | undefined;
  const lines = createInterface({ input: stdout });
  lines.on("line", (line) => {
    const report = parseReport(line);
    if (!report) complaints.push(`${line}\n`);
    else if (report.kind === "finished" || report.kind === "failed") last = report;
    else onReport(report);
  });
  const stop = () => entered.kill("SIGINT");
  process.on("SIGINT", stop).on("SIGTERM", stop);
  try {
    const { code } = await entered.ended;
    const said = complaints.join("").trim().split("\n").slice(-12).join("\n");
    return (
      last ?? { kind: "failed", message: `the deployment ended with exit code ${code}\n${said}` }
    );
  } finally {
    process.off("SIGINT", stop).off("SIGTERM", stop);
  }
}

/** What says where the cache and the rehearsals are; the rest of the user's environment stays outside. */
function placesOf(env: NodeJS.ProcessEnv): Record<string, string> {
  const names = [
    "HOME",
    "XDG_CACHE_HOME",
    "XDG_STATE_HOME",
    "SITEWRIGHT_CACHE",
    "SITEWRIGHT_REHEARSALS",
  ];
  return Object.fromEntries(names.flatMap((name) => (env[name] ? [[name, env[name]]] : [])));
}
