/**
 * What the program itself costs: from the start of the process over reading, checking and planning to the last
 * resource, with a stand-in for the engine that answers at once. `run.ts` starts it in a folder that
 * `project.ts` made, and reads the one line that it prints.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { Site } from "../components/site";
import { resolveSite } from "../site/load";
import { StandInEngine } from "./engine";

/** Times in milliseconds, memory in MiB. */
export interface ProgramFigures {
  readonly resources: number;
  /** Node itself and the modules that the program loads. */
  readonly load: number;
  /** Site, release and catalogue are read and checked, and the blueprint is made. */
  readonly plan: number;
  readonly components: number;
  readonly total: number;
  /** What the process took of the processors, which other work on the machine lengthens less than the time. */
  readonly cpu: number;
  readonly peakMemory: number;
}

async function measure(root: string): Promise<void> {
  const loaded = performance.now();
  const data = JSON.parse(readFileSync(join(root, "site.json"), "utf8"));
  const { blueprint } = resolveSite({ name: "site-a", data }, root);
  const planned = performance.now();
  const engine = new StandInEngine();
  await engine.connect();
  const hostKeys = Object.fromEntries(blueprint.hosts.map(({ name }) => [name, ["ssh-ed25519 A"]]));
  // A text that will do for a password as for an address.
  const secret = "https://Made-up-1.test/";
  const secrets = Object.fromEntries(blueprint.secretNames.map((name) => [name, secret]));
  new Site("site", { blueprint, hostKeys, secrets, notUndoneFrom: () => [] });
  await pulumi.runtime.disconnect();
  const total = performance.now();
  const figures: ProgramFigures = {
    resources: engine.resources,
    load: loaded,
    plan: planned - loaded,
    components: total - planned,
    total,
    cpu: process.cpuUsage().user / 1000,
    peakMemory: process.resourceUsage().maxRSS / 1024,
  };
  process.stdout.write(`${JSON.stringify(figures)}\n`);
}

void measure(process.argv[2] ?? "");
