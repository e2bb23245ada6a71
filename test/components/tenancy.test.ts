import assert from "node:assert/strict";
import { KubeSphere } from "../../components/kubesphere/kubesphere";
import { Tenancy } from "../../components/tenancy/tenancy";
import { Product } from "../../components/workload/product";
import { withBundle } from "../support/bundled-site";
import { deploy } from "../support/deploy";
import { strayKeys } from "../support/settable-keys";
import { catalogue, resolve, smallSite } from "../support/sites";

const secrets = { consolePassword: "Given-by-us-1" };

/** Blueprint of a site with that tenancy, and with a bundle. */
function blueprint(tenancy: object, more: object = {}) {
  const site = { ...smallSite(), ...more, tenancy };
  return withBundle(resolve(site));
}

function tenancyOf(given: object, more: object = {}) {
  const { tenancy } = blueprint(given, more).platform;
  assert.ok(tenancy !== undefined);
  return tenancy;
}

const one = { workspaces: { sorting: { namespaces: { web: {} } } } };
const make = (given: object) =>
  deploy(() => new Tenancy("t", { tenancy: tenancyOf(given), secrets }));

describe("Tenancy", () => {
  it("makes roles, accounts, and a namespace with its rules", async () => {
    const { seen } = await make(one);
    assert.deepEqual(seen.map(({ name }) => name).sort(), [
      "t",
      "t-access-quota",
      "t-developer-role",
      "t-operator-role",
      "t-parcels-developer-account",
      "t-parcels-operator-account",
      "t-parcels-viewer-account",
      "t-site-t-sorting-web",
      "t-site-t-sorting-web-deny-by-default-policy",
      "t-site-t-sorting-web-developer-binding",
      "t-site-t-sorting-web-limit-range",
      "t-site-t-sorting-web-namespace",
      "t-site-t-sorting-web-operator-binding",
      "t-site-t-sorting-web-platform-policy",
      "t-site-t-sorting-web-quota",
      "t-site-t-sorting-web-viewer-binding",
      "t-site-t-sorting-web-within-namespace-policy",
      "t-sorting-developer-account",
      "t-sorting-operator-account",
      "t-sorting-viewer-account",
      "t-viewer-role",
    ]);
  });

  it("makes no long-lived token and no secret of any kind", async () => {
    const { seen } = await make(one);
    assert.ok(!seen.some(({ type }) => type.includes("Secret")));
  });

  it("keeps accounts where no Pod can run beside them", async () => {
    const { seen } = await make(one);
    const accounts = seen.filter(({ type }) => type.endsWith(":ServiceAccount"));
    assert.deepEqual(
      [...new Set(accounts.map(({ inputs }) => inputs.metadata.namespace))],
      ["sitewright-access"],
    );
    const quota = seen.find(({ name }) => name === "t-access-quota");
    assert.deepEqual(quota?.inputs.spec, { hard: { pods: "0" } });
  });

  it("binds people and the account to a role in the namespace alone, site-wide operators too", async () => {
    const { seen } = await make({
      operators: { groups: ["site-operators"] },
      workspaces: {
        sorting: { roles: { operator: { users: ["shift-lead"] } }, namespaces: { web: {} } },
      },
    });
    const binding = seen.find(({ name }) => name === "t-site-t-sorting-web-operator-binding");
    assert.equal(binding?.type, "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding");
    const apiGroup = "rbac.authorization.k8s.io";
    assert.deepEqual(binding?.inputs.subjects, [
      { kind: "User", name: "shift-lead", apiGroup },
      { kind: "Group", name: "site-operators", apiGroup },
      { kind: "ServiceAccount", name: "sorting-operator", namespace: "sitewright-access" },
    ]);
    assert.ok(!seen.some(({ type }) => type.endsWith(":ClusterRoleBinding")));
  });

  it("writes a weaker Pod security level with its reason", async () => {
    const { seen } = await make({
      workspaces: { sorting: { namespaces: { web: { baselineBecause: "an old image" } } } },
    });
    const namespace = seen.find(({ name }) => name === "t-site-t-sorting-web-namespace");
    const { labels, annotations } = namespace?.inputs.metadata ?? {};
    assert.equal(labels["pod-security.kubernetes.io/enforce"], "baseline");
    assert.equal(labels["pod-security.kubernetes.io/warn"], "restricted");
    assert.deepEqual(annotations, { "sitewright/baseline-because": "an old image" });
  });

  it("denies by a policy over every Pod and both directions that lets nothing through", async () => {
    const { seen } = await make(one);
    const policy = seen.find(({ name }) => name.endsWith("-deny-by-default-policy"));
    assert.deepEqual(policy?.inputs.spec, {
      podSelector: {},
      policyTypes: ["Ingress", "Egress"],
    });
  });
});

describe("The product's namespaces", () => {
  it("get their rules after themselves, and no quota that nobody stated", async () => {
    const { namespaces, platform } = blueprint({});
    const rules = platform.tenancy?.product.namespaces ?? [];
    const { seen } = await deploy(
      () => new Product("p", { namespaces, workloads: [], sharedVolumes: [], rules }),
    );
    assert.deepEqual(
      seen
        .map(({ name }) => name)
        .filter((name) => name.startsWith("p-parcels-rules"))
        .sort(),
      [
        "p-parcels-rules",
        "p-parcels-rules-deny-by-default-policy",
        "p-parcels-rules-developer-binding",
        "p-parcels-rules-limit-range",
        "p-parcels-rules-operator-binding",
        "p-parcels-rules-platform-policy",
        "p-parcels-rules-viewer-binding",
        "p-parcels-rules-within-namespace-policy",
      ],
    );
  });
});

describe("KubeSphere", () => {
  const wanted = (more: object = {}, site: object = {}) => {
    const { kubesphere } = tenancyOf({ kubesphere: { acceptLicence: true, ...more } }, site);
    assert.ok(kubesphere !== undefined);
    return kubesphere;
  };
  const made = (kubesphere = wanted()) =>
    deploy(() => new KubeSphere("k", { kubesphere, secrets }));
  const release = "kubernetes:helm.sh/v3:Release";
  /** So many workers, and storage. */
  const workers = (count: number) => {
    const [control, worker, , registry] = smallSite().hosts;
    const all = Array.from({ length: count }, (_, at) => ({
      ...worker,
      name: `worker-${at + 1}`,
      address: `192.0.2.${60 + at}`,
    }));
    return {
      hosts: [control, ...all, registry],
      storage: { kind: "local", local: { dataStaysOnItsNode: true } },
    };
  };

  it("is one release by Helm, with what stays the same between renderings, and telemetry off", async () => {
    const { seen } = await made();
    assert.deepEqual(seen.map(({ name }) => name).sort(), [
      "k",
      "k-admin-password",
      "k-jwt-secret",
      "k-limit-range",
      "k-release",
      "k-telemetry",
    ]);
    const telemetry = seen.find(({ name }) => name === "k-telemetry");
    assert.equal(telemetry?.type, "kubernetes:core/v1:SecretPatch");
    const data = telemetry?.inputs.data["configuration.yaml"];
    assert.equal(Buffer.from(data, "base64").toString(), "enabled: false\n");
  });

  it("installs the bundle's chart or nothing, and takes back what failed", async () => {
    const { one } = await made();
    const { chart, atomic, timeout, namespace } = one(release).inputs;
    assert.match(chart, /^\.\/bundles\/2026\.11\/charts\/ks-core\.tgz$/);
    assert.deepEqual([atomic, timeout, namespace], [true, 900, "kubesphere-system"]);
  });

  it("names the site's registry in its values, where no rewriting of objects reaches", async () => {
    const { one } = await made();
    const { values } = one(release).inputs;
    assert.equal(values.global.imageRegistry, "dockerhub.kubekey.local");
    assert.equal(values.extension.imageRegistry, "dockerhub.kubekey.local");
    assert.doesNotMatch(JSON.stringify(values), /docker\.io|quay\.io/);
  });

  it("sets keys that the chart reads, with one of each and with three", async () => {
    for (const kubesphere of [wanted(), wanted({}, workers(3)), wanted({}, workers(4))]) {
      const { one } = await made(kubesphere);
      const { version } = catalogue.platform.charts["ks-core"] ?? {};
      assert.deepEqual(strayKeys("ks-core", version ?? "", one(release).inputs.values), []);
    }
  });

  it("runs three of each where hosts and storage are there, apart only with a host to spare", async () => {
    const settings = async (site: object) => {
      const { values } = (await made(wanted({}, site))).one(release).inputs;
      const { ha, redisHA, apiserver } = values;
      return [ha.enabled, redisHA.enabled, apiserver.hardAntiAffinity];
    };
    assert.deepEqual(await settings(workers(2)), [false, false, false]);
    assert.deepEqual(await settings({ ...workers(3), storage: undefined }), [false, false, false]);
    // Its rolling updates want a fourth host for a moment.
    assert.deepEqual(await settings(workers(3)), [true, true, false]);
    assert.deepEqual(await settings(workers(4)), [true, true, true]);
  });

  it("takes the first password from a secret that the site names, and makes up none then", async () => {
    const given = { ...wanted(), adminPasswordSecret: "consolePassword" };
    const second = await made(given);
    assert.equal(
      second.one(release).inputs.values.authentication.adminPassword,
      secrets.consolePassword,
    );
    assert.ok(!second.seen.some(({ name }) => name === "k-admin-password"));
  });

  it("counts in the site's capacity, images and namespaces", () => {
    const { platform, images } = blueprint({ kubesphere: { acceptLicence: true } });
    const here = platform.pods.filter(({ namespace }) => namespace === "kubesphere-system");
    assert.deepEqual(
      here.map(({ name, replicas }) => `${replicas} ${name}`),
      ["1 ks-apiserver", "1 ks-console", "1 ks-controller-manager", "1 extensions-museum"],
    );
    const its = images.filter(({ neededBy }) => neededBy === "chart ks-core");
    assert.ok(its.some(({ image }) => image.includes("ks-extensions-museum")));
    assert.ok(its.some(({ image }) => image.includes("kubesphere/kubectl")));
    assert.deepEqual(
      platform.namespaces.map(({ name }) => name),
      ["sitewright-access", "kubesphere-system", "kubesphere-controls-system"],
    );
  });
});
