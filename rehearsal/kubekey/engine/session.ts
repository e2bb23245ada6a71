import { spawnSync } from "node:child_process";
import { networkInterfaces } from "node:os";
import { join, resolve } from "node:path";
import { KubeApi } from "../cluster/kube-api";
import type { ClusterPlan, HostPlan } from "../cluster/plan";
import { firstControlPlane } from "../cluster/plan";
import { type Faults, readFaults } from "./faults";
import type { Voice } from "./journal";
import { RemoteHost } from "./remote";

const root = resolve(__dirname, "../../..");

/** Programs that the stand-in starts on hosts, absolute paths that every simulated host sees. */
export interface Programs {
  readonly controlPlane: string;
  readonly kwok: string;
  /** Command line of the program that stands for Harbor; the file of its settings is to be added. */
  readonly harbor: readonly string[];
  /** Command line of the program that stands for the platform's operators; an admin.conf is to be added. */
  readonly operators: readonly string[];
  /** Command line of the program that stands for Nightingale's Pods; a port and a file are to be added. */
  readonly nightingale: readonly string[];
}

/** The programs as the kk script names them. @throws when it names none. */
export function programsFromEnvironment(environment: NodeJS.ProcessEnv): Programs {
  const needed = (name: string): string => {
    const value = environment[name];
    if (!value)
      throw new Error(
        `The rehearsal's kk needs ${name}: start it through the kk file of the rehearsal's bundle.`,
      );
    return value;
  };
  return {
    controlPlane: needed("SITEWRIGHT_CONTROLPLANE"),
    kwok: needed("SITEWRIGHT_KWOK"),
    harbor: ownProgram("rehearsal/kubekey/harbor/main.ts", needed("SITEWRIGHT_CACHE")),
    operators: ownProgram("rehearsal/operators/main.ts", needed("SITEWRIGHT_CACHE")),
    nightingale: ownProgram("rehearsal/nightingale/main.ts", needed("SITEWRIGHT_CACHE")),
  };
}

/** Command line of a program of this checkout. */
function ownProgram(file: string, cache: string): readonly string[] {
  return [
    ...["env", `SITEWRIGHT_CACHE=${cache}`, process.execPath, "--max-old-space-size=64"],
    ...["-r", join(root, "toolchain/register.js"), join(root, file)],
  ];
}

/** One run of kk: its config, its work directory and its connections. */
export class Session {
  readonly plan: ClusterPlan;
  readonly workDir: string;
  readonly journal: Voice;
  readonly faults: Faults;
  readonly programs: Programs;
  private readonly remotes = new Map<string, RemoteHost>();
  private cachedApi: KubeApi | undefined;

  constructor(plan: ClusterPlan, workDir: string, programs: Programs, journal: Voice) {
    this.plan = plan;
    this.workDir = workDir;
    this.programs = programs;
    this.journal = journal;
    this.faults = readFaults();
  }

  /** The connection to a host, opened when it is first used. */
  remote(host: HostPlan): RemoteHost {
    const known = this.remotes.get(host.name);
    if (known !== undefined) return known;
    const made = new RemoteHost(host.login);
    this.remotes.set(host.name, made);
    return made;
  }

  /** Runs a script on a host as root. */
  sudo(host: HostPlan, what: string, script: string): Promise<string> {
    return this.remote(host).sudo(what, script);
  }

  /** The API server of a control plane, logged in with its admin.conf. */
  async api(host: HostPlan = firstControlPlane(this.plan)): Promise<KubeApi> {
    this.cachedApi ??= new KubeApi(
      host.internalAddress,
      6443,
      await this.readRootFile(host, "/etc/kubernetes/admin.conf"),
    );
    return this.cachedApi;
  }

  /** Forgets the API server, for example after its certificates changed. */
  forgetApi(): void {
    this.cachedApi?.close();
    this.cachedApi = undefined;
  }

  async readRootFile(host: HostPlan, path: string): Promise<string> {
    const text = await this.sudo(host, `cat ${path} | base64 -w 0`, `base64 -w0 '${path}'`);
    return Buffer.from(text, "base64").toString("utf8");
  }

  close(): void {
    this.forgetApi();
    for (const remote of this.remotes.values()) remote.close();
  }
}

/** Runs shell lines on kk's own machine. @throws with what they printed. */
export function runLocally(what: string, script: string): string {
  const result = spawnSync("bash", ["-c", script], {
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  if (result.status === 0) return result.stdout;
  throw new Error(`${what} failed: ${result.stdout}${result.stderr}`.trim());
}

/** IPv4 addresses of kk's own machine. */
export function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((list) =>
    (list ?? []).filter((each) => each.family === "IPv4").map((each) => each.address),
  );
}
