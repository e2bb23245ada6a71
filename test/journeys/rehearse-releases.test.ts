import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Checkout, type Ran, succeeded } from "./support/checkout";

const busybox = `docker.io/library/busybox:1.37.0@sha256:${"1".repeat(64)}`;
const resources = "{ requests: { cpu: 10m, memory: 16Mi }, limits: { cpu: 100m, memory: 32Mi } }";

const first = `release: "2030.01"
product: shop
namespaces: { shop: {} }
secrets:
  session: { random: {} }
workloads:
  db:
    kind: StatefulSet
    namespace: shop
    image: ${busybox}
    command: [sleep, infinity]
    claims: [{ name: data, mountPath: /data, sizeGiB: 1 }]
    resources: ${resources}
  api:
    kind: Deployment
    namespace: shop
    after: [db]
    image: ${busybox}
    command: [sleep, infinity]
    env: { LEVEL: info }
    secretEnv: { SESSION: session }
    ports: [{ name: http, port: 8080 }]
    probe: { port: 8080 }
    resources: ${resources}
`;

const second = `release: "2030.02"
base: "2030.01"
workloads:
  api:
    image: ${busybox.replace("1.37.0", "1.38.0").replace("1".repeat(64), "2".repeat(64))}
    env: { LEVEL: null, MODE: fast }
    after: [migrate]
  migrate:
    kind: Job
    namespace: shop
    migratesData: true
    after: [db]
    image: ${busybox}
    command: ["true"]
    resources: ${resources}
`;

const kinds = "statefulset,deployment,job,service,configmap,secret,pvc,pdb,serviceaccount";

interface Listed {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

interface Step {
  readonly op: string;
  readonly newState?: { readonly type: string; readonly inputs: Listed };
  readonly oldState?: { readonly type: string; readonly inputs: Listed };
}

/** The smallest private delivery with two releases of a product of its own. */
describe("A release forward and back", function () {
  this.timeout(900_000);
  let checkout: Checkout;
  const site = "site-b";
  const enter = (...command: string[]): Promise<Ran> => checkout.run(["enter", site, ...command]);
  const releases = (...args: string[]) => checkout.run(["releases", ...args]);
  const rehearse = async () => succeeded(await checkout.run(["rehearse", site, "--keep"]));
  const name = (release: string) =>
    checkout.edit(`Pulumi.${site}.yaml`, (text) => text.replace(/2030\.\d\d/, release));

  /** What the product is in the cluster, without what the cluster counts for itself. */
  const objects = async () => {
    const ran = await enter("kubectl", "get", kinds, "-n", "shop", "-o", "json");
    succeeded(ran);
    const { items } = JSON.parse(ran.stdout) as { items: (Listed & Record<string, unknown>)[] };
    return items.map(({ status: _status, metadata, ...rest }) => {
      const { "deployment.kubernetes.io/revision": _revision, ...annotations } =
        metadata.annotations ?? {};
      return { ...rest, metadata: { name: metadata.name, labels: metadata.labels, annotations } };
    });
  };
  /** Changes of Kubernetes objects that a preview announces, as `create Job migrate`. */
  const announced = async () => {
    const ran = await enter("pulumi", "preview", "-s", site, "--json");
    succeeded(ran);
    const { steps } = JSON.parse(ran.stdout.slice(ran.stdout.indexOf("{"))) as { steps: Step[] };
    return steps
      .filter(({ op }) => ["create", "update", "replace", "delete"].includes(op))
      .flatMap(({ op, newState, oldState }) => {
        const state = newState ?? oldState;
        return state?.type.startsWith("kubernetes:")
          ? [`${op} ${state.inputs.kind} ${state.inputs.metadata.name}`]
          : [];
      })
      .sort();
  };
  /** The same as `releases diff` tells it, without a site in reach. */
  const expected = async (from: string, to: string) => {
    const ran = await releases("diff", from, to, "--site", site, "--json");
    succeeded(ran);
    const { objects } = JSON.parse(ran.stdout) as {
      objects: { action: string; kind: string; name: string }[];
    };
    return objects
      .map(({ action, kind, name }) => `${action} ${kind} ${name.split("/")[1]}`)
      .sort();
  };

  before(async () => {
    checkout = new Checkout();
    mkdirSync(join(checkout.root, "releases"), { recursive: true });
    writeFileSync(join(checkout.root, "releases/2030.01.yaml"), first);
    writeFileSync(join(checkout.root, "releases/2030.02.yaml"), second);
    checkout.edit(`Pulumi.${site}.yaml`, (text) =>
      text
        .replace(/release: ".*"/, 'release: "2030.01"')
        .replace(/^ {4}(tenancy|certificates|ingress|logging|monitoring): .*\n/gm, "")
        .replace(/^ {4}(workloads|alerts):\n( {6}.*\n)+/gm, ""),
    );
    await rehearse();
  });

  after(async () => {
    await checkout.run(["rehearse", site, "--destroy"]);
    checkout.remove();
  });

  let atFirst: Awaited<ReturnType<typeof objects>>;

  it("changes just what the diff said, and the registry keeps what the last release needs", async () => {
    atFirst = await objects();
    name("2030.02");
    const changes = await expected("2030.01", "2030.02");
    assert.ok(changes.includes("create Job migrate"), changes.join("\n"));
    assert.ok(!changes.some((change) => change.endsWith(" db")), changes.join("\n"));
    assert.deepEqual(await announced(), changes);
    await rehearse();
    assert.deepEqual(await announced(), []);
    for (const release of ["2030.01", "2030.02"]) {
      const ran = await enter("./sitewright", "releases", "check", site, release);
      succeeded(ran);
      assert.match(ran.stdout, new RegExp(`has all \\d+ images of release ${release}`));
    }
  });

  it("goes back as the diff said, and says what that does not undo", async () => {
    name("2030.01");
    const preview = await enter("pulumi", "preview", "-s", site);
    succeeded(preview);
    const said = preview.stdout + preview.stderr;
    assert.match(said, /going back from 2030\.02 to 2030\.01 does not undo at site-b:/);
    assert.match(said, /shop\/db +its volumes stay as 2030\.02 left them/);
    assert.match(said, /shop\/migrate +what it migrated stays migrated/);
    assert.match(said, /secrets session +keep the values that were made at random/);
    assert.deepEqual(await announced(), await expected("2030.02", "2030.01"));
    await rehearse();
    assert.deepEqual(await objects(), atFirst);
    const nothing = await enter("pulumi", "preview", "-s", site, "--expect-no-changes");
    succeeded(nothing);
    assert.doesNotMatch(nothing.stdout + nothing.stderr, /does not undo/);
  });

  it("stops before any workload is touched when an image is nowhere", async () => {
    const nowhere = `docker.io/library/busybox:9.9.9@sha256:${"9".repeat(64)}`;
    checkout.edit("releases/2030.01.yaml", (text) =>
      text
        .replace(/(api:[\s\S]*?image: ).*/, `$1${nowhere}`)
        .replace("LEVEL: info", "LEVEL: debug"),
    );
    const checked = await enter("./sitewright", "releases", "check", site);
    assert.equal(checked.code, 4, checked.stdout + checked.stderr);
    assert.match(checked.stdout, /missing +workload api +docker\.io\/library\/busybox:9\.9\.9/);
    // Not by a rehearsal, which would make a bundle with it.
    const up = await enter("pulumi", "up", "-s", site, "--yes", "--skip-preview");
    assert.notEqual(up.code, 0);
    const said = up.stdout + up.stderr;
    assert.match(
      said,
      /neither the registry nor the bundle has 1 of the images of release 2030\.01/,
    );
    assert.match(said, /library\/busybox:9\.9\.9@sha256:9999/);
    assert.deepEqual(await objects(), atFirst);
  });
});
