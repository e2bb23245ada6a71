import { Command } from "commander";
import type { HostBlueprint } from "../site/blueprint-types";
import { loadSite } from "../site/load";
import { RunError } from "../site/run-error";
import { knownHostsFile, readHostKeys } from "../ssh/pinned-keys";
import { exitCodes } from "./exit-codes";
import { type Io, ownIo } from "./io";
import { readSecrets } from "./secrets";
import { bastionLogin, chosenHosts, type Places } from "./targets";
import { keysToPin } from "./trust/keys";
import { writePins } from "./trust/known-hosts-file";
import { trustJson, trustText } from "./trust/report";
import { type Machine, type Scan, scanMachines } from "./trust/scan";
import { painter } from "./view/colours";
import { confirm } from "./view/hidden-prompt";
import { progressOf } from "./view/progress";

export interface TrustOptions {
  readonly yes: boolean;
  /** Hosts whose changed keys are taken for good. */
  readonly replace: readonly string[];
  readonly json: boolean;
}

/** `./sitewright trust <site>`: shows the hosts' keys and pins them. */
export function trustCommand(): Command {
  return new Command("trust")
    .argument("<site>", "name of the site: trust site-a writes trust/site-a.known_hosts")
    .description("show the keys of a site's hosts and pin them")
    .option("--yes", "pin new keys without asking", false)
    .option("--replace <host...>", "take the changed key of these hosts for good", [])
    .option("--json", "print the result as one JSON object", false)
    .addHelpText("after", help)
    .action(async (site: string, options: TrustOptions) => {
      process.exitCode = await trust(loadSite(site).blueprint, options, ownIo());
    });
}

const help = `
Everything sent to a host later, passwords too, goes only to the host with the pinned key. So compare
each fingerprint with what the host says itself, on its console:
  for f in /etc/ssh/ssh_host_*_key.pub; do ssh-keygen -lf $f; done
Then commit the file, so that a changed key is a reviewed change.

A bastion is asked first: hosts behind it are reached through it, once its key is pinned.

Exit code: 0 all is pinned; 2 not confirmed; 6 a host could not be reached or its key has changed.`;

/** Runs the command for the hosts of a blueprint and returns its exit code. */
export async function trust(places: Places, options: TrustOptions, io: Io): Promise<number> {
  const { hosts, bastion } = places;
  const jump = bastion === undefined ? [] : [{ name: "bastion", ...bastion }];
  chosenHosts([...jump, ...hosts], options.replace);

  const first = bastion === undefined ? undefined : await round(places, jump, options, io);
  if (first !== undefined && first.exitCode !== exitCodes.ok)
    return finish(places, [first], options, io);
  const second = await round(places, hosts, options, io);
  return finish(places, first === undefined ? [second] : [first, second], options, io);
}

interface Round {
  readonly scans: readonly Scan[];
  readonly written: readonly string[];
  readonly exitCode: number;
}

/** Asks some machines, shows their keys, and pins what is new once a person has agreed. */
async function round(
  places: Places,
  hosts: readonly Pick<HostBlueprint, "name" | "address" | "login">[],
  options: TrustOptions,
  io: Io,
): Promise<Round> {
  const { site } = places;
  const pins = readHostKeys(io.root, places);
  const machines: readonly Machine[] = hosts.map(({ name, address, login }) => ({
    name,
    address,
    port: login.port,
    pinned: pins[name] ?? [],
  }));
  const throughBastion =
    places.bastion !== undefined && !machines.some(({ name }) => name === "bastion");
  const secrets = throughBastion ? await readSecrets({ ...io, site }) : {};
  const bastion = throughBastion ? bastionLogin(places, secrets, pins.bastion ?? []) : undefined;

  const names = machines.map(({ name }) => name);
  const progress = progressOf(io.stderr, "asking for keys", names);
  const scans = await scanMachines(site, machines, bastion, (name) => progress.done(name)).finally(
    () => progress.end(),
  );
  if (!options.json) {
    const text = trustText(scans, painter(io.stdout, io.env), io.stdout.columns ?? 160);
    io.stdout.write(`${text}\n`);
  }
  const changes = scans.flatMap((scan) => {
    const keys = keysToPin(scan.pinned, scan.shown, options.replace.includes(scan.name));
    return keys === undefined
      ? []
      : [{ name: scan.name, address: scan.address, port: scan.port, keys }];
  });
  if (changes.length > 0) {
    if (!(await agreed(places, changes.length, options, io))) {
      return { scans, written: [], exitCode: exitCodes.usage };
    }
    writePins(io.root, site, changes);
  }
  return {
    scans,
    written: changes.map(({ name }) => name),
    exitCode: roundExitCode(scans, options),
  };
}

function roundExitCode(scans: readonly Scan[], { replace }: TrustOptions): number {
  const amiss = scans.some(
    ({ name, shown, problem }) =>
      problem !== undefined ||
      (shown.some(({ status }) => status === "CHANGED") && !replace.includes(name)),
  );
  return amiss ? exitCodes.remote : exitCodes.ok;
}

async function agreed(
  places: Places,
  hosts: number,
  options: TrustOptions,
  io: Io,
): Promise<boolean> {
  if (options.yes) return true;
  if (io.terminal === undefined) {
    throw new RunError("nobody is here to confirm these fingerprints; nothing was written", {
      nextStep: `run ./sitewright trust ${places.site} on a terminal, or add --yes after comparing them`,
      exitCode: exitCodes.usage,
    });
  }
  const question = `Pin the keys of ${hosts} ${hosts === 1 ? "host" : "hosts"}, after comparing the fingerprints?`;
  return confirm(io.terminal, question);
}

function finish(places: Places, rounds: readonly Round[], options: TrustOptions, io: Io): number {
  const { site } = places;
  const scans = rounds.flatMap((one) => one.scans);
  const written = rounds.flatMap((one) => one.written);
  const exitCode = rounds.at(-1)?.exitCode ?? exitCodes.ok;
  if (options.json) {
    io.stdout.write(`${trustJson(site, scans, written, exitCode)}\n`);
    return exitCode;
  }
  const changed = scans.filter(
    ({ name, shown }) =>
      !written.includes(name) && shown.some(({ status }) => status === "CHANGED"),
  );
  if (changed.length > 0) {
    const names = changed.map(({ name }) => name).join(" ");
    io.stdout.write(
      `the key of ${names} is not the pinned one: the host was installed anew, or it is another machine\n` +
        `  next: find out which; if it is right, ./sitewright trust ${site} --replace ${names}\n`,
    );
  }
  const unreached = scans.filter(({ problem }) => problem !== undefined).length;
  const done =
    written.length === 0
      ? "nothing new to pin"
      : `${written.length} ${written.length === 1 ? "host" : "hosts"} written to ${knownHostsFile(site)}`;
  const rest = unreached === 0 ? "" : `, ${unreached} not reached`;
  if (exitCode === exitCodes.usage) io.stdout.write("not confirmed; nothing was written\n");
  else io.stdout.write(`${done}${rest}\n`);
  return exitCode;
}
