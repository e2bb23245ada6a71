import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { type LoadedSite, loadSite, resolveSite } from "../../site/load";
import { valueAt } from "../../site/path";
import { RunError } from "../../site/run-error";
import { readStackFile, siteKey } from "../../site/stack-file";
import { isReplicated } from "../../site/workload/replicas";
import { parseYaml } from "../../site/yaml-file";
import { exitCodes } from "../exit-codes";
import type { Io } from "../io";
import { workloadOf } from "./chosen";
import { withReplicas } from "./replicas-text";

/**
 * Changes how many Pods a workload has at a site, in the site's file and nowhere else. The changed file is checked as
 * `check` does before it takes the place of the old one.
 * @throws RunError with what `check` would find, or when the file cannot be changed by a program.
 */
export function scale(name: string, workload: string, replicas: number, io: Io): void {
  const found = loadSite(name, io.root);
  const { replicas: now } = workloadOf(found, workload);
  const own = releaseReplicas(found, workload);
  if (replicas === now) {
    io.stdout.write(`${workload} has ${now} Pods at ${name} already; nothing is changed\n`);
    return;
  }
  const file = `Pulumi.${name}.yaml`;
  const path = join(io.root, file);
  const before = readFileSync(path);
  const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(before);
  const after = withReplicas(text, workload, replicas === own ? undefined : replicas, own);
  if (after === undefined) throw byHand(file, workload, replicas, own);
  check(found, file, after, io.root);
  replaceFile(path, before, after);
  const release = found.release.release;
  io.stdout.write(
    [
      `${file}: ${workload} ${now} → ${replicas} Pods`,
      replicas === own
        ? `  as release ${release} says, so the file no longer differs from it`
        : `  release ${release} says ${own}`,
      "The cluster is as it was. To bring it there:",
      `  pulumi preview -s ${name} --diff`,
      `  pulumi up -s ${name}`,
      "",
    ].join("\n"),
  );
}

/** The release's own number; only some kinds have one. */
function releaseReplicas({ release }: LoadedSite, workload: string): number {
  const own = release.workloads[workload];
  if (own !== undefined && isReplicated(own)) return own.replicas;
  throw new RunError(`${workload} is a ${own?.kind}, which has no number of Pods to change`, {
    nextStep: "Deployments and StatefulSets can be scaled",
    exitCode: exitCodes.usage,
  });
}

function check({ name }: LoadedSite, file: string, text: string, root: string): void {
  const { secretNames } = readStackFile(root, name);
  const { data, lineOf } = parseYaml(file, text);
  const place = {
    file,
    root: siteKey,
    lineOf: (path: Parameters<typeof lineOf>[0]) => lineOf(["config", siteKey, ...path]),
  };
  resolveSite({ name, data: valueAt(data, ["config", siteKey]), place, secretNames }, root);
}

/** Puts the new text in the file's place in one step: a cut in between leaves the old one whole. */
function replaceFile(path: string, before: Buffer, text: string): void {
  const target = realpathSync(path);
  const draft = `${target}.${process.pid}.new`;
  const handle = openSync(draft, "wx", statSync(target).mode & 0o777);
  try {
    try {
      writeSync(handle, text);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    if (!readFileSync(target).equals(before)) {
      throw new RunError(`${path} was changed by somebody else meanwhile; it is left as it is`, {
        nextStep: "run the same command again",
        exitCode: exitCodes.site,
      });
    }
    renameSync(draft, target);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

function byHand(file: string, workload: string, replicas: number, own: number): RunError {
  const path = `workloads.${workload}.replicas`;
  return new RunError(`${file} is written in a way that only a person should change`, {
    nextStep:
      replicas === own
        ? `take out ${path} of ${siteKey} in an editor`
        : `set ${path} of ${siteKey} to ${replicas} in an editor`,
    exitCode: exitCodes.site,
  });
}
