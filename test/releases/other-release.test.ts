import assert from "node:assert/strict";
import { parseDocument } from "../../site/parse";
import { withOtherRelease } from "../../site/release/other-release";
import { type Release, releaseSchema } from "../../site/schema/release";

const image = `docker.io/library/api:1@sha256:${"1".repeat(64)}`;
const resources = {
  requests: { cpu: "1", memory: "1Gi" },
  limits: { cpu: "1", memory: "1Gi" },
};
const api = { kind: "Deployment", namespace: "shop", image, resources };

function release(name: string, more: object): Release {
  const data = { release: name, product: "shop", namespaces: { shop: {} }, ...more };
  const { value, problems } = parseDocument("release", releaseSchema, data);
  assert.ok(value !== undefined, JSON.stringify(problems));
  return value;
}

const older = release("2030.01", { workloads: { api } });
const newer = release("2030.02", {
  namespaces: { shop: {}, till: {} },
  externals: { mail: { namespace: "shop", ports: [{ name: "smtp", port: 587 }] } },
  secrets: { token: { random: {} } },
  volumes: { photos: { namespace: "shop", sizeGiB: 1 } },
  workloads: {
    api: {
      ...api,
      ports: [{ name: "http", port: 8080 }],
      expose: [{ port: "http" }],
      canary: { image },
    },
    db: { ...api, kind: "StatefulSet" },
  },
});

describe("a site with another release than its own", () => {
  for (const [key, site, rest] of [
    ["externals.mail", { externals: { mail: {} } }, { externals: {} }],
    ["secrets.token", { secrets: { token: "old" } }, { secrets: {} }],
    ["volumes.photos", { volumes: { photos: {} } }, { volumes: {} }],
    ["egress.till", { egress: { till: [], shop: [] } }, { egress: { shop: [] } }],
    ["workloads.db", { workloads: { db: {}, api: {} } }, { workloads: { api: {} } }],
    [
      "workloads.api.canary",
      { workloads: { api: { canary: { weight: 10 }, replicas: 2 } } },
      { workloads: { api: { replicas: 2 } } },
    ],
    [
      "workloads.api.expose.http",
      { workloads: { api: { expose: { http: { off: true } } } } },
      { workloads: { api: { expose: {} } } },
    ],
    [
      "mesh.namespaces.till",
      { mesh: { namespaces: { till: false } } },
      { mesh: { namespaces: {} } },
    ],
  ] as const) {
    it(`leaves ${key} out where only its own has it`, () => {
      assert.deepEqual(withOtherRelease({ release: "2030.02", ...site }, newer, older), {
        data: { release: "2030.01", ...rest },
        leftOut: [key],
      });
    });
  }

  it("leaves a name that neither has for the checks to find", () => {
    const site = { workloads: { dbb: {} }, externals: { male: {} } };
    const found = withOtherRelease({ release: "2030.02", ...site }, newer, older);
    assert.deepEqual(found, { data: { release: "2030.01", ...site }, leftOut: [] });
  });

  it("leaves nothing out of a site that speaks of what both have", () => {
    const site = { workloads: { api: { replicas: 2 } }, hosts: "no list" };
    const found = withOtherRelease({ release: "2030.01", ...site }, older, newer);
    assert.deepEqual(found, { data: { release: "2030.02", ...site }, leftOut: [] });
  });
});
