import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { parse } from "yaml";
import { Tracing } from "../../components/tracing/tracing";
import { trustStore } from "../../components/tracing/truststore";
import { deploy } from "../support/deploy";
import { withEdge } from "../support/platform-site";
import { blueprintOf, elasticsearch, tracedSite } from "./site";

const secrets = { tracesPassword: 'pass "word" \\ 1' };

async function deployed(site: unknown) {
  const { tracing } = blueprintOf(site).platform;
  assert.ok(tracing);
  const found = await deploy(() => new Tracing("tracing", { tracing, secrets }));
  const inputs = (name: string) => {
    const one = found.seen.find((resource) => resource.name === name);
    assert.ok(one, `no resource ${name}`);
    return one.inputs;
  };
  return { ...found, inputs, names: found.seen.map(({ name }) => name).sort() };
}

/** A certificate of nobody's, whose only meaning is its bytes. */
const ca = `-----BEGIN CERTIFICATE-----\n${Buffer.from("one certificate").toString("base64")}\n-----END CERTIFICATE-----\n`;

const podOf = (workload: {
  spec: { template: { spec: unknown } };
  // biome-ignore lint/suspicious/noExplicitAny: read without naming its type
}): any => workload.spec.template.spec;

describe("Tracing", () => {
  it("makes Jaeger, its settings, its Service and a policy", async () => {
    const { names, urns } = await deployed(tracedSite());
    assert.deepEqual(names, [
      "tracing",
      "tracing-collector-pods",
      "tracing-collector-service",
      "tracing-collector-settings",
      "tracing-tracing-policy",
    ]);
    for (const urn of urns.slice(2)) assert.match(urn, /sitewright:tracing:Tracing\$/);
  });

  it("makes with Elasticsearch a Secret, a budget and what removes old traces", async () => {
    const { names, secretInputs } = await deployed(tracedSite({ storage: elasticsearch }));
    assert.deepEqual(names, [
      "tracing",
      "tracing-cleaner",
      "tracing-collector-budget",
      "tracing-collector-pods",
      "tracing-collector-service",
      "tracing-collector-settings",
      "tracing-storage",
      "tracing-tracing-policy",
    ]);
    assert.ok(secretInputs("tracing-storage").includes("data"));
  });

  it("makes of SkyWalking the Job that makes its tables, before its server, and its pages", async () => {
    const { names, inputs } = await deployed(
      tracedSite({ kind: "skywalking", storage: elasticsearch }),
    );
    assert.deepEqual(names, [
      "tracing",
      "tracing-collector-pods",
      "tracing-collector-service",
      "tracing-init",
      "tracing-pages-pods",
      "tracing-pages-service",
      "tracing-storage",
      "tracing-tracing-policy",
    ]);
    const java = (pod: { containers: { env: { name: string; value: string }[] }[] }) =>
      pod.containers[0]?.env.find(({ name }) => name === "JAVA_OPTS")?.value;
    assert.match(java(podOf(inputs("tracing-init"))) ?? "", /-Dmode=init/);
    assert.match(java(podOf(inputs("tracing-collector-pods"))) ?? "", /-Dmode=no-init/);
    assert.equal(podOf(inputs("tracing-init")).containers[0].livenessProbe, undefined);
  });

  it("leads people to its pages where the site states a name", async () => {
    const site = tracedSite({ host: "traces" });
    withEdge(site);
    Object.assign(site, {
      mesh: {},
      certificates: {},
      ingress: { domain: "apps.site-t.example" },
    });
    const { names, inputs } = await deployed(site);
    assert.deepEqual(
      names.filter((name) => /route|redirect|virtual/.test(name)),
      [
        "tracing-http-pages-virtual-service",
        "tracing-http-pages-web-ingress-route",
        "tracing-http-pages-websecure-ingress-route",
        "tracing-redirect",
      ],
    );
    assert.deepEqual(inputs("tracing-http-pages-virtual-service").spec.hosts, [
      "traces.apps.site-t.example",
    ]);
  });

  it("starts every Pod with bounds, probes and as little right as there is", async () => {
    for (const tracing of [
      {},
      { kind: "zipkin" },
      { storage: elasticsearch },
      { kind: "zipkin", storage: elasticsearch },
      { kind: "skywalking", storage: elasticsearch },
    ]) {
      const { seen } = await deployed(tracedSite(tracing));
      const pods = seen.filter(({ type }) => /:(Deployment|Job|CronJob)$/.test(type));
      assert.ok(pods.length > 0);
      for (const { name, type, inputs } of pods) {
        const spec = podOf(type.endsWith("CronJob") ? inputs.spec.jobTemplate : inputs);
        const [container] = spec.containers;
        assert.equal(spec.securityContext.runAsNonRoot, true, name);
        assert.ok(spec.securityContext.runAsUser > 0, name);
        assert.equal(spec.automountServiceAccountToken, false, name);
        assert.equal(container.securityContext.readOnlyRootFilesystem, true, name);
        assert.ok(container.resources.limits.memory && container.resources.requests.cpu, name);
        if (!type.endsWith("Deployment")) continue;
        for (const probe of ["startupProbe", "readinessProbe", "livenessProbe"]) {
          assert.ok(container[probe], `${name} ${probe}`);
        }
      }
    }
  });

  it("tells Jaeger where traces are kept, by files that hold its password", async () => {
    const { inputs } = await deployed(tracedSite({ storage: { ...elasticsearch, ca } }));
    const settings = parse(inputs("tracing-collector-settings").data["jaeger.yaml"]);
    assert.deepEqual(settings.extensions.jaeger_storage.backends.traces.elasticsearch, {
      server_urls: ["https://192.0.2.70:9200"],
      auth: { basic: { username: "traces", password_file: "/etc/tracing/secret/password" } },
      tls: { ca_file: "/etc/tracing/secret/ca.crt" },
    });
    // Every part that the pipeline names is there.
    const { traces } = settings.service.pipelines;
    for (const [kind, names] of Object.entries(traces) as [string, string[]][]) {
      for (const name of names) assert.ok(name in settings[kind], `${kind}: ${name}`);
    }
    for (const name of settings.service.extensions) assert.ok(name in settings.extensions, name);
  });

  it("keeps the password out of everything but the Secret, whose options curl can read", async () => {
    const { seen, inputs } = await deployed(tracedSite({ storage: { ...elasticsearch, ca } }));
    const { data } = inputs("tracing-storage");
    const plain = (key: string) => Buffer.from(data[key], "base64").toString("utf8");
    assert.equal(plain("password"), secrets.tracesPassword);
    assert.equal(
      plain("curl"),
      'user = "traces:pass \\"word\\" \\\\ 1"\ncacert = "/etc/tracing/secret/ca.crt"\n',
    );
    const others = seen.filter(({ name }) => name !== "tracing-storage" && name !== "tracing");
    assert.doesNotMatch(JSON.stringify(others), /pass \\+"word/);
  });
});

describe("A store of authorities for programs in Java", () => {
  // As keytool -list of OpenJDK 17 read it: its checksum, and each certificate under its name.
  it("has the bytes that keytool takes", () => {
    const store = trustStore(`${ca}${ca}`);
    assert.equal(store.readUInt32BE(0), 0xfeedfeed);
    assert.equal(store.readUInt32BE(8), 2);
    const body = store.subarray(0, -20);
    const password = Buffer.from([..."changeit"].flatMap((one) => [0, one.charCodeAt(0)]));
    const checksum = createHash("sha1").update(password).update("Mighty Aphrodite").update(body);
    assert.deepEqual(store.subarray(-20), checksum.digest());
    assert.deepEqual(trustStore(`${ca}${ca}`), store);
  });

  it("is never made of nothing", () => {
    assert.throws(() => trustStore("not a certificate"), /no certificate/);
  });
});
