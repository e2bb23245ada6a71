import { jobs, workloadJob } from "../alerting/jobs";
import type { CheckInput, CrossCheck } from "../check-input";
import { isNode } from "../nodes";
import { machineAddress, statedGroups } from "../platform/monitoring-scrapes";
import { type Problem, show, siteProblem } from "../problems";
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
    return statedGroups(monitoring).flatMap(({ path: at, name: groupName, job, group }) => {
      const where = [...path, ...at];
      return [
        ...loginProblems(where, group),
        ...Object.keys(group.machines).flatMap((machine): readonly Problem[] => {
          const here = [...where, "machines", machine];
          const address = machineAddress(input.site, machine, group);
          if (address === undefined) {
            const known = hosts.map(({ name }) => name).join(", ");
            const needed = `an address, since no host of the site has this name: ${known}`;
            return [siteProblem([...here, "address"], needed, "none")];
          }
          const earlier = seen.get(address);
          if (earlier !== undefined) {
            const needed = `an address that is stated once: ${address} is that of ${earlier} too`;
            return [siteProblem(here, needed, show(address), "remove one of them")];
          }
          seen.set(address, `${groupName}/${machine}`);
          return job === jobs.hosts ? nodeProblems(input, here, address) : [];
        }),
      ];
    });
  },
};

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
