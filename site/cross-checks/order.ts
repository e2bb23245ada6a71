import type { CrossCheck } from "../check-input";
import { writeNearest } from "../nearest";
import { problem, show } from "../problems";
import { circles } from "../workload/order";

/** What a workload waits for is of the release, and nothing waits for itself, not even by way of others. */
export const workloadOrder: CrossCheck = {
  reads: [],
  find: ({ release }) => {
    if (release === undefined) return [];
    const known = Object.keys(release.workloads);
    const unknown = Object.entries(release.workloads).flatMap(([name, { after }]) =>
      after.flatMap((other, at) => {
        if (known.includes(other)) return [];
        const others = known.filter((one) => one !== name);
        const next = writeNearest(other, others, "remove it");
        const needed = `another workload of the release: ${others.join(", ")}`;
        return [problem("release", ["workloads", name, "after", at], needed, show(other), next)];
      }),
    );
    const waiting = Object.entries(release.workloads).map(([name, { after }]) => ({ name, after }));
    const circular = circles(waiting).map((circle) => {
      const [first = ""] = circle;
      const path = ["workloads", first, "after"];
      const needed = "an order in which no workload waits for itself";
      const given = [...circle, first].join(" waits for ");
      return problem("release", path, needed, given, "remove one of these from `after`");
    });
    return [...unknown, ...circular];
  },
};
