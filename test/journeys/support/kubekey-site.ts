import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { makeStandInBundle, type StandInBundle } from "../../../rehearsal/bundle/stand-in-bundle";
import { type Rehearsal, rehearsalOf } from "../../../rehearsal/folders";
import { hostExec } from "../../../rehearsal/hosts/exec";
import { endRehearsal } from "../../../rehearsal/keeper/end";
import type { Output } from "../../../rehearsal/keeper/enter";
import { type Faults, faultsFile } from "../../../rehearsal/kubekey/engine/faults";
import { startSite } from "../../../rehearsal/site-machines";
import type { KubeKeyVersion } from "../../../site/blueprint-types";
import { cacheFolder } from "../../../toolchain/cache";
import { program } from "./programs";

const password = "Pass-word_1";
const workDir = "/var/lib/sitewright/site";

/** A login that kk uses on every host of {@link KubekeySite}. */
export const kubekeyLogin = { user: "ops", password };

/** A simulated site with kk, its artifact and its config on the host `registry-1`. */
export class KubekeySite {
  readonly rehearsal: Rehearsal;
  private readonly scratch = mkdtempSync(join(tmpdir(), "sitewright-kubekey-"));
  private readonly name: string;

  constructor(name: string) {
    this.name = name;
    this.rehearsal = rehearsalOf(name, { SITEWRIGHT_REHEARSALS: join(this.scratch, "rehearsals") });
  }

  /** Starts the hosts: names with their addresses. */
  async start(hosts: Readonly<Record<string, string>>): Promise<void> {
    const login = { ...kubekeyLogin, authorizedKeys: [], sudo: "password" as const };
    const root = resolve(__dirname, "../../..");
    const programs = [program("controlplane"), program("kwok"), process.execPath].map((path) =>
      dirname(realpathSync(path)),
    );
    const transpiled = join(cacheFolder(), "transpiled");
    const outside = programs.filter((folder) => !/^\/(usr|bin)\//.test(`${folder}/`));
    await startSite(this.rehearsal, {
      site: {
        name: this.name,
        subnets: ["192.0.2.0/24"],
        hosts: Object.entries(hosts).map(([host, address]) => ({
          name: host,
          address,
          cpus: host.startsWith("worker") ? 8 : 4,
          memoryGiB: 8,
          diskGiB: 10,
          logins: [login],
        })),
        directAccess: true,
        extraAddresses: [],
        names: [],
      },
      debianLayer: realpathSync(program("debian-layer")),
      visible: [...new Set([root, this.scratch, transpiled, ...outside])],
      binds: [],
      expiry: new Date(Date.now() + 30 * 60_000),
    });
    await this.shell(
      "registry-1",
      `mkdir -p -m 700 ${workDir} && echo 192.0.2.51 dockerhub.kubekey.local >> /etc/hosts`,
    );
  }

  /** Makes a bundle and puts kk and its artifact into the work directory. */
  async bundle(
    version: KubeKeyVersion,
    kubernetes: string,
    images: readonly string[],
  ): Promise<void> {
    const folder = join(this.scratch, `bundle-${kubernetes}`);
    const input: StandInBundle = {
      blueprint: {
        release: "2026.11",
        cluster: { kubernetes, kubekey: version, images },
        images: [],
        hosts: [{ arch: "amd64" }],
      },
      controlplane: realpathSync(program("controlplane")),
      kwok: realpathSync(program("kwok")),
      versions: [version],
      fillerMiB: 4,
    };
    await makeStandInBundle(folder, input);
    await this.shell("registry-1", `cp ${folder}/kubekey/${version}/* ${workDir}/`);
  }

  /** Writes a file below the work directory. */
  async write(name: string, content: string): Promise<void> {
    await hostExec(this.rehearsal, "registry-1", ["bash", "-c", `cat > ${workDir}/${name}`], {
      input: content,
    });
  }

  /** Makes projects through Harbor's own API. @returns its HTTP status for each. */
  async projects(names: readonly string[], login: string): Promise<string[]> {
    const answers = names.map(async (name) => {
      const body = JSON.stringify({ project_name: name });
      const answer = await this.shell(
        "worker-1",
        `curl -s -o /dev/null -w '%{http_code}' -u '${login}' -H 'content-type: application/json' -d '${body}' ` +
          "--cacert /etc/docker/certs.d/dockerhub.kubekey.local/ca.crt https://dockerhub.kubekey.local/api/v2.0/projects",
      );
      return answer.stdout;
    });
    return Promise.all(answers);
  }

  /** Sets what goes wrong in the next run of kk. */
  async faults(faults: Faults): Promise<void> {
    const path = faultsFile;
    await hostExec(
      this.rehearsal,
      "registry-1",
      ["bash", "-c", `mkdir -p $(dirname ${path}); cat > ${path}`],
      {
        input: JSON.stringify(faults),
      },
    );
  }

  /** Runs kk in its work directory with its input closed. */
  kk(line: string): Promise<Output> {
    return this.shell("registry-1", `cd ${workDir} && exec ${workDir}/kk ${line} < /dev/null`);
  }

  /** Runs a shell line on a host as root. */
  shell(host: string, line: string): Promise<Output> {
    return hostExec(this.rehearsal, host, ["bash", "-c", line]);
  }

  /** What kubectl prints on the first control plane. */
  async kubectl(line: string): Promise<string> {
    const result = await this.shell(
      "control-1",
      `KUBECONFIG=/etc/kubernetes/admin.conf kubectl ${line}`,
    );
    return `${result.stdout}${result.stderr}`.trim();
  }

  /** Ends everything and removes it. @returns what was left behind. */
  async end(): Promise<readonly string[]> {
    const left = await endRehearsal(this.rehearsal);
    rmSync(this.scratch, { recursive: true, force: true });
    return left;
  }
}
