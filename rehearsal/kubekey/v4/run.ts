import { resolve } from "node:path";
import { drain } from "../cluster/nodes";
import type { ClusterPlan, HostPlan } from "../cluster/plan";
import { type Module, task } from "../engine/pipeline";
import { programsFromEnvironment, runLocally, Session } from "../engine/session";
import { Stop } from "../engine/stop";
import { uninstallEtcdScript } from "../modules/etcd";
import { osPackages } from "../modules/hosts";
import {
  type Command,
  commandName,
  type Flag,
  listFlag,
  type Parsed,
  parseCommandLine,
  switchFlag,
  textFlag,
} from "../v3/command-line";
import { certsModules, clearNodeScript } from "../v3/maintenance";
import { binaryDir, type LoadedFiles, loadFiles } from "./config";
import * as modules from "./modules";
import { PlayVoice } from "./play-voice";
import { runPlaybook } from "./playbook";

const text = (name: string, short?: string): Flag => ({
  name,
  kind: "string",
  ...(short === undefined ? {} : { short }),
});
const on = (name: string, short?: string): Flag => ({
  name,
  kind: "bool",
  ...(short === undefined ? {} : { short }),
});
const many = (name: string): Flag => ({ name, kind: "list" });

const common: readonly Flag[] = [
  ...[
    text("inventory", "i"),
    text("config", "c"),
    text("artifact", "a"),
    many("set"),
    text("workdir"),
  ],
  ...[text("namespace", "n"), text("v", "v")],
];
const erase = [on("all"), on("with-data"), text("with-kubernetes")];

/** kk v4.0.6's commands. There is no `upgrade` and no `-y`: nothing ever asks. */
const commands: readonly Command[] = [
  { words: ["version"], summary: "Print the version", flags: [on("short", "s")] },
  {
    words: ["precheck"],
    summary: "Check if the nodes is eligible for cluster deployment.",
    flags: [],
    positional: true,
  },
  { words: ["init", "os"], summary: "Init operating system", flags: [] },
  { words: ["init", "registry"], summary: "Init a local image registry", flags: [] },
  {
    words: ["artifact", "images"],
    summary: "push images to a registry from an artifact",
    flags: [on("push"), on("pull")],
  },
  {
    words: ["create", "cluster"],
    summary: "Create a Kubernetes cluster",
    flags: [text("with-kubernetes")],
  },
  {
    words: ["add", "nodes"],
    summary: "Add nodes to the cluster",
    flags: [
      text("control-plane"),
      text("worker"),
      text("etcd"),
      on("override"),
      text("with-kubernetes"),
    ],
    positional: true,
  },
  {
    words: ["delete", "nodes"],
    summary: "Delete nodes of the cluster",
    flags: [...erase, on("override")],
    positional: true,
  },
  { words: ["delete", "cluster"], summary: "Delete a cluster", flags: erase },
  {
    words: ["delete", "registry"],
    summary: "Delete a image registry which create by kubekey.",
    flags: erase,
  },
  { words: ["certs", "renew"], summary: "renew a cluster certs", flags: [] },
];

/** Runs kk v4.0.6's command line. @throws {Stop} for every end but a plain success. */
export async function runV4(_executable: string, argv: readonly string[]): Promise<void> {
  const parsed = parseCommandLine(argv, commands, common);
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
  const start = modules.rootModules(session);
  const prepared = [modules.certificatesModule(session), modules.downloadModule(session, artifact)];
  switch (name) {
    case "precheck":
      return [...start, modules.precheckModule(session)];
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
        modules.precheckModule(session),
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
        modules.precheckModule(session),
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

function deleteNodes(session: Session, names: readonly string[]): Module {
  const gone = session.plan.hosts.filter((host) => names.includes(host.name));
  const rest = session.plan.groups.controlPlane.filter((host) => !gone.includes(host));
  const [helper] = rest;
  return {
    name: "uninstall/kubernetes",
    tasks: () => [
      task<HostPlan>({
        name: "DrainNode",
        description: "Kubernetes | Drain and delete the node",
        hosts: gone,
        run: async (host) => {
          if (helper === undefined)
            throw new Error("the last control plane cannot be deleted; use delete cluster");
          const api = await session.api(helper);
          const path = `/api/v1/nodes/${host.name}`;
          if ((await api.get(path)) === undefined) return;
          await drain(api, host.name, 120);
          await api.remove(path);
        },
      }),
      task<HostPlan>({
        name: "RemoveFiles",
        description: "Kubernetes | Remove node files",
        hosts: gone,
        run: async (host) => {
          await session.sudo(host, "remove node files", clearNodeScript);
        },
      }),
    ],
  };
}

function deleteCluster(session: Session): Module {
  return {
    name: "uninstall/kubernetes",
    tasks: () => [
      task<HostPlan>({
        name: "RemoveFiles",
        description: "Kubernetes | Reset the cluster",
        hosts: session.plan.hosts.filter((host) => !session.plan.groups.registry.includes(host)),
        run: async (host) => {
          await session.sudo(
            host,
            "remove cluster files",
            `${clearNodeScript}\n${uninstallEtcdScript}`,
          );
        },
      }),
      task({
        name: "RemoveEtcdCerts",
        description: "ETCD | Remove certificates of the working directory",
        run: async () => {
          runLocally("remove etcd certs", `rm -rf '${session.workDir}/pki/etcd'`);
        },
      }),
    ],
  };
}
