import assert from "node:assert/strict";
import { LoggingSecrets } from "../../components/logging/secrets";
import { Platform } from "../../components/platform";
import { isDeployments, workloadObjects } from "../../components/workload/objects";
import { SecretValues } from "../../components/workload/secret-values";
import { Workload } from "../../components/workload/workload";
import { deploy } from "../support/deploy";
import { workloadOf } from "../support/platform-site";
import { hostKeys } from "../support/steps";
import { type Any, loggingBlueprint, secrets } from "./site";

async function deployed(changeSite?: (site: Any) => void, given: Any = secrets) {
  const blueprint = loggingBlueprint(changeSite);
  const { logging } = blueprint.platform;
  if (logging === undefined) throw new Error("no logging");
  const found = await deploy(() => {
    const loggingSecrets = new LoggingSecrets("secrets", { logging, secrets: given });
    const source = { blueprint, hostKeys, secrets: given, eraseData: false, loggingSecrets };
    new Platform("platform", { ...source, platform: blueprint.platform });
    const values = new SecretValues("values", {
      wanted: [],
      secrets: given,
      further: loggingSecrets.values,
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

const inSite = (site: Any) => {
  site.logging = { inSite: { keepDays: 7 }, metricbeat: true };
  site.certificates = {};
};

describe("Logging", () => {
  it("is a DaemonSet with its rights, its configuration and what the output asks for", async () => {
    const { names } = await unchanged();
    assert.deepEqual(names("platform-logging"), [
      "platform-logging",
      "platform-logging-filebeat-account",
      "platform-logging-filebeat-cluster-rights",
      "platform-logging-filebeat-cluster-role",
      "platform-logging-filebeat-config",
      "platform-logging-filebeat-pods",
      "platform-logging-namespace",
      "platform-logging-output",
    ]);
    assert.deepEqual(names("secrets"), ["secrets", "secrets-salt"]);
  });

  it("keeps values out of everything but Secrets", async () => {
    const { seen, secretInputs } = await unchanged();
    const output = secretInputs("platform-logging-output");
    assert.deepEqual(output, ["stringData"]);
    const shown = JSON.stringify(
      seen.filter(({ type }) => type !== "kubernetes:core/v1:Secret").map(({ inputs }) => inputs),
    );
    for (const value of [secrets.kafkaPassword, "007", "CCCC"]) {
      assert.ok(!shown.includes(value), value);
    }
  });

  it("gives variables in quotes, which beats read as texts, and files as they are", async () => {
    const { stringData } = (await unchanged()).named("platform-logging-output");
    assert.equal(stringData.LOG_OUTPUT_PASSWORD, '"a \\x22quoted\\x5c\\x22 one, 007"');
    assert.equal(stringData.LOG_OUTPUT_KEY, `${secrets.kafkaKey}\n`);
  });

  it("runs Filebeat on every node whatever its taints, with the node's network and its own data", async () => {
    const { spec } = (await unchanged()).named("platform-logging-filebeat-pods");
    const pod = spec.template.spec;
    assert.equal(pod.hostNetwork, true);
    assert.equal(pod.dnsPolicy, "ClusterFirstWithHostNet");
    assert.deepEqual(pod.tolerations, [{ operator: "Exists" }]);
    const data = pod.volumes.find(({ name }: Any) => name === "data");
    assert.deepEqual(data.hostPath, {
      path: "/var/lib/filebeat-data",
      type: "DirectoryOrCreate",
    });
    const [filebeat, figures] = pod.containers;
    assert.equal(filebeat.livenessProbe.httpGet.host, "127.0.0.1");
    const limit = filebeat.env.find(({ name }: Any) => name === "GOMEMLIMIT");
    assert.match(limit.value, /^[0-9]+MiB$/);
    assert.deepEqual(figures.ports[0].hostPort, 9479);
    for (const container of pod.containers) {
      assert.ok(container.resources.limits.memory, container.name);
      assert.equal(container.securityContext.allowPrivilegeEscalation, false);
    }
  });

  it("starts Pods anew with another password, and with nothing else that is secret", async () => {
    const mark = async (given: Any) => {
      const { named } = await deployed(undefined, given);
      return named("platform-logging-filebeat-pods").spec.template.metadata.annotations;
    };
    const before = await mark(secrets);
    const after = await mark({ ...secrets, kafkaPassword: "another" });
    const others = await mark({ ...secrets, apiKey: "another" });
    assert.notEqual(before["sitewright/secrets-hash"], after["sitewright/secrets-hash"]);
    assert.deepEqual(before, others);
  });

  it("says which secret is missing", async () => {
    await assert.rejects(
      deployed(undefined, { ...secrets, kafkaPassword: " " }),
      /the output of logs needs the secret kafkaPassword, and the stack has no value/,
    );
  });

  it("has a store of the site's own where the customer has none, with passwords that are made first", async () => {
    const { names, named } = await deployed(inSite);
    assert.deepEqual(names("platform-logging-store"), [
      "platform-logging-store",
      "platform-logging-store-certificate",
      "platform-logging-store-clean",
      "platform-logging-store-nodes-service",
      "platform-logging-store-pages",
      "platform-logging-store-pages-service",
      "platform-logging-store-passwords",
      "platform-logging-store-scripts",
      "platform-logging-store-servers",
      "platform-logging-store-service",
      "platform-logging-store-setup",
    ]);
    assert.deepEqual(names("secrets"), [
      "secrets",
      "secrets-administrator-password",
      "secrets-encryption-key",
      "secrets-pages-password",
      "secrets-salt",
      "secrets-writer-password",
    ]);
    const { data } = named("platform-logging-store-scripts");
    assert.equal(JSON.parse(data["policy.json"]).policy.phases.delete.min_age, "7d");
    assert.equal(
      JSON.parse(data["template.json"]).template.mappings.properties.app.type,
      "flattened",
    );
    const role = JSON.parse(data["role.json"]);
    assert.deepEqual(role.cluster, ["monitor"], "who adds entries may do nothing else");
    assert.deepEqual(names("platform-logging-metricbeat"), [
      "platform-logging-metricbeat-account",
      "platform-logging-metricbeat-cluster-rights",
      "platform-logging-metricbeat-cluster-role",
      "platform-logging-metricbeat-config",
      "platform-logging-metricbeat-pods",
      "platform-logging-metricbeat-rights",
      "platform-logging-metricbeat-role",
    ]);
  });
});

describe("A workload's log files", () => {
  const template = async (changeSite?: (site: Any) => void) => {
    const { named } = changeSite === undefined ? await unchanged() : await deployed(changeSite);
    return named("api-deployment").spec.template;
  };

  it("are sent by a container beside it, which sees them and nothing else", async () => {
    const { spec, metadata } = await template();
    const [shipper] = spec.initContainers;
    assert.equal(shipper.name, "log-shipper");
    assert.equal(shipper.restartPolicy, "Always");
    assert.match(shipper.image, /^dockerhub\.kubekey\.local\/beats\/filebeat:/);
    const mounts = shipper.volumeMounts.map(({ name, mountPath, readOnly }: Any) => [
      name,
      mountPath,
      readOnly === true,
    ]);
    assert.deepEqual(mounts, [
      ["log-config", "/etc/sitewright/filebeat", true],
      ["log-registry", "/var/lib/filebeat", false],
      ["log-output", "/etc/sitewright/output", true],
      ["logs-0", "/var/log/api", true],
    ]);
    assert.deepEqual(shipper.securityContext, {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
    const [own] = spec.containers;
    const folder = own.volumeMounts.find(({ name }: Any) => name === "logs-0");
    assert.deepEqual(folder, { name: "logs-0", mountPath: "/var/log/api" });
    const volume = spec.volumes.find(({ name }: Any) => name === "logs-0");
    assert.deepEqual(volume.emptyDir, { sizeLimit: "512Mi" });
    assert.match(metadata.annotations["sitewright/log-config-hash"], /^[0-9a-f]{16}$/);
    assert.equal(metadata.labels["sitewright.io/log-format"], "text");
  });

  it("bring a Secret of the workload's own, which no repository holds", async () => {
    const { secretInputs, blueprint } = await unchanged();
    assert.deepEqual(secretInputs("api-log-output"), ["stringData"]);
    const objects = workloadObjects(workloadOf(blueprint, "api"));
    const own = objects.filter(({ noun }) => noun.startsWith("log-"));
    assert.deepEqual(
      own.map((one) => [one.noun, one.object.kind, isDeployments(one)]),
      [
        ["log-shipper", "ConfigMap", false],
        ["log-output", "Secret", true],
      ],
    );
    const pods = objects.find(({ noun }) => noun === "deployment");
    assert.ok(pods?.restartsWith?.includes("LOG_OUTPUT_PASSWORD"));
  });

  it("stay in a volume of the Pod where nobody collects them", async () => {
    const blueprint = loggingBlueprint((site) => {
      delete site.logging;
    });
    const objects = workloadObjects(workloadOf(blueprint, "api"));
    const deployment: Any = objects.find(({ noun }) => noun === "deployment");
    const { spec } = deployment.object;
    assert.equal(spec.template.spec.initContainers, undefined);
    assert.ok(spec.template.spec.volumes.some(({ name }: Any) => name === "logs-0"));
    assert.ok(!objects.some(({ noun }) => noun.startsWith("log-")));
  });

  it("count where room is counted, and their image is brought to the site", () => {
    const { blueprint } = { blueprint: loggingBlueprint() };
    const [shipper] = workloadOf(blueprint, "api").init;
    assert.deepEqual(shipper?.resources.requests, { cpu: "50m", memory: "64Mi" });
    assert.ok(blueprint.images.some(({ image }) => image.includes("/beats/filebeat:")));
  });

  it("get out where a namespace is closed, to the output and nowhere else", () => {
    const blueprint = loggingBlueprint((site) => {
      site.tenancy = {};
    });
    const [parcels] = blueprint.platform.tenancy?.product.namespaces ?? [];
    const policy = parcels?.policies.find(({ name }) => name === "ways-out");
    assert.deepEqual(
      policy?.egress.map(({ cidrs, ports }) => [cidrs, ports]),
      ["192.0.2.71/32", "192.0.2.72/32"].map((cidr) => [[cidr], [{ port: 9093, protocol: "TCP" }]]),
    );
  });

  it("know the site's own store by its authority", async () => {
    const { named } = await deployed(inSite);
    const authority = named("api-log-authority");
    assert.deepEqual(authority.metadata.namespace, "parcels");
    const { spec } = named("api-deployment").spec.template;
    const volume = spec.volumes.find(({ name }: Any) => name === "log-authority");
    assert.deepEqual(volume.secret, {
      secretName: "api-log-authority",
      items: [{ key: "ca.crt", path: "ca.crt" }],
    });
  });
});
