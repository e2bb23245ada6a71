import {
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { LoadedSite } from "../../site/load";
import { namedParts } from "../../site/platform/named-parts";
import { makeStandInBundle } from "../bundle/stand-in-bundle";
import { makeFolders, type Rehearsal } from "../folders";
import { untilAnswering } from "../hosts/status";
import { layBinds } from "../keeper/binds";
import { endRehearsal } from "../keeper/end";
import { livingRecord } from "../keeper/record";
import { type SiteStart, startSite } from "../site-machines";
import type { DeployRequest } from "./deploy";
import { kubeconfigFile, rehearsalEnvironment, toolsFolder } from "./environment";
import { deployInside } from "./inside";
import { installPlugins, type PluginChoice } from "./plugins";
import type { Report } from "./report";
import { simulationOf } from "./simulation";
import { rehearsalSecrets } from "./site-secrets";
import type { RehearsalTools } from "./tools";

/** TCP port of each control-plane host's own API server. */
const API_PORT = 6443;

/** Bound for the cluster of restarted hosts to come back. */
const RESTART_SECONDS = 120;

/** A rehearsal that is ready for Pulumi: its machines run and its folders are in place. */
export interface PreparedRehearsal {
  readonly rehearsal: Rehearsal;
  readonly environment: Readonly<Record<string, string>>;
  readonly plugins: readonly PluginChoice[];
  readonly start: SiteStart;
  /** Folder of real charts; undefined when small ones of our own were used. */
  readonly charts: string | undefined;
  /** Folder of real definitions of custom resources; undefined when any object was accepted. */
  readonly definitions: string | undefined;
  /** True when random secrets stand for the site's own. */
  readonly secretsReplaced: boolean;
}

export interface PrepareOptions {
  readonly rehearsal: Rehearsal;
  readonly loaded: LoadedSite;
  /** The checkout. */
  readonly root: string;
  readonly tools: RehearsalTools;
  readonly expiry: Date | "never";
  /** Folder of real charts. Default: small ones of our own. */
  readonly charts?: string | undefined;
  readonly progress: (step: string) => void;
}

/** What is done to a rehearsal's stack. */
export interface Operation {
  readonly kind: DeployRequest["operation"];
  /** The checkout. */
  readonly root: string;
  /** Folders of policy packs below it that an `up` is judged by. Default: none. */
  readonly policyPacks?: readonly string[];
}

/** Brings the simulated machines up, or completes what is there, and lays out everything Pulumi needs beside them. */
export async function prepareRehearsal(options: PrepareOptions): Promise<PreparedRehearsal> {
  const { rehearsal, loaded, root, tools, progress } = options;
  const { blueprint } = loaded;
  const { folders } = rehearsal;
  const definitions = process.env.SITEWRIGHT_CRDS || undefined;
  makeFolders(rehearsal);
  if (!livingRecord(rehearsal)) forgetState(rehearsal);
  linkTools(rehearsal, tools);
  const plugins = installPlugins(rehearsal, tools);
  progress("opening the site's secrets");
  const secrets = await rehearsalSecrets(rehearsal, blueprint, root, process.env);
  progress("packing the bundle with the kk stand-in");
  await makeStandInBundle(join(folders.bundles, blueprint.release), {
    blueprint,
    controlplane: tools.controlplane,
    kwok: tools.kwok,
    platform: {
      catalogue: loaded.catalogue,
      charts: namedParts(blueprint.platform).flatMap(([, part]) =>
        part.charts.map(({ chart }) => chart),
      ),
      chartFolder: options.charts,
      definitionFolder: definitions,
      warn: progress,
    },
  });
  const stackFile = `Pulumi.${blueprint.site}.yaml`;
  const start = await startSite(rehearsal, {
    site: simulationOf(blueprint, secrets.values),
    debianLayer: tools.debianLayer,
    // kk's stand-in runs on the hosts, with this Node, from this checkout.
    visible: [root, tools.cache, dirname(dirname(process.execPath))],
    binds: [
      { source: folders.trust, target: join(root, "trust") },
      { source: folders.bundles, target: join(root, "bundles") },
    ],
    expiry: options.expiry,
    progress,
  });
  const restarted = blueprint.cluster.groups.controlPlane.filter((name) =>
    start.hostsStarted.includes(name),
  );
  if (restarted.length > 0 && existsSync(kubeconfigFile(rehearsal))) {
    progress(`waiting for the API server of ${restarted.join(", ")}, started again`);
    const listening = restarted.map((name) => ({ name, ports: [API_PORT] }));
    // Those that stay silent are named by what comes next, which knows better what is missing.
    await untilAnswering(rehearsal, listening, RESTART_SECONDS);
  }
  if (secrets.stackFile) {
    await layBinds(rehearsal, [{ source: secrets.stackFile, target: join(root, stackFile) }]);
  }
  return {
    rehearsal,
    environment: rehearsalEnvironment(rehearsal, secrets.passphrase),
    plugins,
    start,
    charts: options.charts,
    definitions,
    secretsReplaced: secrets.stackFile !== undefined,
  };
}

/** Runs `up` or `destroy` on the rehearsal's stack, and keeps the kubeconfig for `enter`. */
export async function runPulumi(
  prepared: PreparedRehearsal,
  { kind: operation, root, policyPacks = [] }: Operation,
  onReport: (report: Report) => void,
): Promise<Extract<Report, { kind: "finished" | "failed" }>> {
  const { rehearsal } = prepared;
  const ended = await deployInside(
    rehearsal,
    {
      operation,
      site: rehearsal.site,
      projectDir: root,
      toolsDir: toolsFolder(rehearsal),
      pulumiHome: rehearsal.folders.pulumiHome,
      policyPacks: policyPacks.map((pack) => join(root, pack)),
      env: {
        ...prepared.environment,
        // The second word of a destruction; the first is the operation itself.
        ...(operation === "destroy" && { SITEWRIGHT_DESTROY: rehearsal.site }),
      },
    },
    onReport,
  );
  if (ended.kind === "finished" && typeof ended.outputs.kubeconfig === "string") {
    writeFileSync(kubeconfigFile(rehearsal), ended.outputs.kubeconfig, { mode: 0o600 });
  }
  return ended;
}

/**
 * Ends the simulated site and forgets its state, which without the machines means nothing.
 * @returns what was left behind; empty when nothing was.
 */
export async function endAndForget(rehearsal: Rehearsal): Promise<readonly string[]> {
  const left = await endRehearsal(rehearsal);
  if (left.length > 0) return left;
  forgetState(rehearsal);
  const { bundles, pulumiHome } = rehearsal.folders;
  // Large, and made anew in a second; logs and the previous state stay for a look.
  for (const folder of [bundles, pulumiHome, toolsFolder(rehearsal)]) {
    rmSync(folder, { recursive: true, force: true });
  }
  return left;
}

/** The state of machines that are gone would make the next run believe in them; one copy is kept for a look. */
function forgetState({ folders }: Rehearsal): void {
  if (!existsSync(folders.state)) return;
  const previous = join(folders.root, "previous-state");
  rmSync(previous, { recursive: true, force: true });
  renameSync(folders.state, previous);
  mkdirSync(folders.state, { mode: 0o700 });
  for (const file of ["kubeconfig", "stand-in-secrets.json"]) {
    rmSync(join(folders.root, file), { force: true });
  }
}

function linkTools(rehearsal: Rehearsal, tools: RehearsalTools): void {
  const bin = join(toolsFolder(rehearsal), "bin");
  rmSync(bin, { recursive: true, force: true });
  mkdirSync(bin, { recursive: true, mode: 0o700 });
  // The engine looks for the language host beside itself, and a link would lead it to the cache.
  copyFileSync(tools.pulumi, join(bin, "pulumi"), constants.COPYFILE_FICLONE);
  const links = { kubectl: tools.controlplane, helm: tools.helm };
  for (const [name, path] of Object.entries(links)) symlinkSync(path, join(bin, name));
  symlinkSync(process.execPath, join(bin, "node"));
}
