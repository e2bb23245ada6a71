import { resolve } from "node:path";
import type { ClusterPlan } from "../cluster/plan";
import {
  commandName,
  listFlag,
  type Parsed,
  parseCommandLine,
  switchFlag,
  textFlag,
} from "../engine/command-line";
import type { Module } from "../engine/pipeline";
import { programsFromEnvironment, runLocally, Session } from "../engine/session";
import { Stop } from "../engine/stop";
import { osPackages } from "../modules/packages";
import { certsModules } from "../v3/maintenance";
import { commands, commonFlags } from "./commands";
import { type LoadedFiles, loadFiles } from "./config";
import { deleteCluster, deleteNodes } from "./deletion";
import * as modules from "./modules";
import { binaryDir } from "./plan";
import { PlayVoice } from "./play-voice";
import { runPlaybook } from "./playbook";
import { precheckModule, rootModules } from "./precheck";

/** Runs kk v4.0.6's command line. @throws {Stop} for every end but a plain success. */
export async function runV4(_executable: string, argv: readonly string[]): Promise<void> {
  const parsed = parseCommandLine(argv, commands, commonFlags);
  const name = commandName(parsed.command);
  if (name === "version") {
    const info = {
      major: "4",
      minor: "0",
      gitVersion: "v4.0.6",
      gitTreeState: "clean",
      platform: "linux/amd64",
    };
    console.log(switchFlag(parsed, "short") ? info.gitVersion : JSON.stringify(info));
    return;
  }
  if (listFlag(parsed, "set").length > 0) {
    throw new Stop(
      1,
      "[rehearsal] the stand-in has no --set: real kk would turn yes, no and numerals into other types; write a file",
    );
  }
  const workDir = resolve(textFlag(parsed, "workdir") ?? "kubekey");
  const files = loadFiles(
    textFlag(parsed, "inventory") ?? "",
    textFlag(parsed, "config") ?? "",
    workDir,
  );
  const session = new Session(
    files.plan,
    binaryDir(workDir),
    programsFromEnvironment(process.env),
    new PlayVoice(),
  );
  runLocally("make the work directory", `mkdir -p '${session.workDir}' '${workDir}/scripts'`);
  try {
    await runPlaybook(playbookModules(name, parsed, session), {
      journal: session.journal,
      faults: session.faults,
      workDir,
      playbook: name.replaceAll(" ", "-"),
      ...records(files),
    });
  } finally {
    session.close();
  }
}

function records({ inventory, config }: LoadedFiles) {
  return { inventory, config };
}

function playbookModules(name: string, parsed: Parsed, session: Session): Module[] {
  const given = textFlag(parsed, "artifact");
  const artifact = given === undefined ? undefined : resolve(given);
  const start = rootModules(session);
  const prepared = [modules.certificatesModule(session), modules.downloadModule(session, artifact)];
  switch (name) {
    case "precheck":
      return [...start, precheckModule(session)];
    case "init os":
      return [
        ...start,
        ...prepared,
        modules.nativeModule(session),
        osPackages(session, artifact === undefined),
      ];
    case "init registry":
      return [
        ...start,
        ...prepared,
        modules.nativeModule(session),
        ...modules.registryModules(session, false),
      ];
    case "artifact images":
      if (switchFlag(parsed, "pull"))
        throw new Stop(1, "Error: images cannot be pulled: no route out of the site");
      return [
        ...start,
        modules.downloadModule(session, artifact),
        ...modules.registryModules(session, true).slice(1),
      ];
    case "create cluster":
      return [
        ...start,
        precheckModule(session),
        ...prepared,
        osPackages(session, artifact === undefined),
        modules.nativeModule(session),
        ...modules.registryModules(
          session,
          artifact !== undefined && session.plan.groups.registry.length > 0,
        ),
        ...modules.clusterModules(session, true),
      ];
    case "add nodes":
      unknownNodes(session.plan, [
        ...listOf(parsed, "control-plane"),
        ...listOf(parsed, "worker"),
        ...listOf(parsed, "etcd"),
        ...parsed.positional,
      ]);
      return [
        ...start,
        precheckModule(session),
        ...prepared,
        osPackages(session, artifact === undefined),
        modules.nativeModule(session),
        ...modules.clusterModules(session, false),
      ];
    case "delete nodes":
      if (parsed.positional.length === 0)
        throw new Stop(1, "Error: accepts at least 1 arg(s), received 0");
      unknownNodes(session.plan, parsed.positional);
      return [...start, deleteNodes(session, parsed.positional)];
    case "delete cluster":
      return [...start, deleteCluster(session)];
    case "delete registry":
      throw new Stop(1, "[rehearsal] the stand-in has no delete registry");
    case "certs renew":
      return [...start, ...certsModules(session, true)];
    default:
      throw new Stop(1, `[rehearsal] the stand-in has no ${name}`);
  }
}

function listOf(parsed: Parsed, flag: string): string[] {
  return (textFlag(parsed, flag) ?? "").split(",").filter((name) => name !== "");
}

function unknownNodes(plan: ClusterPlan, names: readonly string[]): void {
  const unknown = names.find((name) => !plan.hosts.some((host) => host.name === name));
  if (unknown !== undefined)
    throw new Stop(1, `Error: node: "${unknown}" is not defined in inventory.`);
}
