import assert from "node:assert/strict";
import fc from "fast-check";
import { podMonitor } from "../../components/monitoring/monitors";
import { jobs } from "../../site/alerting/jobs";
import { platformMonitors } from "../../site/platform/monitoring-monitors";
import { siteScrapes } from "../../site/platform/monitoring-scrapes";
import {
  expectedGiB,
  expectedSeries,
  prometheusResources,
  retentionMiB,
} from "../../site/platform/monitoring-size";
import { blueprintWith, withEdge } from "../support/platform-site";
import { probeTimes, sampleSite } from "../support/sites";
import { type AnySite, monitoredSite, monitoringOf, workers } from "./site";

const hostsOf = (nodes: number, controlPlane: number) =>
  [...Array(nodes).keys()].map((at) => ({
    roles: [at < controlPlane ? "control-plane" : "worker"],
  })) as never;

const workloadsOf = (count: number) =>
  Object.fromEntries([...Array(count).keys()].map((at) => [`w${at}`, {}])) as never;

describe("Room for figures", () => {
  it("is always less than the volume, and grows with it", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 10_000 }), (sizeGiB) => {
        const kept = retentionMiB({ sizeGiB });
        assert.ok(kept < sizeGiB * 1024 && kept > sizeGiB * 1024 * 0.84);
        assert.ok(Number.isInteger(kept));
      }),
    );
  });

  it("grows with nodes, workloads and days, and shrinks with fewer readings", () => {
    const sizes = fc.record({
      nodes: fc.integer({ min: 3, max: 500 }),
      parts: fc.integer({ min: 0, max: 200 }),
      retentionDays: fc.integer({ min: 1, max: 400 }),
      intervalSeconds: fc.integer({ min: 5, max: 300 }),
    });
    fc.assert(
      fc.property(sizes, ({ nodes, parts, ...times }) => {
        const site = { hosts: hostsOf(nodes, 3) };
        const larger = { hosts: hostsOf(nodes + 1, 3) };
        const release = { workloads: workloadsOf(parts) };
        const series = expectedSeries(site, release);
        assert.ok(expectedSeries(larger, release) > series);
        assert.ok(expectedSeries(site, { workloads: workloadsOf(parts + 1) }) > series);
        const needed = expectedGiB(series, times);
        assert.ok(needed >= 1);
        assert.ok(
          expectedGiB(series, { ...times, retentionDays: times.retentionDays + 1 }) >= needed,
        );
        assert.ok(
          expectedGiB(series, { ...times, intervalSeconds: times.intervalSeconds + 1 }) <= needed,
        );
        const { requests, limits } = prometheusResources(site, release);
        assert.equal(Number.parseInt(limits.memory, 10), 2 * Number.parseInt(requests.memory, 10));
        assert.ok(Number.parseInt(limits.cpu, 10) >= Number.parseInt(requests.cpu, 10));
      }),
    );
  });

  it("asks of the sample sites what their page says", () => {
    const requests = (name: "site-a" | "site-b") => {
      const { monitoring } = sampleSite(name).blueprint.platform;
      return monitoring?.prometheus.resources.requests;
    };
    assert.deepEqual(requests("site-a"), { cpu: "240m", memory: "1072Mi" });
    assert.deepEqual(requests("site-b"), { cpu: "128m", memory: "624Mi" });
  });
});

describe("Parts of the platform that are read", () => {
  const names = (change: (site: AnySite) => void) =>
    platformMonitors(monitoredSite(change)).map(({ name }) => name);

  it("are those that the site has", () => {
    assert.deepEqual(
      names((site) => {
        site.ingress.standby = true;
      }),
      ["cert-manager", "traefik", "blackbox"],
    );
    assert.deepEqual(
      names((site) => {
        site.storage = { kind: "ceph" };
        site.mesh = { mode: "ambient" };
        site.delivery = {};
        site.logging = { metricbeat: true };
        site.ingress.standby = false;
        delete site.certificates;
      }),
      [
        ...["ceph", "istiod", "ztunnel", "istio-proxies", "argo-cd"],
        ...["filebeat", "metricbeat", "blackbox"],
      ],
    );
  });

  it("are found under the names that rules ask for", () => {
    const known: readonly string[] = Object.values(jobs);
    const all = platformMonitors(
      monitoredSite((site) => {
        site.mesh = { mode: "sidecar" };
        site.logging = { metricbeat: true };
      }),
    );
    for (const { job } of all) assert.ok(known.includes(job), job);
  });

  it("are proxies wherever they run, of whose figures a few are kept", () => {
    const { monitors } = monitoringOf((site) => {
      site.mesh = {};
      site.ingress.httpsRedirect = false;
    });
    const proxies = monitors.find(({ name }) => name === "istio-proxies");
    assert.ok(proxies);
    const { spec } = podMonitor("monitoring", proxies);
    assert.deepEqual(spec.namespaceSelector, { any: true });
    const [endpoint] = spec.podMetricsEndpoints;
    const keep = new RegExp(`^(${endpoint?.metricRelabelings?.[0]?.regex})$`);
    assert.match("istio_requests_total", keep);
    assert.doesNotMatch("envoy_listener_manager_lds_version_text", keep);
  });

  it("are beats through the exporters beside them, by the names of their nodes", () => {
    const [filebeat] = platformMonitors(
      monitoredSite((site) => {
        site.logging = {};
      }),
    ).filter(({ name }) => name === "filebeat");
    assert.ok(filebeat);
    const [endpoint] = podMonitor("monitoring", filebeat).spec.podMetricsEndpoints;
    assert.deepEqual(endpoint?.params, {
      module: ["filebeat"],
      target: ["http://127.0.0.1:5066/stats"],
    });
    assert.deepEqual(
      endpoint?.relabelings.map(({ targetLabel }) => targetLabel),
      ["job", "host"],
    );
  });
});

describe("The edge of a site with monitoring", () => {
  it("shows its proxies' figures to the workers, and is read", () => {
    const site = monitoredSite((one) => withEdge(one, { stats: { allow: ["192.0.2.0/28"] } }));
    const stats = (of: AnySite) => blueprintWith(of).edge?.own?.proxy.stats;
    assert.deepEqual(stats(site), {
      port: 8404,
      allow: ["192.0.2.0/28", "192.0.2.21/32", "192.0.2.22/32"],
    });
    const [haproxy] = siteScrapes(
      { ...site, edge: { ...site.edge, stats: { port: 8404 } } },
      {
        ...site.monitoring,
        targets: {},
      },
    );
    assert.equal(haproxy?.job, "haproxy");
    assert.deepEqual(haproxy?.targets, [
      { address: "192.0.2.41:8404", labels: { host: "edge-1" } },
      { address: "192.0.2.42:8404", labels: { host: "edge-2" } },
    ]);
    delete site.monitoring;
    assert.deepEqual(stats(site)?.allow, ["192.0.2.0/28"]);
  });
});

describe("What clients reach", () => {
  const probes = (
    change: (workloads: AnySite) => void,
    spoil: (site: AnySite) => void = () => {},
  ) => {
    const site = monitoredSite((one) => {
      one.mesh = {};
      one.ingress.httpsRedirect = false;
      withEdge(one);
      spoil(one);
    });
    const { monitoring } = blueprintWith(site, ({ workloads }) => change(workloads)).platform;
    return (monitoring?.probing.probes ?? []).map(({ name, module, url, at }) => [
      name,
      module,
      url,
      at ?? "",
    ]);
  };

  it("is asked in the way of its kind: pages, gRPC, what a workload encrypts, and plain connections", () => {
    const found = probes((workloads) => {
      Object.assign(workloads.api, {
        ports: [
          { name: "grpc", port: 9999 },
          { name: "https", port: 8443 },
          { name: "tcp-in", port: 4222 },
        ],
        expose: [
          { port: "grpc", hosts: ["tracking"], path: "/" },
          { port: "https", hosts: ["vault"], path: "/", tls: "passthrough" },
          { port: "tcp-in", hosts: [], path: "/", tcp: 4222 },
        ],
      });
    });
    const address = "192.0.2.40";
    assert.deepEqual(found, [
      ["parcels-web-http", "web", "https://web.apps.site-t.example/", address],
      ["parcels-web-http-2", "web", "https://www.apps.site-t.example/", address],
      ["parcels-api-grpc", "tls", "tracking.apps.site-t.example:443", `${address}:443`],
      ["parcels-api-https", "passthrough", "vault.apps.site-t.example:443", `${address}:443`],
      ["parcels-api-tcp-in", "connection", `${address}:4222`, ""],
      ["grafana", "web", "https://grafana.apps.site-t.example/", address],
      ["edge-address", "connection", `${address}:443`, ""],
      ["harbor", "harbor", "https://dockerhub.kubekey.local/api/v2.0/health", "192.0.2.31"],
    ]);
  });

  it("asks a workload where it says itself that it is well, as far as that is exposed", () => {
    const asked = (path: string, exposed: string, port = 8080) =>
      probes((workloads) => {
        Object.assign(workloads.web, {
          ports: [{ name: "http", port: 8080 }],
          probe: { ...probeTimes, port, path },
          expose: [{ port: "http", hosts: ["web"], path: exposed }],
        });
      }).find(([name]) => name === "parcels-web-http")?.[2];
    assert.equal(asked("/healthz", "/"), "https://web.apps.site-t.example/healthz");
    assert.equal(asked("/shop/ready", "/shop/"), "https://web.apps.site-t.example/shop/ready");
    assert.equal(asked("/healthz", "/shop/"), "https://web.apps.site-t.example/shop/");
    assert.equal(asked("/healthz", "/", 8081), "https://web.apps.site-t.example/");
  });

  it("holds shared addresses of the API servers and a second one of the edge", () => {
    const found = probes(
      () => {},
      (site) => {
        site.edge.secondAddress = "192.0.2.43";
        site.cluster.endpoint = { mode: "external", address: "192.0.2.100", port: 8443 };
      },
    ).map(([name, , url]) => `${name} ${url}`);
    assert.ok(found.includes("second-edge-address 192.0.2.43:443"), found.join("\n"));
    assert.ok(found.includes("api-server-address 192.0.2.100:8443"), found.join("\n"));
  });
});

describe("Pods of monitoring", () => {
  it("count with what runs beside their own programs", () => {
    const { pods, grafana } = monitoringOf();
    const pod = pods.find(({ name }) => name === "grafana");
    assert.deepEqual(grafana.resources.requests, { cpu: "50m", memory: "192Mi" });
    assert.deepEqual(pod?.resources.requests, { cpu: "60m", memory: "256Mi" });
  });

  it("are two where two workers are, and one where a second would share its host", () => {
    const replicas = (count: number) => {
      const monitoring = monitoringOf((site) => {
        workers(count)(site);
        site.workloads = { web: { replicas: 1 } };
        site.capacity = { spareNodes: 0 };
        site.monitoring = { sizeGiB: 20 };
      });
      return [monitoring.prometheus.replicas, monitoring.alertmanager.replicas];
    };
    assert.deepEqual(replicas(1), [1, 1]);
    assert.deepEqual(replicas(2), [2, 2]);
    assert.deepEqual(replicas(3), [2, 2]);
  });
});
