import { join } from "node:path";
import type { RunRequest } from "@pulumi/pulumi/proto/language_pb";
import type { PropertyValue } from "../protocol/values";
import { childEnd, startNode } from "./child";
import { type RuntimeOptions, runtimeOptions } from "./options";
import { programModule } from "./sdk";

/** Exit code by which the SDK says that it has told the user everything already. */
const alreadyReportedExitCode = 32;

/** How a program's run ended: both empty for success. */
export interface ProgramEnd {
  /** Message for the user; "" when there is none to add. */
  readonly error: string;
  /** Stop the update without another message. */
  readonly bail: boolean;
}

/** Command line and environment of one run of a program. */
export interface ProgramStart {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Runs the program that the engine names; its output goes to this process's own output. */
export async function runProgram(
  request: RunRequest,
  engineAddress: string,
  signal: AbortSignal,
): Promise<ProgramEnd> {
  const { args, cwd, env } = programStart(request, engineAddress);
  const child = startNode(args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ["ignore", "inherit", "inherit"],
    signal,
  });
  return programEnd(await childEnd(child));
}

/** What to start for a run. Throws when runtime options are wrong or the SDK is missing. */
export function programStart(request: RunRequest, engineAddress: string): ProgramStart {
  const info = request.getInfo();
  const folder = info?.getProgramDirectory() || request.getPwd();
  const options = runtimeOptions((info?.getOptions()?.toJavaScript() ?? {}) as PropertyValue);
  const flags: [string, string][] = [
    ["--monitor", request.getMonitorAddress()],
    ["--engine", engineAddress],
    ["--organization", request.getOrganization()],
    ["--project", request.getProject()],
    ["--root-directory", info?.getRootDirectory() ?? ""],
    ["--stack", request.getStack()],
    ["--pwd", request.getPwd()],
    ["--parallel", request.getParallel() > 0 ? String(request.getParallel()) : ""],
  ];
  return {
    args: [
      ...options.nodeArgs,
      programModule(folder, "run"),
      ...flags.flatMap(([flag, value]) => (value === "" ? [] : [flag, value])),
      ...(request.getDryrun() ? ["--dry-run"] : []),
      request.getProgram() || info?.getEntryPoint() || ".",
      ...request.getArgsList(),
    ],
    cwd: request.getPwd() || folder,
    env: {
      ...optionEnvironment(options, folder),
      PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().toObject())),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
    },
  };
}

/** Environment by which the SDK learns how to load TypeScript. */
export function optionEnvironment(
  { typescript, tsconfig }: RuntimeOptions,
  folder: string,
): Record<string, string> {
  return {
    PULUMI_NODEJS_TYPESCRIPT: String(typescript),
    ...(tsconfig === undefined ? {} : { PULUMI_NODEJS_TSCONFIG_PATH: join(folder, tsconfig) }),
  };
}

/** What the engine is to be told about a program that ended so. */
export function programEnd(end: number | NodeJS.Signals): ProgramEnd {
  if (end === 0) return { error: "", bail: false };
  if (end === alreadyReportedExitCode) return { error: "", bail: true };
  const how =
    typeof end === "number"
      ? `exited with non-zero exit code: ${end}`
      : `was ended by signal ${end}`;
  return { error: `Program ${how}`, bail: false };
}
