import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Rehearsal, rehearsalOf } from "../../../rehearsal/folders";
import { newEd25519Key } from "../../../rehearsal/hosts/ed25519-key";
import { hostExec } from "../../../rehearsal/hosts/exec";
import { endRehearsal } from "../../../rehearsal/keeper/end";
import { runInside } from "../../../rehearsal/keeper/enter";
import { requireMachine } from "../../../rehearsal/machine";
import type { SimulatedSite } from "../../../rehearsal/simulated-site";
import { startSite } from "../../../rehearsal/site-machines";
import type { SshTarget } from "../../../ssh/target";
import type { SshJob, SshResult } from "../../rehearsal/support/ssh-jobs";
import type { DialOutcome } from "./dial-once";
import { program } from "./programs";

/** Password of every login: odd characters, to show that quoting holds. */
export const password = "right 'and' $proper";
/** Key that the hosts let in. */
export const key = newEd25519Key();
export const checkout = resolve(__dirname, "../../..");

const login = {
  user: "ops",
  password,
  authorizedKeys: [`${key.public.trim()} journey`],
  sudo: "password" as const,
};

/** Twelve hosts on one subnet, which the operator reaches directly. */
export const open: SimulatedSite = {
  name: "journey-open",
  subnets: ["192.0.2.0/24"],
  hosts: Array.from({ length: 12 }, (_, index) => ({
    name: `host-${index + 1}`,
    address: `192.0.2.${11 + index}`,
    cpus: 5,
    memoryGiB: 12,
    diskGiB: index === 11 ? 0.03 : 40,
    logins: [login, { user: "guest", password, authorizedKeys: [], sudo: "none" as const }],
  })),
  directAccess: true,
  extraAddresses: ["192.0.2.100"],
  names: [{ address: "192.0.2.100", names: ["lb.journey.test"] }],
};

/** Two subnets behind a bastion, at the very addresses of the other site. */
export const closed: SimulatedSite = {
  name: "journey-closed",
  subnets: ["192.0.2.0/24", "198.51.100.0/24"],
  hosts: [
    {
      name: "node",
      address: "192.0.2.11",
      cpus: 2,
      memoryGiB: 4,
      diskGiB: 10,
      logins: [{ ...login, user: "root", sudo: "none" }],
      sshPort: 2200,
    },
  ],
  bastion: {
    address: "198.51.100.5",
    port: 2222,
    logins: [{ user: "jump", password, authorizedKeys: [], sudo: "nopasswd" }],
  },
  directAccess: false,
  extraAddresses: [],
  names: [],
};

/** What a started rehearsal of a simulated site can be asked. */
export interface Simulated {
  readonly rehearsal: Rehearsal;
  /** Starts the hosts of a site, the first time or again. */
  start(
    site?: SimulatedSite,
    binds?: readonly { readonly source: string; readonly target: string }[],
  ): ReturnType<typeof startSite>;
  /** Logs in from inside the rehearsal's network; a refusal is a result. */
  talk(jobs: readonly SshJob[]): Promise<SshResult[]>;
  one(job: SshJob): Promise<SshResult>;
  /** Logs in as a deployment does, and tells how that ended. */
  dial(target: SshTarget): Promise<DialOutcome>;
  /** Runs a script as root on a host, past SSH. */
  onHost(host: string, script: string): ReturnType<typeof hostExec>;
}

/** A folder for rehearsals of its own, and the sites in it. */
export class SimulatedSites {
  readonly folder: string;
  private readonly rehearsals: Rehearsal[] = [];

  /** Not root, or no namespaces: that is a failure with its reason, never a silent skip. */
  constructor() {
    requireMachine();
    this.folder = mkdtempSync(join(tmpdir(), "sitewright-journey-"));
  }

  /** Knows a site; nothing is started yet. */
  add(site: SimulatedSite): Simulated {
    const { folder } = this;
    const rehearsal = rehearsalOf(site.name, { SITEWRIGHT_REHEARSALS: folder });
    this.rehearsals.push(rehearsal);
    const ask = async (script: string, what: object): Promise<unknown> => {
      const argv = [process.execPath, "-r", join(checkout, "toolchain/register.js")];
      const result = await runInside(rehearsal, [...argv, join(checkout, script)], {
        cwd: checkout,
        input: JSON.stringify({ site: site.name, rehearsals: folder, ...what }),
      });
      if (result.code !== 0) throw new Error(result.stderr);
      return JSON.parse(result.stdout);
    };
    const talk = async (jobs: readonly SshJob[]) =>
      (await ask("test/rehearsal/support/ssh-jobs.ts", { jobs })) as SshResult[];
    return {
      rehearsal,
      start: (described = site, binds = []) =>
        startSite(rehearsal, {
          site: described,
          debianLayer: realpathSync(program("debian-layer")),
          visible: [checkout, folder],
          binds,
          expiry: new Date(Date.now() + 600_000),
        }),
      talk,
      dial: async (target) =>
        (await ask("test/journeys/support/dial-once.ts", { target })) as DialOutcome,
      one: async (job) => (await talk([job]))[0] ?? {},
      onHost: (host, script) => hostExec(rehearsal, host, ["bash", "-c", script]),
    };
  }

  /** Ends every rehearsal and removes the folder. */
  async end(): Promise<void> {
    for (const rehearsal of this.rehearsals) await endRehearsal(rehearsal);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
