import assert from "node:assert/strict";
import { NightingaleSecrets } from "../../components/nightingale/nightingale-secrets";
import { Platform } from "../../components/platform";
import { REQUEST_VARIABLE } from "../../components/support/step-request";
import { withBundle } from "../support/bundled-site";
import { deploy } from "../support/deploy";
import { roomySite } from "../support/platform-site";
import { resolve } from "../support/sites";
import { hostKeys } from "../support/steps";

// biome-ignore lint/suspicious/noExplicitAny: tests change a site in ways that no type allows
type AnySite = any;

const secrets = {
  sshPassword: "hunter-ssh",
  rootPassword: "hunter-root",
  databasePassword: "hunter-database",
  redisPassword: "hunter-redis",
  other: "hunter-other",
};

const authority = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";

function blueprintOf(change: (site: AnySite) => void = () => {}) {
  const site: AnySite = roomySite();
  site.storage = { kind: "local", local: { dataStaysOnItsNode: true } };
  site.certificates = {};
  site.ingress = { domain: "apps.site-t.example" };
  site.monitoring = {};
  site.nightingale = {};
  change(site);
  return withBundle(resolve(site, Object.keys(secrets)));
}

async function deployed(change?: (site: AnySite) => void) {
  const blueprint = blueprintOf(change);
  const { nightingale } = blueprint.platform;
  assert.ok(nightingale);
  const found = await deploy(() => {
    const nightingaleSecrets = new NightingaleSecrets("secrets", { nightingale, secrets });
    const source = { blueprint, hostKeys, secrets, eraseData: false, nightingaleSecrets };
    const platform = { ...blueprint.platform, definitions: [] };
    const { nightingale: only, namespaces, pods, definitions } = platform;
    new Platform("platform", {
      ...source,
      platform: { nightingale: only, namespaces, pods, definitions } as typeof platform,
    });
  });
  const named = (name: string) => {
    const one = found.seen.find((resource) => resource.name === `platform-nightingale${name}`);
    assert.ok(one, name);
    return one.inputs;
  };
  const names = (start: string) =>
    found.seen
      .map(({ name }) => name)
      .filter((name) => name.startsWith(start))
      .map((name) => name.slice(start.length))
      .sort();
  return { ...found, blueprint, nightingale, named, names };
}

let asIs: ReturnType<typeof deployed> | undefined;
const unchanged = () => (asIs ??= deployed());

const customers = (site: AnySite) => {
  site.nightingale = {
    rootPasswordSecret: "rootPassword",
    replicas: 1,
    database: {
      kind: "external",
      engine: "postgres",
      host: "db.site-t.example",
      user: "n9e",
      passwordSecret: "databasePassword",
      tls: { ca: authority },
    },
    redis: {
      kind: "external",
      host: "192.0.2.91",
      user: "n9e",
      passwordSecret: "redisPassword",
      tls: {},
    },
  };
};

describe("Nightingale", () => {
  it("is its Pods, a database and a Redis that are closed to others, and one step", async () => {
    const { names } = await unchanged();
    assert.deepEqual(names("platform-nightingale"), [
      "",
      "-budget",
      "-config",
      "-database",
      "-database-secret",
      "-database-service",
      "-http-web-ingress-route",
      "-http-websecure-ingress-route",
      "-namespace",
      "-nightingale-database-policy",
      "-nightingale-policy",
      "-nightingale-redis-policy",
      "-redirect",
      "-redis",
      "-redis-secret",
      "-redis-service",
      "-server",
      "-service",
      "-settings",
    ]);
    assert.deepEqual(names("secrets"), [
      "",
      "-database",
      "-database-root",
      "-redis",
      "-revision",
      "-root",
      "-user",
    ]);
  });

  it("is less where the customer has a database and a Redis", async () => {
    const { names } = await deployed(customers);
    assert.deepEqual(names("platform-nightingale"), [
      "",
      "-authorities",
      "-config",
      "-http-web-ingress-route",
      "-http-websecure-ingress-route",
      "-namespace",
      "-nightingale-policy",
      "-redirect",
      "-server",
      "-service",
      "-settings",
    ]);
    assert.deepEqual(names("secrets"), ["", "-revision", "-user"]);
  });

  it("shows no password but in Secrets and on standard input", async () => {
    for (const change of [undefined, customers]) {
      const { seen, secretInputs } = await deployed(change);
      const open = seen
        .filter(({ name }) => name.startsWith("platform-nightingale"))
        .flatMap(({ name, inputs }) => {
          const hidden = secretInputs(name);
          return Object.entries(inputs)
            .filter(([key]) => !hidden.includes(key))
            .filter(([, value]) =>
              /hunter-|random-secrets-(root|user|database|redis)/.test(JSON.stringify(value)),
            )
            .map(([key]) => `${name}.${key}`);
        });
      assert.deepEqual(open, []);
      assert.deepEqual(secretInputs("platform-nightingale-config"), ["stringData"]);
      assert.ok(secretInputs("platform-nightingale-settings").includes("stdin"));
    }
  });

  it("opens nothing to strangers in its configuration", async () => {
    const { named } = await unchanged();
    const text: string = named("-config").stringData["config.toml"];
    const section = (name: string) =>
      text.split("\n\n").find((part) => part.startsWith(`[${name}]`)) ?? "";
    assert.match(section("HTTP.APIForAgent"), /Enable = false/);
    assert.match(section("HTTP.APIForService"), /Enable = false/);
    assert.match(section("HTTP.A2A"), /Disable = true\nDisableMCP = true/);
    assert.match(section("Center.AnonymousAccess"), /PromQuerier = false\nAlertDetail = false/);
    assert.match(section("EmbeddedTSDB"), /Enable = false/);
    assert.match(section("Ibex"), /Enable = false/);
    assert.match(section("HTTP"), /PProf = false/);
    assert.match(section("DB"), /DBType = "mysql"\nDSN = "nightingale:.+@tcp\(nightingale-data/);
    assert.doesNotMatch(text, /root\.2020|ccc26da7b9aba533cbb263a36c07dcc5|user001/);
  });

  it("speaks to the customer's database and Redis by TLS, which it checks", async () => {
    const { named } = await deployed(customers);
    const text: string = named("-config").stringData["config.toml"];
    assert.match(
      text,
      /DSN = "host=db\.site-t\.example port=5432 user=n9e dbname=n9e_v6 password=hunter-database sslmode=verify-full sslrootcert=\/etc\/nightingale\/authorities\/database\.crt"/,
    );
    assert.match(
      text,
      /Address = "192\.0\.2\.91:6379"\nUsername = "n9e"\nPassword = "hunter-redis"/,
    );
    assert.match(text, /UseTLS = true/);
    const { template } = named("-server").spec;
    const mounts = template.spec.containers[0].volumeMounts.map(
      ({ mountPath }: { mountPath: string }) => mountPath,
    );
    assert.ok(mounts.includes("/etc/nightingale/authorities"));
    assert.equal(named("-authorities").data["database.crt"], authority);
  });

  it("runs without rights, on workers, asked whether it answers, and not as it was configured before", async () => {
    const { named } = await unchanged();
    const { replicas, template } = named("-server").spec;
    assert.equal(replicas, 2);
    const { spec, metadata } = template;
    const [container] = spec.containers;
    assert.equal(spec.automountServiceAccountToken, false);
    assert.equal(spec.securityContext.runAsNonRoot, true);
    assert.deepEqual(container.securityContext.capabilities, { drop: ["ALL"] });
    assert.equal(container.securityContext.readOnlyRootFilesystem, true);
    assert.deepEqual(spec.nodeSelector, { "sitewright/worker": "true" });
    for (const probe of ["startupProbe", "readinessProbe", "livenessProbe"]) {
      assert.deepEqual(container[probe].httpGet, { path: "/ping", port: "http" });
    }
    const digest = metadata.annotations["sitewright/configuration"];
    const { named: other } = await deployed((site) => {
      site.nightingale.historyDays = 30;
    });
    assert.notEqual(
      other("-server").spec.template.metadata.annotations["sitewright/configuration"],
      digest,
    );
  });

  it("keeps its database on a volume, below the folder lost+found", async () => {
    const postgres = await deployed((site) => {
      site.nightingale.database = { kind: "own", engine: "postgres", sizeGiB: 7 };
    });
    for (const { named } of [await unchanged(), postgres]) {
      const { template, volumeClaimTemplates } = named("-database").spec;
      const [container] = template.spec.containers;
      const data = container.volumeMounts.find(({ name }: { name: string }) => name === "data");
      assert.equal(data.subPath, "data");
      assert.equal(volumeClaimTemplates[0].spec.accessModes[0], "ReadWriteOnce");
      const variables = container.env.map(({ name }: { name: string }) => name);
      assert.ok(variables.some((name: string) => name.endsWith("PASSWORD_FILE")));
      assert.ok(!variables.some((name: string) => name.endsWith("PASSWORD")));
    }
    const [claim] = postgres.named("-database").spec.volumeClaimTemplates;
    assert.equal(claim.spec.resources.requests.storage, "7Gi");
  });

  it("lets nobody near its database, and Prometheus and the ingress near itself", async () => {
    const { named } = await unchanged();
    const { ingress, policyTypes, egress } = named("-nightingale-database-policy").spec;
    assert.deepEqual(policyTypes, ["Ingress", "Egress"]);
    assert.equal(egress, undefined);
    assert.deepEqual(ingress, [
      { from: [{ podSelector: {} }], ports: [{ port: 3306, protocol: "TCP" }] },
    ]);
    const own = named("-nightingale-policy").spec;
    const from = own.ingress[0].from.flatMap((peer: AnySite) =>
      Object.values(peer.namespaceSelector?.matchLabels ?? {}),
    );
    assert.deepEqual(from.sort(), ["istio-ingress", "monitoring", "traefik"]);
  });

  it("is set up by a step that a preview tells the content of by name", async () => {
    const { named } = await unchanged();
    const { create, environment, stdin } = named("-settings");
    assert.equal(create, "./sitewright step nightingale");
    const request = JSON.parse(environment[REQUEST_VARIABLE]);
    assert.deepEqual(
      [request.nightingale.namespace, request.nightingale.service, request.nightingale.port],
      ["nightingale", "nightingale", 17_000],
    );
    const held = Object.keys(request.nightingale.holds);
    assert.ok(held.includes("places"));
    assert.ok(held.some((name) => name.startsWith("board ")));
    // One variable of a process may hold 128 KiB.
    assert.ok(environment[REQUEST_VARIABLE].length < 100_000);
    assert.ok(stdin.length < 1024 * 1024);
    const configuration = JSON.parse(JSON.parse(stdin)["nightingale:configuration"]);
    assert.equal(configuration.datasource.url, "http://monitoring-prometheus.monitoring.svc:9090");
    assert.deepEqual(configuration.channels, []);
    assert.ok(!("other" in JSON.parse(stdin)));
  });

  it("protects the namespace that its data is in", async () => {
    const { nightingale } = await unchanged();
    assert.equal(nightingale.namespaces[0]?.holdsData, true);
    assert.equal((await deployed(customers)).nightingale.namespaces[0]?.holdsData, undefined);
  });
});
