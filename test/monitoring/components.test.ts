import assert from "node:assert/strict";
import { Monitoring } from "../../components/monitoring/monitoring";
import { MonitoringSecrets } from "../../components/monitoring/secrets";
import { Site } from "../../components/site";
import { deploy } from "../support/deploy";
import { strayKeys } from "../support/settable-keys";
import { catalogue } from "../support/sites";
import { hostKeys } from "../support/steps";
import { type AnySite, authority, blueprintOf, everything, monitoringOf } from "./site";

const secrets = {
  sshPassword: "s",
  windowsReader: "reads\n",
  centralToken: "token",
  erpPassword: "word",
  erpCertificate: "certificate",
  erpKey: "key",
};

async function deployed(change: (site: AnySite) => void = () => {}) {
  const monitoring = monitoringOf(change);
  const found = await deploy(() => {
    const own = new MonitoringSecrets("own");
    return new Monitoring("monitoring", { monitoring, secrets, own });
  });
  const named = (name: string) => {
    const one = found.seen.find((resource) => resource.name === name);
    if (one === undefined) throw new Error(`no ${name}`);
    return one.inputs;
  };
  return { ...found, named };
}

let asIs: ReturnType<typeof deployed> | undefined;
let full: ReturnType<typeof deployed> | undefined;

/** Names of what is read and asked; rules and dashboards have tests of their own. */
const ownNames = (seen: readonly { readonly name: string }[]) =>
  seen
    .map(({ name }) => name)
    .filter((name) => !/-rules$|-dashboard-|alertmanager/.test(name))
    .sort();

/** Sites that are deployed once for all who look at them. */
const unchanged = () => (asIs ??= deployed());
const withEverything = () => (full ??= deployed(everything));

describe("Monitoring", () => {
  it("makes the stack, what asks, and an object for everything that is read or asked", async () => {
    const { seen } = await unchanged();
    assert.deepEqual(ownNames(seen), [
      "monitoring",
      "monitoring-authority",
      "monitoring-blackbox-monitor",
      "monitoring-cert-manager-monitor",
      "monitoring-grafana-http-web-ingress-route",
      "monitoring-grafana-http-websecure-ingress-route",
      "monitoring-grafana-probe",
      "monitoring-grafana-secret",
      "monitoring-harbor-probe",
      "monitoring-parcels-api-http-probe",
      "monitoring-parcels-web-http-2-probe",
      "monitoring-parcels-web-http-probe",
      "monitoring-policy",
      "monitoring-prober",
      "monitoring-prober-config",
      "monitoring-prober-service",
      "monitoring-redirect",
      "monitoring-stack",
      "monitoring-traefik-monitor",
      "own",
      "own-grafana-password",
    ]);
  });

  it("adds a Secret for each login, and objects for machines and addresses that the site states", async () => {
    const usual = new Set(ownNames((await unchanged()).seen));
    const { seen } = await withEverything();
    assert.deepEqual(
      ownNames(seen).filter((name) => !usual.has(name)),
      [
        "monitoring-blackbox-credentials",
        "monitoring-hosts-scrape",
        "monitoring-prometheus-http-web-ingress-route",
        "monitoring-prometheus-http-websecure-ingress-route",
        "monitoring-prometheus-probe",
        "monitoring-remote-write-central",
        "monitoring-scrape-windows",
        "monitoring-stated-erp-probe",
        "monitoring-stated-ledger-probe",
        "monitoring-targets-belts-scrape",
        "monitoring-windows-scrape",
      ],
    );
  });

  it("gives the chart only keys that it reads", async () => {
    const version = catalogue.platform.charts["kube-prometheus-stack"]?.version ?? "";
    for (const { named } of [await unchanged(), await withEverything()]) {
      assert.deepEqual(
        strayKeys("kube-prometheus-stack", version, named("monitoring-stack").values),
        [],
      );
    }
  });

  it("keeps the oldest figures only while 85 of 100 parts of the volume are free, and no longer than is wanted", async () => {
    const { prometheusSpec } = (await unchanged()).named("monitoring-stack").values.prometheus;
    assert.equal(prometheusSpec.retention, "15d");
    assert.equal(prometheusSpec.retentionSize, `${Math.floor(50 * 1024 * 0.85)}MB`);
    const { spec } = prometheusSpec.storageSpec.volumeClaimTemplate;
    assert.deepEqual(spec, {
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage: "50Gi" } },
    });
  });

  it("takes room on the node, within bounds, where the site has no storage", async () => {
    const { named } = await deployed((site) => {
      delete site.storage;
      site.monitoring = { sizeGiB: 40 };
    });
    const { prometheus, alertmanager, grafana } = named("monitoring-stack").values;
    assert.deepEqual(prometheus.prometheusSpec.storageSpec, { emptyDir: { sizeLimit: "40Gi" } });
    assert.deepEqual(alertmanager.alertmanagerSpec.storage, { emptyDir: { sizeLimit: "1Gi" } });
    assert.deepEqual(grafana.persistence, { enabled: false });
  });

  it("never puts two of a kind on one worker, and lets one of two go at a time", async () => {
    const { prometheus, alertmanager } = (await unchanged()).named("monitoring-stack").values;
    for (const [of, spec] of [
      [prometheus, prometheus.prometheusSpec],
      [alertmanager, alertmanager.alertmanagerSpec],
    ]) {
      assert.equal(spec.replicas, 2);
      assert.equal(spec.podAntiAffinity, "hard");
      assert.deepEqual(of.podDisruptionBudget, { enabled: true, minAvailable: 1 });
      assert.deepEqual(spec.nodeSelector, { "sitewright/worker": "true" });
    }
  });

  it("reads what anybody makes of its kinds, under the names that rules ask for", async () => {
    const { values } = (await unchanged()).named("monitoring-stack");
    const { prometheusSpec } = values.prometheus;
    const selectors = Object.keys(prometheusSpec).filter((key) =>
      key.endsWith("NilUsesHelmValues"),
    );
    assert.equal(selectors.length, 5);
    for (const key of selectors) assert.equal(prometheusSpec[key], false, key);
    const job = (of: AnySite) => of.serviceMonitor.relabelings[0].replacement;
    assert.equal(job(values.prometheus), "prometheus");
    assert.equal(job(values.alertmanager), "alertmanager");
    assert.equal(job(values.prometheusOperator), "prometheus-operator");
    assert.equal(job(values.grafana), "grafana");
  });

  it("reads etcd where it shows figures without a certificate, and shows it no token", async () => {
    const { kubeEtcd, kubeProxy } = (await unchanged()).named("monitoring-stack").values;
    assert.deepEqual(kubeEtcd.endpoints, ["192.0.2.11"]);
    assert.deepEqual(kubeEtcd.service, { port: 2381, targetPort: 2381 });
    const { relabelings, ...monitor } = kubeEtcd.serviceMonitor;
    assert.deepEqual(monitor, { scheme: "http", bearerTokenFile: "" });
    const [relabeling] = relabelings;
    assert.match("192.0.2.11:2381", new RegExp(`^${relabeling.regex}$`));
    assert.deepEqual([relabeling.targetLabel, relabeling.replacement], ["host", "control-1"]);
    assert.deepEqual(kubeProxy, { enabled: false });
    const { named } = await deployed((site) => {
      site.cluster = { kubernetes: "v1.34.3", kubekey: "v4.0.6" };
    });
    assert.deepEqual(named("monitoring-stack").values.kubeEtcd, { enabled: false });
  });

  it("waits until the operator says that Prometheus and Alertmanager are there", async () => {
    const { seen } = await unchanged();
    assert.ok(seen.some(({ name }) => name === "monitoring-stack"));
    const { crds, defaultRules, prometheusOperator } = (await unchanged()).named(
      "monitoring-stack",
    ).values;
    assert.deepEqual([crds.enabled, defaultRules.create], [false, false]);
    assert.deepEqual(prometheusOperator.admissionWebhooks, { enabled: false });
    assert.deepEqual(prometheusOperator.tls, { enabled: false });
  });

  it("makes Grafana's password itself, as a secret that no value of the chart holds", async () => {
    const { named, secretInputs } = await unchanged();
    const { metadata, stringData } = named("monitoring-grafana-secret");
    assert.equal(stringData.user, "admin");
    assert.ok(stringData.password.length > 0);
    assert.deepEqual(secretInputs("monitoring-grafana-secret"), ["stringData"]);
    const { grafana } = named("monitoring-stack").values;
    assert.deepEqual(grafana.admin, {
      existingSecret: metadata.name,
      userKey: "user",
      passwordKey: "password",
    });
    assert.ok(!JSON.stringify(grafana).includes(stringData.password));
  });

  it("lets Grafana ask nobody outside the site, and dashboards' helper see no Secret", async () => {
    const { grafana } = (await unchanged()).named("monitoring-stack").values;
    const ini = grafana["grafana.ini"];
    assert.equal(ini.analytics.check_for_updates, false);
    assert.equal(ini.analytics.reporting_enabled, false);
    assert.equal(ini.news.news_feed_enabled, false);
    assert.equal(ini.security.disable_gravatar, true);
    assert.equal(ini.plugins.preinstall_disabled, true);
    assert.equal(ini.server.root_url, "https://grafana.apps.site-t.example:31443/");
    assert.deepEqual(
      [grafana.rbac.namespaced, grafana.sidecar.dashboards.resource],
      [true, "configmap"],
    );
    const [prometheus] = grafana.datasources["datasources.yaml"].datasources;
    assert.equal(prometheus.uid, "prometheus");
  });

  it("sends figures on with a token that stands in a Secret", async () => {
    const { named, secretInputs } = await withEverything();
    const { prometheusSpec } = named("monitoring-stack").values.prometheus;
    assert.deepEqual(prometheusSpec.remoteWrite, [
      {
        name: "central",
        url: "https://metrics.example.com/api/v1/write",
        authorization: {
          type: "Bearer",
          credentials: { name: "remote-write-central", key: "token" },
        },
        tlsConfig: { ca: { secret: { name: "remote-write-central", key: "ca.crt" } } },
        writeRelabelConfigs: [{ action: "keep", sourceLabels: ["__name__"], regex: "up|slo:.*" }],
      },
    ]);
    assert.equal(prometheusSpec.enableRemoteWriteReceiver, true);
    assert.deepEqual(prometheusSpec.externalLabels, { region: "north", site: "site-t" });
    assert.deepEqual(secretInputs("monitoring-remote-write-central"), ["stringData"]);
    assert.deepEqual(named("monitoring-remote-write-central").stringData, {
      token: "token",
      "ca.crt": authority,
    });
  });

  it("reads machines outside the cluster, each with a name of its own", async () => {
    const { named } = await withEverything();
    const { spec } = named("monitoring-hosts-scrape");
    assert.equal(spec.jobName, "hosts");
    assert.deepEqual(spec.staticConfigs, [
      { targets: ["192.0.2.61:9100"], labels: { room: "a", host: "backup" } },
      { targets: ["192.0.2.31:9100"], labels: { host: "registry-1" } },
    ]);
    const windows = named("monitoring-windows-scrape").spec;
    assert.equal(windows.scheme, "HTTPS");
    assert.deepEqual(windows.basicAuth.password, { name: "scrape-windows", key: "password" });
    assert.equal(windows.tlsConfig.serverName, "windows.site-t.example");
    assert.equal(named("monitoring-scrape-windows").stringData.password, "reads");
    const belts = named("monitoring-targets-belts-scrape").spec;
    assert.deepEqual(belts.staticConfigs, [
      { targets: ["192.0.2.81:9501"], labels: { host: "belt-1" } },
    ]);
    assert.equal(belts.relabelings[0].replacement, "belts");
  });

  it("asks names of the site at its address, so that no name server is needed", async () => {
    const { spec } = (await unchanged()).named("monitoring-parcels-web-http-probe");
    assert.equal(spec.jobName, "urls");
    const { static: targets, labels, relabelingConfigs } = spec.targets.staticConfig;
    assert.deepEqual(targets, ["https://web.apps.site-t.example:31443/"]);
    assert.deepEqual(labels, { namespace: "parcels", workload: "web" });
    assert.deepEqual(
      relabelingConfigs.map((one: AnySite) => [one.targetLabel, one.replacement]),
      [
        ["__param_hostname", "web.apps.site-t.example"],
        ["__param_target", "https://192.0.2.21:31443/"],
      ],
    );
  });

  it("asks others with what they want to be shown, in files of a Secret", async () => {
    const { named } = await withEverything();
    const { modules } = JSON.parse(named("monitoring-prober-config").data["blackbox.yml"]);
    assert.deepEqual(modules["stated-erp"], {
      prober: "http",
      timeout: "10s",
      http: {
        preferred_ip_protocol: "ip4",
        ip_protocol_fallback: false,
        method: "GET",
        valid_status_codes: [200, 204],
        follow_redirects: false,
        fail_if_body_not_matches_regexp: ["all \\(well\\)"],
        basic_auth: {
          username: "probe",
          password_file: "/etc/blackbox-credentials/stated-erp.password",
        },
        tls_config: {
          ca_file: "/etc/blackbox/stated-erp.ca.crt",
          cert_file: "/etc/blackbox-credentials/stated-erp.crt",
          key_file: "/etc/blackbox-credentials/stated-erp.key",
        },
      },
    });
    assert.deepEqual(modules["stated-ledger"].tcp, {
      preferred_ip_protocol: "ip4",
      ip_protocol_fallback: false,
    });
    assert.deepEqual(named("monitoring-blackbox-credentials").stringData, {
      "stated-erp.password": "word",
      "stated-erp.crt": "certificate",
      "stated-erp.key": "key",
    });
    const { data } = named("monitoring-prober-config");
    for (const value of ["word", "reads"]) assert.ok(!JSON.stringify(data).includes(`"${value}"`));
    assert.deepEqual(named("monitoring-stated-ledger-probe").spec.targets.staticConfig.static, [
      "192.0.2.90:1521",
    ]);
  });

  it("believes the site's own authority, of whose Secret it sees the certificate alone", async () => {
    const { named } = await unchanged();
    const { modules } = JSON.parse(named("monitoring-prober-config").data["blackbox.yml"]);
    assert.deepEqual(modules.web.http.tls_config, { ca_file: "/etc/site-authority/ca.crt" });
    const pod = named("monitoring-prober").spec.template.spec;
    const volume = pod.volumes.find(({ name }: { name: string }) => name === "authority");
    assert.deepEqual(volume.secret.items, [{ key: "ca.crt", path: "ca.crt" }]);
    assert.equal(named("monitoring-authority").spec.secretName, volume.secret.secretName);
    const [container] = pod.containers;
    assert.ok(container.resources.limits && container.readinessProbe && container.livenessProbe);
    assert.equal(container.securityContext.readOnlyRootFilesystem, true);
  });

  it("starts what asks anew with another configuration, and with nothing else", async () => {
    const digest = async (change?: (site: AnySite) => void) =>
      (await deployed(change)).named("monitoring-prober").spec.template.metadata.annotations[
        "sitewright/config"
      ];
    const before = await digest();
    assert.equal(await digest((site) => (site.monitoring.retentionDays = 7)), before);
    const other = await digest(
      (site) => (site.monitoring.probes = { erp: { url: "https://erp.example.com" } }),
    );
    assert.notEqual(other, before);
  });

  it("keeps everybody out but itself and who serves its pages", async () => {
    const { spec } = (await unchanged()).named("monitoring-policy");
    assert.deepEqual(spec.policyTypes, ["Ingress"]);
    const [rule] = spec.ingress;
    assert.deepEqual(
      rule.from.map((one: AnySite) =>
        one.podSelector ? "own" : one.namespaceSelector.matchLabels["kubernetes.io/metadata.name"],
      ),
      ["own", "traefik"],
    );
  });

  it("lets Metricbeat in, which asks from the nodes", async () => {
    const { named } = await deployed((site) => {
      site.logging = { output: { logstash: { hosts: ["192.0.2.74:5044"] } }, metricbeat: true };
    });
    const [, rule] = named("monitoring-policy").spec.ingress;
    const sources = rule.from.map((one: AnySite) => one.ipBlock.cidr);
    assert.ok(sources.includes("10.233.64.0/18"), String(sources));
    assert.ok(
      sources.some((cidr: string) => cidr.startsWith("192.0.2.")),
      String(sources),
    );
    assert.deepEqual(rule.ports, [{ port: 8080, protocol: "TCP" }]);
  });

  it("says what is missing when the stack has no value for a secret", async () => {
    const monitoring = monitoringOf(everything);
    await assert.rejects(
      deploy(() => {
        const own = new MonitoringSecrets("own");
        return new Monitoring("monitoring", {
          monitoring,
          secrets: { ...secrets, erpKey: " " },
          own,
        });
      }),
      /monitoring needs the secret erpKey, and the stack has no value/,
    );
  });

  it("has its password made before everything that lives in the cluster", async () => {
    const blueprint = blueprintOf();
    const { urns } = await deploy(
      () => new Site("site", { blueprint, hostKeys, secrets, notUndoneFrom: () => [] }),
    );
    const password = urns.find((urn) => urn.endsWith("::site-monitoring-secrets-grafana-password"));
    assert.ok(password !== undefined);
    assert.ok(!password.includes("sitewright:platform:Platform"));
  });
});
