import assert from "node:assert/strict";
import { problemsWith, roomySite } from "../support/platform-site";
import { type AnySite, authority, everything, problems, workers } from "./site";

/** What is wrong with a site, or with nothing. */
const cases: readonly (readonly [
  title: string,
  change: (site: AnySite) => void,
  expected: readonly RegExp[],
])[] = [
  ["everything that can be stated", everything, []],
  ["monitoring alone", () => {}, []],
  [
    "a site with nothing but monitoring",
    (site) => {
      for (const key of ["storage", "certificates", "ingress"]) delete site[key];
      site.monitoring = { sizeGiB: 40 };
    },
    [],
  ],
  [
    "two on one worker",
    (site) => {
      workers(1)(site);
      site.workloads = { web: { replicas: 1 } };
      site.capacity = { spareNodes: 0 };
      site.monitoring = { replicas: 2, sizeGiB: 20 };
    },
    [/monitoring\.replicas: a worker for each Prometheus, here at most 1/],
  ],
  [
    "a volume that holds fewer days than are wanted",
    (site) => (site.monitoring = { sizeGiB: 2, retentionDays: 90 }),
    [/monitoring\.sizeGiB: at least \d+ GiB: 90 days of about \d+ series every 30 seconds/],
  ],
  [
    "volumes that the storage does not hold",
    (site) => (site.monitoring = { sizeGiB: 900 }),
    [/monitoring\.sizeGiB: volumes that fit into the 160 GiB/],
  ],
  [
    "figures that take more than half of a node's disk",
    (site) => {
      delete site.storage;
      site.monitoring = { sizeGiB: 51 };
    },
    [/monitoring\.sizeGiB: at most 50 GiB, half of the smallest worker's disk/],
  ],
  [
    "a class that the site does not have",
    (site) => (site.monitoring = { storageClass: "fast" }),
    [/monitoring\.storageClass: a class of the site for volumes: /],
  ],
  [
    "a class at a site without storage",
    (site) => {
      delete site.storage;
      site.monitoring = { storageClass: "fast", sizeGiB: 20 };
    },
    [/monitoring: storage at the site, since it claims volumes/],
  ],
  [
    "no default class",
    (site) => (site.storage.local.default = false),
    [/monitoring\.storageClass: a class of the site for volumes: .*none is the default/],
  ],
  [
    "Grafana under a workload's name",
    (site) => (site.monitoring = { grafana: { host: "web" } }),
    [
      /monitoring\.grafana\.host: a name that nothing else has: web\.apps.* is that of the workload web/,
    ],
  ],
  [
    "Grafana under Prometheus' name",
    (site) => (site.monitoring = { grafana: { host: "prometheus" }, withoutLogin: ["prometheus"] }),
    [/monitoring\.withoutLogin: a name that nothing else has: .* is that of Grafana/],
  ],
  [
    "pages for everybody at a site without an ingress",
    (site) => {
      delete site.ingress;
      site.monitoring = { withoutLogin: ["alertmanager"] };
    },
    [/monitoring\.withoutLogin: a site with an ingress/],
  ],
  [
    "a password over plain HTTP",
    (site) => {
      delete site.certificates;
    },
    [/monitoring: certificates at a site with an ingress: a password goes over Grafana's pages/],
  ],
  [
    "a gateway that is not there",
    (site) => (site.monitoring = { grafana: { via: "gateway" } }),
    [/monitoring\.grafana\.via: a site with a mesh/],
  ],
  [
    "a user without a password",
    (site) => (site.monitoring = { remoteWrite: { a: { url: "https://a.example", user: "u" } } }),
    [/monitoring\.remoteWrite\.a\.passwordSecret: a secret with the password/],
  ],
  [
    "a token for everybody to read",
    (site) =>
      (site.monitoring = {
        remoteWrite: { a: { url: "http://a.example", tokenSecret: "centralToken" } },
      }),
    [/monitoring\.remoteWrite\.a\.url: https, where a login or an authority is stated/],
  ],
  [
    "a token and a user",
    (site) =>
      (site.monitoring = {
        remoteWrite: {
          a: {
            url: "https://a.example",
            tokenSecret: "centralToken",
            user: "u",
            passwordSecret: "erpPassword",
          },
        },
      }),
    [/monitoring\.remoteWrite\.a\.tokenSecret: either a token or user and password/],
  ],
  [
    "a secret that the stack does not have",
    (site) =>
      (site.monitoring = {
        remoteWrite: { a: { url: "https://a.example", tokenSecret: "centralTokem" } },
      }),
    [/monitoring\.remoteWrite\.a\.tokenSecret: an entry of sitewright:secrets/],
  ],
  [
    "a machine that nobody knows",
    (site) => (site.monitoring = { hosts: { machines: { backup: {} } } }),
    [
      /monitoring\.hosts\.machines\.backup\.address: an address, since no host of the site has this name/,
    ],
  ],
  [
    "a node among the machines that are none",
    (site) => (site.monitoring = { hosts: { machines: { "worker-1": {} } } }),
    [
      /monitoring\.hosts\.machines\.worker-1: a machine that is no node of the cluster: worker-1 is one/,
    ],
  ],
  [
    "a machine that is stated twice",
    (site) =>
      (site.monitoring = {
        hosts: { machines: { one: { address: "192.0.2.61" } } },
        targets: { more: { port: 9100, machines: { two: { address: "192.0.2.61" } } } },
      }),
    [
      /monitoring\.targets\.more\.machines\.two: an address that is stated once: 192\.0\.2\.61:9100/,
    ],
  ],
  [
    "figures under a name of the platform's",
    (site) =>
      (site.monitoring = {
        targets: { kubelet: { port: 1, machines: { a: { address: "192.0.2.61" } } } },
      }),
    [/monitoring\.targets\.kubelet: a name that the platform's own figures do not have/],
  ],
  [
    "a login without a user",
    (site) =>
      (site.monitoring = {
        windows: { passwordSecret: "windowsReader", machines: { a: { address: "192.0.2.61" } } },
      }),
    [/monitoring\.windows\.user: a user: passwordSecret is stated/],
  ],
  [
    "a password that goes to a machine as it is",
    (site) =>
      (site.monitoring = {
        windows: {
          user: "reader",
          passwordSecret: "windowsReader",
          machines: { a: { address: "192.0.2.61" } },
        },
      }),
    [/monitoring\.windows\.tls: TLS, since a password is sent there/],
  ],
  [
    "a Prometheus that asks for more than it may use",
    (site) =>
      (site.monitoring = {
        resources: {
          requests: { cpu: "1", memory: "2Gi" },
          limits: { cpu: "2", memory: "1Gi" },
        },
      }),
    [/monitoring\.resources\.limits\.memory: at least the request of 2Gi/],
  ],
  [
    "an address that cannot be read",
    (site) => (site.monitoring = { probes: { a: { url: "https://[bad/" } } }),
    [/monitoring\.probes\.a\.url: an address that can be read/],
  ],
  [
    "an address of no kind",
    (site) => (site.monitoring = { probes: { a: { url: "ftp://a.example" } } }),
    [/monitoring\.probes\.a\.url: an address with its scheme/],
  ],
  [
    "a password in an address",
    (site) => (site.monitoring = { probes: { a: { url: "https://me:secret@a.example" } } }),
    [/monitoring\.probes\.a\.url: an address with its scheme and nothing secret in it/],
  ],
  [
    "a connection without a port",
    (site) => (site.monitoring = { probes: { a: { url: "tcp://a.example" } } }),
    [/monitoring\.probes\.a\.url: a port/],
  ],
  [
    "connections with usual ports",
    (site) =>
      (site.monitoring = {
        probes: { a: { url: "tls://a.example:443" }, b: { url: "tcp://192.0.2.9:443" } },
      }),
    [],
  ],
  [
    "a connection with a path",
    (site) => (site.monitoring = { probes: { a: { url: "tcp://a.example:80/health" } } }),
    [/monitoring\.probes\.a\.url: host and port alone/],
  ],
  [
    "an answer of what gives none",
    (site) =>
      (site.monitoring = { probes: { a: { url: "tcp://a.example:80", expectedStatus: [200] } } }),
    [/monitoring\.probes\.a\.expectedStatus: a url with http or https/],
  ],
  [
    "an authority without TLS",
    (site) => (site.monitoring = { probes: { a: { url: "http://a.example", ca: authority } } }),
    [/monitoring\.probes\.a\.ca: a url with https or tls/],
  ],
  [
    "a certificate without its key",
    (site) =>
      (site.monitoring = {
        probes: { a: { url: "https://a.example", clientCertificateSecret: "erpCertificate" } },
      }),
    [/monitoring\.probes\.a\.clientKeySecret: both the certificate and its key/],
  ],
  [
    "patience that outlasts the question",
    (site) =>
      (site.monitoring = {
        probes: { a: { url: "https://a.example", intervalSeconds: 15, timeoutSeconds: 20 } },
      }),
    [/monitoring\.probes\.a\.timeoutSeconds: at most intervalSeconds, which is 15/],
  ],
  [
    "one address that is asked twice",
    (site) =>
      (site.monitoring = {
        probes: { a: { url: "https://a.example" }, b: { url: "https://a.example" } },
      }),
    [/monitoring\.probes\.b\.url: an address that is asked once: a asks it too/],
  ],
];

describe("Monitoring as a site states it", () => {
  for (const [title, change, expected] of cases) {
    it(`is ${expected.length === 0 ? "right" : "found to be wrong"}: ${title}`, () => {
      const found = problems(change);
      assert.equal(found.length, expected.length, found.join("\n"));
      for (const pattern of expected) {
        assert.ok(
          found.some((one) => pattern.test(one)),
          `${pattern}\n${found.join("\n")}`,
        );
      }
    });
  }
});

describe("Figures of a workload", () => {
  const found = (metrics: object, ports: readonly object[] = [{ name: "http", port: 9898 }]) =>
    problemsWith(roomySite(), (release) => {
      Object.assign(release.workloads.api, { metrics, ports, expose: [] });
    });
  const stated = {
    path: "/metrics",
    scheme: "http",
    intervalSeconds: 30,
    maxSamples: 100,
    drop: [],
  };

  it("are on one of its ports", () => {
    assert.deepEqual(found({ ...stated, port: "http" }), []);
    assert.match(
      found({ ...stated, port: "htpp" }).join(),
      /workloads\.api\.metrics\.port.*: a port of the workload: http/,
    );
  });

  it("are not asked for by UDP", () => {
    assert.match(
      found({ ...stated, port: "udp-in" }, [{ name: "udp-in", port: 7000 }]).join(),
      /workloads\.api\.metrics\.port.*: a TCP port/,
    );
  });
});
