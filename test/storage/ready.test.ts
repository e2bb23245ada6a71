import assert from "node:assert/strict";
import type { StepContext } from "../../cli/step/step-context";
import { storageReady } from "../../cli/step/storage/ready";

const image = "r.local/ceph/ceph:v20.2.4";

/** A step on a cluster whose kubectl fails `failures` times, and then tells of a Ceph without disks and drivers. */
function stepOn(failures: number) {
  const said: string[] = [];
  const status = {
    phase: "Ready",
    ceph: { health: "HEALTH_OK" },
    version: { image, version: "20.2.4-0" },
  };
  let asked = 0;
  const exec = async (command: string) => {
    asked += 1;
    if (asked <= failures) return { code: 1, stdout: "", stderr: "connection refused" };
    const items = command.includes("cephclusters") ? [{ status }] : [];
    return { code: 0, stdout: JSON.stringify({ items }), stderr: "" };
  };
  const step = {
    need: () => ({
      controlPlane: ["control-1"],
      namespace: "rook-ceph",
      classes: [],
      ceph: { image, disks: {}, drivers: [] },
    }),
    say: (line: string) => said.push(line),
    session: () => ({
      steadily: (work: (connection: unknown) => Promise<unknown>) => work({ exec }),
    }),
  };
  return { step: step as unknown as StepContext, said };
}

describe("The wait for storage", () => {
  it("goes on while the API server does not answer for a moment, and says so", async () => {
    const { step, said } = stepOn(4);
    assert.deepEqual(await storageReady(step, 20), { classes: [], health: "HEALTH_OK" });
    assert.match(said[0] ?? "", /waiting for Ceph: the cluster does not answer: .*refused/);
    assert.match(said.at(-1) ?? "", /^Ceph 20\.2\.4-0 works/);
  });

  it("ends with what it last saw once its time is over", async () => {
    const { step } = stepOn(1000);
    await assert.rejects(storageReady(step, 0), /Ceph is not ready:\s+the cluster does not answer/);
  });
});
