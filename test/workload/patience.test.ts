import assert from "node:assert/strict";
import type * as pulumi from "@pulumi/pulumi";
import { Product } from "../../components/workload/product";
import { workloadSettings } from "../../site/workload/defaults";
import { patienceSeconds } from "../../site/workload/patience";
import type { WorkloadBlueprint } from "../../site/workload/workload-types";
import { deploy } from "../support/deploy";
import { workload } from "../support/sites";

type Overrides = Parameters<typeof workloadSettings>[0];

const because = "the reason is part of the test";
const asked = { everySeconds: 2, timeoutSeconds: 1, failures: 60 };
const probe = { port: 80, startup: asked, readiness: asked, liveness: asked };

function patience(kind: WorkloadBlueprint["kind"], replicas: number, overrides: Overrides = {}) {
  const context = { kind, served: true, antiAffinity: "none", boundVolume: false } as const;
  const settings = workloadSettings(overrides, { ...context, timezone: "Etc/UTC" });
  return patienceSeconds({ kind, replicas, settings, probe });
}

describe("The patience of a deployment", () => {
  const cases: readonly [string, number, number][] = [
    ["is Pulumi's own with what is soon there", patience("StatefulSet", 1), 600],
    ["covers all that a Job may take", patience("Job", 1), 3600 + 30 + 180],
    [
      "covers a Job that says it takes long",
      patience("Job", 1, { activeDeadlineSeconds: { value: 86_400, because } }),
      86_400 + 30 + 180,
    ],
    ["covers Pods that start one after the other", patience("StatefulSet", 5), 5 * 330],
    ["covers every node of a DaemonSet", patience("DaemonSet", 20), 20 * 330],
    ["leaves a roll-out to its own deadline", patience("Deployment", 3), 3 * 330],
    [
      "covers Pods that take long to end",
      patience("Deployment", 0, { terminationGraceSeconds: { value: 7200, because } }),
      7500,
    ],
  ];
  for (const [title, found, expected] of cases) {
    it(title, () => assert.equal(found, expected));
  }

  it("is what each workload is waited for, and namespaces stay with what is claimed in them", async () => {
    const options = new Map<string, pulumi.CustomResourceOptions>();
    const transformations: pulumi.ResourceTransformation[] = [
      ({ name, props, opts }) => {
        options.set(name, opts);
        return { props, opts };
      },
    ];
    await deploy(
      () =>
        new Product(
          "product",
          {
            namespaces: [{ name: "parcels", labels: {} }],
            workloads: [workload({ patienceSeconds: 900 })],
            sharedVolumes: [],
            rules: [],
          },
          { transformations },
        ),
    );
    assert.deepEqual(options.get("product-web-deployment")?.customTimeouts, {
      create: "900s",
      update: "900s",
      delete: "900s",
    });
    assert.equal(options.get("product-parcels-namespace")?.retainOnDelete, true);
    assert.equal(options.get("product-web-deployment")?.retainOnDelete, undefined);
  });
});
