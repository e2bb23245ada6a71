import assert from "node:assert/strict";
import fc from "fast-check";
import { mostPods, quotaDemand } from "../../site/platform/tenancy-quotas";
import { workload } from "../support/sites";

const kind = fc.constantFrom("Deployment" as const, "StatefulSet" as const, "CronJob" as const);
const any = fc
  .record({
    kind,
    replicas: fc.nat(20),
    antiAffinity: fc.constantFrom("required" as const, "preferred" as const, "none" as const),
    cpu: fc.nat(4000),
    memory: fc.nat(4096),
    sizeGiB: fc.integer({ min: 1, max: 100 }),
  })
  .map(({ cpu, memory, sizeGiB, ...rest }) =>
    workload({
      ...rest,
      resources: {
        requests: { cpu: `${cpu}m`, memory: `${memory}Mi` },
        limits: { cpu: `${2 * cpu}m`, memory: `${2 * memory}Mi` },
      },
      claims: rest.kind === "StatefulSet" ? [{ name: "data", mountPath: "/data", sizeGiB }] : [],
    }),
  );

describe("What a namespace's workloads take of a quota", () => {
  it("counts the further Pod of a rolling update where there is one", () => {
    const pods = (differences: Parameters<typeof workload>[0]) => mostPods(workload(differences));
    assert.equal(pods({ replicas: 3 }), 4);
    assert.equal(pods({ replicas: 3, antiAffinity: "required" }), 3);
    assert.equal(pods({ replicas: 3, kind: "StatefulSet" }), 3);
    assert.equal(pods({ replicas: 1, kind: "CronJob" }), 1);
    assert.equal(pods({ replicas: 0 }), 0);
  });

  it("adds requests, limits, claims and storage", () => {
    const claims = [{ name: "data", mountPath: "/data", sizeGiB: 10 }];
    const set = workload({ kind: "StatefulSet", replicas: 2, claims });
    assert.deepEqual(quotaDemand([workload({ replicas: 1 }), set]), {
      requests: { cpuMillis: 400, memoryMiB: 512 },
      limits: { cpuMillis: 4000, memoryMiB: 1024 },
      pods: 4,
      claims: 2,
      storageGiB: 20,
      nodePorts: 0,
    });
  });

  it("is the sum of its parts, whatever their order", () => {
    fc.assert(
      fc.property(
        fc.array(any, { maxLength: 8 }),
        fc.array(any, { maxLength: 8 }),
        (one, other) => {
          const [a, b, all] = [
            quotaDemand(one),
            quotaDemand(other),
            quotaDemand([...other, ...one]),
          ];
          assert.equal(all.pods, a.pods + b.pods);
          assert.equal(all.storageGiB, a.storageGiB + b.storageGiB);
          assert.equal(all.requests.cpuMillis, a.requests.cpuMillis + b.requests.cpuMillis);
          assert.equal(all.limits.memoryMiB, 2 * all.requests.memoryMiB);
          assert.ok(
            all.pods >= [...one, ...other].reduce((sum, { replicas }) => sum + replicas, 0),
          );
        },
      ),
    );
  });
});
