import assert from "node:assert/strict";
import { CentreSecrets, uuid } from "../../components/config-centre/centre-secrets";
import { consulValues } from "../../components/config-centre/values";
import { Platform } from "../../components/platform";
import { isDeployments, workloadObjects } from "../../components/workload/objects";
import { SecretValues } from "../../components/workload/secret-values";
import { Workload } from "../../components/workload/workload";
import { deploy } from "../support/deploy";
import { workloadOf } from "../support/platform-site";
import { strayKeys } from "../support/settable-keys";
import { catalogue } from "../support/sites";
import { hostKeys } from "../support/steps";
import { type Any, centreBlueprint, entries, external, secrets } from "./site";

async function deployed(changeSite?: (site: Any) => void, changeRelease?: (release: Any) => void) {
  const blueprint = centreBlueprint(changeSite, changeRelease);
  const { configCentre: centre } = blueprint.platform;
  if (centre === undefined) throw new Error("no config centre");
  const found = await deploy(() => {
    const centreSecrets = new CentreSecrets("secrets", { centre, secrets });
    const source = { blueprint, hostKeys, secrets, eraseData: false, centreSecrets };
    new Platform("platform", { ...source, platform: blueprint.platform });
    const values = new SecretValues("values", {
      wanted: [],
      secrets,
      further: { CONFIG_CENTRE_TOKEN: centreSecrets.token },
    });
    new Workload("api", { workload: workloadOf(blueprint, "api"), secrets: values });
  });
  const named = (name: string) => {
    const one = found.seen.find((resource) => resource.name === name);
    if (one === undefined) throw new Error(`no ${name}`);
    return one.inputs;
  };
  const names = (start: string) =>
    found.seen
      .map(({ name }) => name)
      .filter((name) => name.startsWith(start))
      .sort();
  return { ...found, blueprint, named, names };
}

let asIs: ReturnType<typeof deployed> | undefined;
const unchanged = () => (asIs ??= deployed());

const customers = (site: Any) => {
  site.configCentre = external;
};

describe("The config centre", () => {
  it("is servers with a token and a key of their own, and a policy", async () => {
    const { names, secretInputs } = await unchanged();
    assert.deepEqual(names("platform-config-centre"), [
      "platform-config-centre",
      "platform-config-centre-bootstrap-token",
      "platform-config-centre-consul",
      "platform-config-centre-gossip-key",
      "platform-config-centre-policy",
    ]);
    assert.deepEqual(names("secrets"), ["secrets", "secrets-gossip-key", "secrets-token"]);
    assert.deepEqual(secretInputs("platform-config-centre-bootstrap-token"), ["stringData"]);
  });

  it("gets values that the real chart reads, with YAML in texts where it takes texts", () => {
    for (const replicas of [1, 3]) {
      const { server } =
        centreBlueprint((site) => {
          site.configCentre.storageClass = "local";
        }).platform.configCentre ?? {};
      assert.ok(server);
      const values = consulValues({ ...server, replicas });
      const version = catalogue.platform.charts.consul?.version ?? "";
      assert.deepEqual(strayKeys("consul", version, values), []);
      assert.equal(values.server.nodeSelector, '{"sitewright/worker":"true"}');
      assert.equal(values.global.acls.nodeSelector, values.server.nodeSelector);
      assert.equal(typeof values.server.affinity, "string");
      assert.equal(values.server.disruptionBudget.enabled, replicas === 3);
      assert.equal(values.connectInject.apiGateway.manageExternalCRDs, false);
    }
  });

  it("has three servers where three workers are, which count for the capacity", () => {
    const third = (site: Any) => {
      site.hosts.push({ ...site.hosts[1], name: "worker-3", address: "192.0.2.23" });
    };
    const replicas = (change?: (site: Any) => void) =>
      centreBlueprint(change).platform.pods.find(({ name }) => name === "consul-server")?.replicas;
    assert.equal(replicas(), 1);
    assert.equal(replicas(third), 3);
  });

  it("lets in only namespaces whose workloads keep entries", async () => {
    const { named } = await unchanged();
    const { spec } = named("platform-config-centre-policy");
    assert.deepEqual(spec.ingress, [
      { from: [{ podSelector: {} }] },
      {
        from: [
          { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "parcels" } } },
        ],
        ports: [{ port: 8500, protocol: "TCP" }],
      },
    ]);
    assert.deepEqual(spec.policyTypes, ["Ingress", "Egress"]);
  });

  it("is nothing in the cluster where the customer has one", async () => {
    const { names, blueprint } = await deployed(customers);
    assert.deepEqual(names("platform-config"), []);
    assert.deepEqual(names("secrets"), ["secrets"]);
    const images = blueprint.images.map(({ image }) => image).filter((one) => /consul/.test(one));
    assert.deepEqual(images, ["docker.io/hashicorp/consul:2.0.3"]);
    assert.ok(blueprint.secretNames.includes("centreToken"));
  });

  it("takes tokens in the one form that Consul reads", () => {
    assert.equal(uuid("0".repeat(32)), "00000000-0000-4000-8000-000000000000");
    assert.equal(uuid("f".repeat(32)), "ffffffff-ffff-4fff-bfff-ffffffffffff");
  });
});

describe("A workload with entries", () => {
  it("has them imported before its own Pods", async () => {
    const { names } = await unchanged();
    assert.deepEqual(
      names("api").filter((name) => name.includes("centre")),
      ["api-centre-entries", "api-centre-import", "api-centre-token"],
    );
    const objects = workloadObjects(workloadOf((await unchanged()).blueprint, "api"));
    const pods = objects.find(({ noun }) => noun === "deployment");
    assert.ok(pods?.after?.includes("centre-import"));
    assert.deepEqual(pods?.restartsWith, ["CONFIG_CENTRE_TOKEN"]);
  });

  it("has a Job that meets Pod security restricted, and an image of the site's registry", async () => {
    const { named } = await unchanged();
    const { spec, metadata } = named("api-centre-import");
    assert.equal(metadata.name, "api-centre");
    assert.ok(spec.backoffLimit > 0 && spec.activeDeadlineSeconds > 0);
    const pod = spec.template.spec;
    assert.equal(pod.securityContext.runAsNonRoot, true);
    assert.deepEqual(pod.securityContext.seccompProfile, { type: "RuntimeDefault" });
    const [container] = pod.containers;
    assert.equal(container.image, "dockerhub.kubekey.local/hashicorp/consul:2.0.3");
    assert.equal(container.securityContext.allowPrivilegeEscalation, false);
    assert.deepEqual(container.securityContext.capabilities, { drop: ["ALL"] });
    assert.ok(container.resources.limits.memory);
    assert.equal(spec.template.metadata.labels["app.kubernetes.io/name"], "api-centre");
  });

  it("finds them by its environment, with the token from a Secret", async () => {
    const { named, secretInputs } = await unchanged();
    const [container] = named("api-deployment").spec.template.spec.containers;
    const centre = container.env.filter(({ name }: Any) => name.startsWith("CONFIG_CENTRE"));
    assert.deepEqual(centre, [
      {
        name: "CONFIG_CENTRE_ADDRESS",
        value: "http://consul-server.consul.svc.cluster.local:8500",
      },
      { name: "CONFIG_CENTRE_PREFIX", value: "parcels/parcels/api/" },
      {
        name: "CONFIG_CENTRE_TOKEN",
        valueFrom: { secretKeyRef: { name: "api-centre", key: "CONFIG_CENTRE_TOKEN" } },
      },
    ]);
    assert.deepEqual(secretInputs("api-centre-token"), ["stringData"]);
  });

  it("has another Job for other entries, and the same one for another image of its own", () => {
    const hash = (change?: (release: Any) => void) => {
      const workload = workloadOf(centreBlueprint(undefined, change), "api");
      const job = workloadObjects(workload).find(({ noun }) => noun === "centre-import");
      return JSON.stringify(job?.object);
    };
    const image = (release: Any) => {
      release.workloads.api.image = release.workloads.web.image;
    };
    assert.equal(hash(image), hash());
    const other = (release: Any) => {
      release.workloads.api.centre = { ...entries, banner: "" };
    };
    assert.notEqual(hash(other), hash());
  });

  it("reaches the customer's with its authority and name, and the token that the stack holds", async () => {
    const { named } = await deployed(customers);
    const { env } = named("api-centre-import").spec.template.spec.containers[0];
    assert.deepEqual(
      env.map(({ name, value }: Any) => [name, value]),
      [
        ["CONSUL_HTTP_ADDR", "https://192.0.2.90:8501"],
        ["CONSUL_HTTP_TOKEN", undefined],
        ["CONSUL_CACERT", "/centre/ca.pem"],
        ["CONSUL_TLS_SERVER_NAME", "consul.site-t.example"],
      ],
    );
    assert.equal(named("api-centre-entries").data["ca.pem"], external.tls.ca);
    assert.deepEqual(named("api-centre-token").stringData, { CONFIG_CENTRE_TOKEN: "given" });
  });

  it("stays the deployment's to import where Argo CD makes the workload", async () => {
    const objects = workloadObjects(workloadOf((await unchanged()).blueprint, "api"));
    const centre = objects.filter(({ noun }) => noun.startsWith("centre-"));
    assert.equal(centre.length, 3);
    assert.ok(centre.every(isDeployments));
  });

  it("may reach the config centre where ways out are closed, and others may not", () => {
    const rules = (change: (site: Any) => void, changeRelease?: (release: Any) => void) =>
      centreBlueprint((site) => {
        site.tenancy = {};
        change(site);
      }, changeRelease)
        .platform.tenancy?.product.namespaces.find(({ name }) => name === "parcels")
        ?.policies.filter(({ name }) => name === "ways-out")
        .flatMap(({ egress }) => egress)
        .map(({ namespaces, cidrs, ports }) => [...namespaces, ...cidrs, ports[0]?.port]);
    assert.deepEqual(
      rules(() => {}),
      [["consul", 8500]],
    );
    assert.deepEqual(rules(customers), [["192.0.2.90/32", 8501]]);
    const none = (release: Any) => {
      delete release.workloads.api.centre;
    };
    assert.deepEqual(
      rules(() => {}, none),
      [],
    );
  });
});
