import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { Checkout, succeeded } from "./support/checkout";

const podinfo = (tag: string, digest: string) =>
  `ghcr.io/stefanprodan/podinfo:${tag}@sha256:${digest}`;

/** One service that is called, with everything that can be said of its traffic, and a canary that waits. */
const release = {
  release: "2026.11",
  product: "parcels",
  namespaces: { parcels: {} },
  workloads: {
    api: {
      kind: "Deployment",
      namespace: "parcels",
      image: podinfo("6.7.1", "862ca45e61b32392f7941a1bdfdbe5ff8b6899070135f1bdca1c287d0057fc94"),
      replicas: 2,
      env: { PODINFO_UI_MESSAGE: "parcels" },
      ports: [{ name: "http", port: 9898 }],
      probe: { port: 9898, path: "/healthz" },
      expose: [{ port: "http" }],
      resources: {
        requests: { cpu: "100m", memory: "64Mi" },
        limits: { cpu: "500m", memory: "128Mi" },
      },
      traffic: {
        class: "business",
        hash: { cookie: { name: "site", ttlSeconds: 3600 } },
        timeoutSeconds: 10,
        rateLimit: { requests: 100, perSeconds: 1 },
        lua: { code: "function envoy_on_request(handle) end", because: "tokens are looked at" },
      },
      canary: { image: podinfo("6.7.2", "1".repeat(64)), headers: { "x-canary": "true" } },
    },
  },
};

interface Step {
  readonly op: string;
  readonly urn: string;
  readonly detailedDiff?: Readonly<Record<string, unknown>> | null;
}

interface Pod {
  readonly metadata: { readonly uid: string; readonly labels: Readonly<Record<string, string>> };
  readonly spec: { readonly containers: readonly { readonly image: string }[] };
}

/** What it cannot prove, since no container runs: that Envoy shares requests out as the routes say. */
describe("A canary in a mesh", function () {
  this.timeout(1_200_000);
  // Each step begins where the last one ended.
  this.bail(true);
  let checkout: Checkout;

  const enter = async (...command: string[]) => {
    const ran = await checkout.run(["enter", "site-b", ...command]);
    succeeded(ran);
    return ran.stdout;
  };
  /** What a delivery engineer types once the site is there. */
  const deploy = () => enter("pulumi", "up", "-s", "site-b", "--yes", "--skip-preview");
  const object = async (...words: string[]) =>
    JSON.parse(await enter("kubectl", "get", "-n", "parcels", ...words, "-o", "json"));

  /** Writes the site anew, with what it states of `api`. */
  const state = (api: object) =>
    checkout.edit("Pulumi.site-b.yaml", (text) => {
      const file = parse(text);
      const site = file.config["sitewright:site"];
      site.mesh = {};
      site.ingress = { domain: "apps.site-b.example", httpsRedirect: false };
      site.workloads = { api };
      delete site.storage;
      delete site.tenancy;
      return stringify(file);
    });

  /** Objects that a preview would change and how: `update web-service: spec.type`. */
  const preview = async () => {
    const printed = await enter("pulumi", "preview", "-s", "site-b", "--json");
    const { steps } = JSON.parse(printed.slice(printed.indexOf("{"))) as { steps: Step[] };
    return steps
      .filter(({ op }) => op !== "same" && op !== "read")
      .map(({ op, urn, detailedDiff }) => {
        const name = urn.split("::").at(-1)?.replace("site-product-", "");
        const fields = Object.keys(detailedDiff ?? {}).sort();
        return fields.length === 0 ? `${op} ${name}` : `${op} ${name}: ${fields.join(", ")}`;
      })
      .sort();
  };

  const podsOf = async (track: string): Promise<readonly Pod[]> =>
    (await object("pods", "-l", `app.kubernetes.io/name=api,sitewright/track=${track}`)).items;
  const uids = (pods: readonly Pod[]) => pods.map(({ metadata }) => metadata.uid).sort();
  /** Pods that the workload's own Deployment counts as its own. */
  const owned = async () => (await object("deployment", "api")).status.replicas;
  const weights = async (name: string) => {
    const { spec } = await object("virtualservice", name);
    return spec.http.map(({ route }: { route: { weight?: number }[] }) =>
      route.map(({ weight }) => weight),
    );
  };
  let stable: readonly string[] = [];
  /** The rule for the canary's headers stands first, and the one for the rest moves down with weights. */
  const sharedOut = ["api-http-virtual-service", "api-mesh-routes"].map(
    (name) =>
      `update ${name}: spec.http[0].match[0].headers, spec.http[0].name, spec.http[0].route[0].destination.subset, spec.http[1]`,
  );

  before(() => {
    checkout = new Checkout();
    checkout.edit("releases/2026.11.yaml", () => stringify(release));
    state({});
  });

  after(async () => {
    await checkout.run(["rehearse", "site-b", "--destroy"]);
    checkout.remove();
  });

  it("waits until the site gives it a weight", async () => {
    succeeded(await checkout.run(["rehearse", "site-b", "--keep"]));
    stable = uids(await podsOf("stable"));
    assert.equal(stable.length, 2);
    assert.deepEqual(await podsOf("canary"), []);
  });

  it("has every object taken by its definition, down to the last field", async () => {
    const exported = JSON.parse(await enter("pulumi", "stack", "export", "-s", "site-b"));
    const items = exported.deployment.resources
      .filter(({ urn }: Step) => /::site-product-api-/.test(urn))
      .map(({ inputs }: { inputs: object }) => inputs);
    assert.ok(items.length >= 8, `${items.length} objects`);
    const list = { apiVersion: "v1", kind: "List", items };
    writeFileSync(join(checkout.root, "objects.json"), JSON.stringify(list));
    const flags = ["--server-side", "--dry-run=server", "--validate=strict", "--force-conflicts"];
    const said = await enter("kubectl", "apply", "-f", "objects.json", ...flags);
    assert.equal(said.trim().split("\n").length, items.length);
  });

  it("comes at 10 beside Pods that stay, and gets its tenth on both ways in", async () => {
    state({ canary: { weight: 10 } });
    assert.deepEqual(await preview(), [
      "create api-canary-deployment",
      "update api-destination-rule: spec.subsets[1].trafficPolicy",
      ...sharedOut,
    ]);
    await deploy();
    assert.deepEqual(uids(await podsOf("stable")), stable);
    const canaries = await podsOf("canary");
    assert.equal(canaries.length, 1);
    assert.match(canaries[0]?.spec.containers[0]?.image ?? "", /podinfo:6\.7\.2@/);
    for (const name of ["api-http", "api.mesh"]) {
      assert.deepEqual(await weights(name), [[undefined], [90, 10]], name);
    }
  });

  it("is nobody's Pods but its own, though the workload's selector fits them, and behind its Service", async () => {
    assert.equal(await owned(), 2);
    const sets = await object("replicasets", "-l", "app.kubernetes.io/name=api");
    const owners = sets.items.map(
      ({ metadata }: { metadata: { ownerReferences: { name: string }[] } }) =>
        metadata.ownerReferences.map(({ name }) => name).join(),
    );
    assert.deepEqual(owners.sort(), ["api", "api-canary"]);
    const slices = await object("endpointslices", "-l", "kubernetes.io/service-name=api");
    assert.equal(slices.items.flatMap(({ endpoints }: { endpoints: [] }) => endpoints).length, 3);
  });

  it("goes on to 50 and 100 by weights alone, and by Pods as the weight asks for them", async () => {
    const routes = ["api-http-virtual-service", "api-mesh-routes"].map(
      (name) => `update ${name}: spec.http[1].route[0].weight, spec.http[1].route[1].weight`,
    );
    state({ canary: { weight: 50 } });
    assert.deepEqual(await preview(), routes);
    await deploy();
    state({ canary: { weight: 100 } });
    const pool = "spec.subsets[1].trafficPolicy.connectionPool";
    const counts = ["http.http1MaxPendingRequests", "http.http2MaxRequests"];
    assert.deepEqual(await preview(), [
      "update api-canary-deployment: spec.replicas",
      `update api-destination-rule: ${counts.map((field) => `${pool}.${field}`).join(", ")}`,
      ...routes,
    ]);
    await deploy();
    assert.deepEqual(uids(await podsOf("stable")), stable);
    assert.equal((await podsOf("canary")).length, 2);
    assert.deepEqual(await weights("api-http"), [[undefined], [0, 100]]);
  });

  it("is promoted by one word: the workload runs its image, and nothing of it is left", async () => {
    state({ canary: { weight: "promote" } });
    const changes = await preview();
    assert.ok(changes.includes("delete api-canary-deployment"), changes.join("\n"));
    const deployment = changes.find((change) => change.startsWith("update api-deployment: "));
    const version = '"app.kubernetes.io/version"';
    assert.equal(
      deployment,
      `update api-deployment: metadata.labels[${version}], spec.template.metadata.labels[${version}], spec.template.spec.containers[0].image`,
    );
    await deploy();
    const pods = await podsOf("stable");
    assert.equal(pods.length, 2);
    for (const { metadata, spec } of pods) {
      assert.ok(!stable.includes(metadata.uid));
      assert.match(spec.containers[0]?.image ?? "", /podinfo:6\.7\.2@/);
    }
    assert.deepEqual(await podsOf("canary"), []);
    assert.deepEqual(await weights("api-http"), [[undefined]]);
  });

  it("is aborted by one word, and the workload's Pods stay as they are", async () => {
    state({ canary: { weight: 10 } });
    await deploy();
    const before = uids(await podsOf("stable"));
    state({ canary: { weight: "abort" } });
    assert.deepEqual(await preview(), [
      "delete api-canary-deployment",
      "update api-destination-rule: spec.subsets[1].trafficPolicy",
      ...sharedOut,
    ]);
    await deploy();
    assert.deepEqual(uids(await podsOf("stable")), before);
    assert.deepEqual(await podsOf("canary"), []);
    assert.equal(await owned(), 2);
  });

  it("leaves nothing to be done", async () => assert.deepEqual(await preview(), []));
});
