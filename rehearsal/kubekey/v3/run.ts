import { mkdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import {
  commandName,
  type Parsed,
  parseCommandLine,
  switchFlag,
  textFlag,
} from "../engine/command-line";
import { Journal } from "../engine/journal";
import { type Module, runPipeline } from "../engine/pipeline";
import { programsFromEnvironment, Session } from "../engine/session";
import { Stop } from "../engine/stop";
import { commands, commonFlags } from "./commands";
import { type LoadedConfig, loadConfig } from "./config";
import { certsModules, deleteClusterModules, deleteNodeModules } from "./maintenance";
import * as pipelines from "./pipelines";
import { createConfig, createManifest } from "./templates";
import { upgradeModules } from "./upgrade";
import { supportedKubernetes } from "./versions";

const version = "v3.1.12";

/**
 * Runs kk v3.1.12's command line.
 * @param executable Absolute path of the kk file; the work directory stands beside it.
 * @throws {Stop} for every end but a plain success.
 */
export async function runV3(executable: string, argv: readonly string[]): Promise<void> {
  const parsed = parseCommandLine(argv, commands, commonFlags);
  const name = commandName(parsed.command);
  if (name === "version") return printVersion(parsed);
  const workDir = join(dirname(executable), "kubekey");
  mkdirSync(workDir, { recursive: true });
  if (name === "create config") return createConfig(parsed);
  if (name === "create manifest") return createManifest(parsed);
  if (name === "cluster-info dump" || name === "artifact export") {
    throw new Stop(
      1,
      `[rehearsal] the stand-in has no ${name}; use the real kk of the site's bundle`,
    );
  }
  const config = name === "artifact import" ? undefined : configOf(parsed, name);
  if (config === undefined) return importArtifact(parsed, workDir);
  await runOnHosts(name, parsed, config, workDir);
}

function configOf(parsed: Parsed, name: string): LoadedConfig {
  const path = textFlag(parsed, "filename");
  if (path === undefined) {
    throw new Stop(
      1,
      `[rehearsal] real kk would ${name} on this machine itself (all in one); give -f with a configuration file`,
    );
  }
  return loadConfig(path);
}

async function importArtifact(parsed: Parsed, workDir: string): Promise<void> {
  const artifact = artifactOf(parsed);
  if (artifact === undefined) throw new Stop(1, "error: artifact path is empty");
  const { spawnSync } = await import("node:child_process");
  const unpacked = spawnSync("tar", ["-xzf", artifact, "-C", workDir, "--no-same-owner"], {
    stdio: "inherit",
  });
  if (unpacked.status !== 0) throw new Stop(1, `error: unArchive ${artifact} failed`);
}

function artifactOf(parsed: Parsed): string | undefined {
  const path = textFlag(parsed, "artifact");
  return path === undefined || path === "" ? undefined : resolve(path);
}

async function runOnHosts(
  name: string,
  parsed: Parsed,
  config: LoadedConfig,
  workDir: string,
): Promise<void> {
  if (
    name === "artifact images push" &&
    artifactOf(parsed) === undefined &&
    textFlag(parsed, "images-dir") === undefined
  ) {
    throw new Stop(1, "error: artifact or images-dir is required");
  }
  const manager = textFlag(parsed, "container-manager");
  if (manager !== undefined && !["docker", "containerd", "crio", "isula"].includes(manager)) {
    throw new Stop(1, `error: unsupport container runtime [${manager}]`);
  }
  const session = new Session(
    config.plan,
    workDir,
    programsFromEnvironment(process.env),
    new Journal(join(workDir, "logs")),
  );
  for (const host of config.plan.hosts) mkdirSync(join(workDir, host.name), { recursive: true });
  try {
    const work = await plannedWork(name, parsed, config, session);
    await runPipeline(work.pipeline, work.modules, session);
    if (work.farewell !== undefined) session.journal.print(work.farewell);
  } catch (error) {
    if (error instanceof Stop) throw error;
    session.journal.error(error instanceof Error ? error.message : String(error));
    throw new Stop(1, `error: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    session.close();
  }
}

interface Work {
  readonly pipeline: string;
  readonly modules: readonly Module[];
  readonly farewell?: string;
}

async function plannedWork(
  name: string,
  parsed: Parsed,
  config: LoadedConfig,
  session: Session,
): Promise<Work> {
  const artifact = artifactOf(parsed);
  const yes = switchFlag(parsed, "yes");
  const { spec } = config;
  const install: pipelines.InstallOptions = {
    ...(artifact === undefined ? {} : { artifact }),
    // Without an artifact kk resets both switches, whatever was asked.
    withPackages: artifact !== undefined && switchFlag(parsed, "with-packages"),
    skipPushImages: artifact !== undefined && switchFlag(parsed, "skip-push-images"),
    skipPullImages: switchFlag(parsed, "skip-pull-images"),
    yes,
  };
  switch (name) {
    case "create cluster":
      return {
        pipeline: "CreateClusterPipeline",
        modules: pipelines.createCluster(session, spec, install),
        farewell:
          "Installation is complete.\n\nPlease check the result using the command:\n\t\t\n\tkubectl get pod -A\n",
      };
    case "add nodes":
      return { pipeline: "AddNodesPipeline", modules: pipelines.addNodes(session, spec, install) };
    case "init os":
      return {
        pipeline: "InitDependenciesPipeline",
        modules: pipelines.initOs(session, spec, artifact),
      };
    case "init registry":
      if (config.plan.groups.registry.length === 0)
        throw new Error(
          "Pipeline[InitRegistryPipeline] execute failed: the number of registry must be greater then 0.",
        );
      return {
        pipeline: "InitRegistryPipeline",
        modules: pipelines.initRegistry(session, artifact),
        farewell:
          "Local image registry created successfully. Address: " +
          (config.plan.registry.host || "dockerhub.kubekey.local"),
      };
    case "artifact images push":
      return {
        pipeline: "ArtifactImagesPushPipeline",
        modules: pipelines.pushArtifactImages(session, artifact, textFlag(parsed, "images-dir")),
      };
    case "delete node":
      return {
        pipeline: "DeleteNodePipeline",
        modules: deleteNodeModules(session, parsed.positional, yes),
      };
    case "delete cluster":
      return { pipeline: "DeleteClusterPipeline", modules: deleteClusterModules(session, yes) };
    case "upgrade":
      return {
        pipeline: "UpgradeClusterPipeline",
        modules: upgradeModules(session, parsed, { artifact, yes }),
      };
    case "certs check-expiration":
      return { pipeline: "CheckCertsPipeline", modules: certsModules(session, false) };
    case "certs renew":
      return { pipeline: "RenewCertsPipeline", modules: certsModules(session, true) };
    default:
      throw new Stop(1, `[rehearsal] the stand-in has no ${name}`);
  }
}

function printVersion(parsed: Parsed): void {
  if (switchFlag(parsed, "show-supported-k8s")) {
    console.log(supportedKubernetes.join("\n"));
    return;
  }
  const info = {
    major: "3",
    minor: "1",
    gitVersion: version,
    gitCommit: "rehearsal",
    gitTreeState: "clean",
    platform: "linux/amd64",
  };
  const output = textFlag(parsed, "output") ?? "";
  if (output === "short") console.log(version);
  else if (output === "json") console.log(JSON.stringify({ kk: info }, null, 2));
  else if (output === "yaml")
    console.log(
      `kk:\n${Object.entries(info)
        .map(([key, value]) => `  ${key}: "${value}"`)
        .join("\n")}`,
    );
  else if (output === "")
    console.log(
      `kk version: &version.Info{Major:"3", Minor:"1", GitVersion:"${version}", GitCommit:"rehearsal", GitTreeState:"clean", Platform:"linux/amd64"}`,
    );
  else throw new Stop(1, `Error: invalid output format: ${output}`);
}
