import { jobs, workloadJob } from "../alerting/jobs";
import type { CheckInput, CrossCheck } from "../check-input";
import { nearest } from "../nearest";
import { isNode } from "../nodes";
import { formatPath } from "../path";
import { machineAddress, statedGroups } from "../platform/monitoring-scrapes";
import { type Problem, show, siteProblem } from "../problems";
import type { ExporterGroup } from "../schema/monitoring-targets";
import { loginProblems } from "./login";

/** Rules over machines that monitoring reads and that are no nodes. */

const path = ["monitoring"];

/** Every machine has an address, and none is read twice. */
const machines: CrossCheck = {
  reads: [path, ["hosts"]],
  find: (input) => {
    const { monitoring, hosts } = input.site;
    if (monitoring === undefined) return [];
    const seen = new Map<string, string>();
    return statedGroups(monitoring).flatMap(({ path: at, job, group }) => {
      const where = [...path, ...at];
      return [
        ...loginProblems(where, group),
        ...inClear(where, group),
        ...Object.keys(group.machines).flatMap((machine): readonly Problem[] => {
          const here = [...where, "machines", machine];
          const address = machineAddress(input.site, machine, group);
          if (address === undefined) {
            const known = hosts.map(({ name }) => name);
            const meant = nearest(machine, known);
            const needed = `an address, since no host of the site has this name: ${known.join(", ")}`;
            const next =
              meant === undefined ? "state it" : `state it, or call the machine ${meant}`;
            return [siteProblem([...here, "address"], needed, "none", next)];
          }
          const earlier = seen.get(address);
          if (earlier !== undefined) {
            const needed = `an address that is stated once: ${address} is that of ${earlier} too`;
            return [siteProblem(here, needed, show(address), "remove one of them")];
          }
          seen.set(address, formatPath([...at, "machines", machine]));
          return job === jobs.hosts ? nodeProblems(input, here, address) : [];
        }),
      ];
    });
  },
};

/** A password goes over the network only where TLS hides it. */
function inClear(
  where: readonly string[],
  { user, passwordSecret, tls }: ExporterGroup,
): readonly Problem[] {
  if (user === undefined || passwordSecret === undefined || tls !== undefined) return [];
  const needed = "TLS, since a password is sent there";
  return [siteProblem([...where, "tls"], needed, "none", "state tls: {ca: …}, or leave them out")];
}

/** Nodes are read by themselves, without being stated. */
function nodeProblems(
  { site }: CheckInput,
  where: readonly string[],
  address: string,
): readonly Problem[] {
  const node = site.hosts.find((host) => isNode(host) && address.startsWith(`${host.address}:`));
  if (node === undefined) return [];
  const needed = `a machine that is no node of the cluster: ${node.name} is one, and is watched already`;
  return [siteProblem(where, needed, show(address), "remove it")];
}

/** Figures of others must not be taken for those of the platform. */
const ownJobs: CrossCheck = {
  reads: [path],
  find: ({ site }) => {
    const taken: readonly string[] = [...Object.values(jobs), workloadJob];
    return Object.keys(site.monitoring?.targets ?? {})
      .filter((job) => taken.includes(job))
      .map((job) =>
        siteProblem(
          [...path, "targets", job],
          `a name that the platform's own figures do not have: ${taken.join(", ")}`,
          show(job),
        ),
      );
  },
};

export const machineChecks: readonly CrossCheck[] = [machines, ownJobs];
