import { withBundle } from "../support/bundled-site";
import { roomySite } from "../support/platform-site";
import { problemsOf, resolve } from "../support/sites";

/** Sites with monitoring. */

// biome-ignore lint/suspicious/noExplicitAny: tests spoil it in ways that no type allows
export type AnySite = any;

export const authority = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";

export const secretNames = [
  "sshPassword",
  "windowsReader",
  "centralToken",
  "erpPassword",
  "erpCertificate",
  "erpKey",
];

/** A site with storage, names and certificates, and monitoring as it is by default. Free to be changed. */
export function monitoredSite(change: (site: AnySite) => void = () => {}): AnySite {
  const site = roomySite();
  Object.assign(site, {
    certificates: {},
    ingress: { domain: "apps.site-t.example" },
    storage: { kind: "local", local: { dataStaysOnItsNode: true } },
    monitoring: {},
  });
  change(site);
  return site;
}

/** What can be stated at all. */
export function everything(site: AnySite): void {
  site.monitoring = {
    withoutLogin: ["prometheus"],
    externalLabels: { region: "north" },
    remoteWriteReceiver: true,
    remoteWrite: {
      central: {
        url: "https://metrics.example.com/api/v1/write",
        tokenSecret: "centralToken",
        ca: authority,
        keep: "up|slo:.*",
      },
    },
    hosts: {
      machines: { "registry-1": {}, backup: { address: "192.0.2.61", labels: { room: "a" } } },
    },
    windows: {
      user: "reader",
      passwordSecret: "windowsReader",
      tls: { ca: authority, serverName: "windows.site-t.example" },
      intervalSeconds: 60,
      machines: { "scale-1": { address: "192.0.2.71" } },
    },
    targets: {
      belts: {
        port: 9500,
        path: "/figures",
        machines: { "belt-1": { address: "192.0.2.81", port: 9501 } },
      },
    },
    probes: {
      erp: {
        url: "https://erp.site-t.example/health?deep=1",
        expectedStatus: [200, 204],
        contains: "all (well)",
        user: "probe",
        passwordSecret: "erpPassword",
        ca: authority,
        clientCertificateSecret: "erpCertificate",
        clientKeySecret: "erpKey",
        labels: { owner: "office" },
      },
      ledger: { url: "tcp://192.0.2.90:1521" },
    },
  };
}

export function blueprintOf(change: (site: AnySite) => void = () => {}) {
  return withBundle(resolve(monitoredSite(change), secretNames));
}

export function monitoringOf(change: (site: AnySite) => void = () => {}) {
  const { monitoring } = blueprintOf(change).platform;
  if (monitoring === undefined) throw new Error("no monitoring");
  return monitoring;
}

export function problems(change: (site: AnySite) => void) {
  return problemsOf(monitoredSite(change), secretNames);
}

export const workers = (count: number) => (site: AnySite) => {
  const at = site.hosts.findIndex(({ name }: { name: string }) => name === "worker-1");
  const [first] = site.hosts.slice(at, at + 1);
  site.hosts = site.hosts.filter(({ roles }: { roles: string[] }) => !roles.includes("worker"));
  for (let number = 1; number <= count; number++) {
    site.hosts.push({ ...first, name: `worker-${number}`, address: `192.0.2.2${number}` });
  }
};
