import assert from "node:assert/strict";
import { ZodError } from "zod";
import { running } from "../../site/outputs";
import { releaseSchema } from "../../site/schema/release";
import { siteSchema } from "../../site/schema/site";
import { type Anything, blueprintOf, canaryImage, plainRelease, plainSite } from "./meshed";

function withCanary(canary: object, more: object = {}) {
  const [site, release] = [plainSite(), plainRelease()];
  release.workloads.api.canary = { image: canaryImage };
  site.workloads.api = { canary, ...more };
  return blueprintOf(site, release);
}

describe("A site whose release knows a canary", () => {
  it("has both images, whatever it does with them: each is one field away", () => {
    for (const weight of [10, "promote", "abort"]) {
      const { images } = withCanary({ weight });
      const needed = images.filter(({ image }) => image.includes("/podinfo:"));
      assert.deepEqual(
        needed.map(({ image, neededBy }) => [image.split(/[:@]/)[1], neededBy]),
        [
          ["6.7.1", "workload api"],
          ["6.7.2", "canary of api"],
          ["6.7.3", "workload web"],
        ],
      );
    }
  });

  it("keeps room for the canary's Pods and their proxies", () => {
    const requested = (weight: number | string) => withCanary({ weight }).capacity.requested;
    const [none, half] = [requested("abort"), requested(50)];
    assert.deepEqual(
      [half.cpuMillis - none.cpuMillis, half.memoryMiB - none.memoryMiB],
      [100 + 100, 64 + 128],
    );
  });

  it("has a budget for several Pods of a canary, even where it stands beside a single one", () => {
    const budget = (replicas: number) => {
      const { workloads } = withCanary({ weight: 10, replicas }, { replicas: 1 });
      return workloads.find(({ name }) => name === "api")?.maxUnavailable;
    };
    assert.deepEqual([budget(1), budget(2)], [undefined, 1]);
  });

  it("tells what runs, the canary included", () => {
    assert.deepEqual(running(withCanary({ weight: 10 })), {
      "parcels/api": "Deployment 6.7.1",
      "parcels/api-canary": "Deployment 6.7.2",
      "parcels/web": "Deployment 6.7.3",
    });
    assert.deepEqual(running(withCanary({ weight: "promote" })), {
      "parcels/api": "Deployment 6.7.2",
      "parcels/web": "Deployment 6.7.3",
    });
  });

  it("has none before it says so", () => {
    const [site, release] = [plainSite(), plainRelease()];
    release.workloads.api.canary = { image: canaryImage, headers: { "x-canary": "true" } };
    const [api] = blueprintOf(site, release).workloads;
    assert.equal(api?.canary, undefined);
    assert.equal(api?.traffic?.canaryKnown, true);
  });
});

describe("Traffic is refused with", () => {
  const cases: readonly (readonly [string, object, object])[] = [
    ["a weight over 100", {}, { canary: { weight: 101 } }],
    ["a weight that is no word", {}, { canary: { weight: "promoted" } }],
    ["half a weight", {}, { canary: { weight: 0.5 } }],
    ["a canary without an image", { canary: { weight: 1 } }, {}],
    ["an image that a site chose", {}, { canary: { image: canaryImage } }],
    ["two hashes at once", { traffic: { hash: { source: true, query: "a" } } }, {}],
    ["no hash in a hash", { traffic: { hash: {} } }, {}],
    ["a header that HTTP/2 would not know", { traffic: { hash: { header: "X-User" } } }, {}],
    ["a fault that does nothing", {}, { traffic: { fault: {} } }],
    [
      "a status that is no fault",
      {},
      { traffic: { fault: { abort: { status: 200, percent: 1 } } } },
    ],
    ["more than all requests", { traffic: { mirror: { to: "web", percent: 101 } } }, {}],
    ["Lua that no request would pass", { traffic: { lua: { code: "return 1" } } }, {}],
    ["no time at all", { traffic: { timeoutSeconds: 0 } }, {}],
    ["a condition that Envoy does not know", { traffic: { retries: { on: ["4xx"] } } }, {}],
    ["a part that a release turns off", { traffic: { lua: "off" } }, {}],
  ];
  for (const [title, released, own] of cases) {
    it(title, () => {
      const [site, release]: [Anything, Anything] = [plainSite(), plainRelease()];
      Object.assign(release.workloads.api, released);
      site.workloads.api = own;
      const read = () => [siteSchema.parse(site), releaseSchema.parse(release)];
      assert.throws(read, ZodError);
    });
  }
});
