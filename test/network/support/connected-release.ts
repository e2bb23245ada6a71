import { makeBlueprint } from "../../../site/blueprint";
import type { Blueprint } from "../../../site/blueprint-types";
import { crossChecks } from "../../../site/cross-checks/all";
import { formatPath } from "../../../site/path";
import { releaseSchema } from "../../../site/schema/release";
import { siteSchema } from "../../../site/schema/site";
import { roomySite, withEdge } from "../../support/platform-site";
import { catalogue } from "../../support/sites";

/** A release that uses all that a network can do, as people write it. */

const image = `docker.io/library/busybox:1.37.0@sha256:${"0".repeat(64)}`;
const resources = {
  requests: { cpu: "100m", memory: "64Mi" },
  limits: { cpu: "200m", memory: "128Mi" },
};
const deployment = { kind: "Deployment", namespace: "parcels", image, resources };

// biome-ignore lint/suspicious/noExplicitAny: tests change it in ways that no type allows
export function connectedRelease(): any {
  return {
    release: "2026.11",
    product: "parcels",
    namespaces: {
      parcels: {
        egress: [
          { cidr: "198.51.100.0/24", ports: [{ port: 443 }, { port: 123, protocol: "udp" }] },
          { domain: "*.maps.example", ports: [{ port: 443 }] },
          { domain: "mail.example", ports: [{ port: 25 }] },
        ],
      },
      ledger: {},
      hosts: {
        mesh: false,
        podSecurity: { level: "privileged", because: "scanners are reached at their own host" },
      },
    },
    workloads: {
      web: {
        ...deployment,
        ports: [{ name: "http", port: 8080, nodePort: true }],
        expose: [{ port: "http" }],
      },
      orders: {
        ...deployment,
        ports: [{ name: "grpc", port: 9000 }],
        expose: [{ port: "grpc" }],
      },
      vault: {
        ...deployment,
        ports: [{ name: "https", port: 8443 }],
        expose: [{ port: "https", tls: "passthrough", hosts: ["vault", "vault.other.example"] }],
      },
      broker: {
        ...deployment,
        kind: "StatefulSet",
        ports: [
          { name: "amqp", port: 5672 },
          { name: "syslog", port: 5514, protocol: "udp", nodePort: 30_079 },
        ],
        expose: [{ port: "amqp", tcp: 5672 }],
      },
      scanner: {
        ...deployment,
        kind: "DaemonSet",
        namespace: "hosts",
        ports: [{ name: "tcp-scan", port: 4000, hostPort: 4000 }],
      },
    },
    externals: {
      "ledger-database": {
        namespace: "ledger",
        ports: [{ name: "tcp-postgres", port: 5432 }],
        usedBy: ["parcels"],
      },
      clock: {
        namespace: "parcels",
        ports: [{ name: "udp-ntp", port: 123 }],
        at: { addresses: ["192.0.2.1"] },
      },
      rates: {
        namespace: "parcels",
        ports: [{ name: "https", port: 443 }],
        at: { domain: "rates.example", networks: ["203.0.113.0/24"] },
      },
    },
  };
}

/** A site with mesh, standby, edge, certificates and tenancy, that states what the release leaves to it. */
// biome-ignore lint/suspicious/noExplicitAny: tests change it in ways that no type allows
export function connectedSite(): any {
  const site = roomySite();
  withEdge(site);
  return {
    ...site,
    workloads: {},
    certificates: {},
    mesh: { mtls: "strict" },
    ingress: { domain: "apps.site-t.example" },
    tenancy: {},
    externals: { "ledger-database": { addresses: ["192.0.2.130", "192.0.2.131"] } },
    egress: { parcels: [{ cidr: "192.0.2.200/32", ports: [{ port: 9100 }] }] },
  };
}

export type Change = (site: ReturnType<typeof connectedSite>, release: AnyRelease) => void;
type AnyRelease = ReturnType<typeof connectedRelease>;

function read(change: Change) {
  const [site, release] = [connectedSite(), connectedRelease()];
  change(site, release);
  return { site: siteSchema.parse(site), release: releaseSchema.parse(release) };
}

/** What becomes of both. */
export function connected(change: Change = () => {}): Blueprint {
  return makeBlueprint({ name: "site-t", catalogue, ...read(change) });
}

/** Problems of both, each as `document path: needs`, with what is given and what comes next where asked for. */
export function problemsOfConnected(change: Change, full = false): readonly string[] {
  const { site, release } = read(change);
  const hosts = site.hosts.map((host, at) => ({ host, path: ["hosts", at] }));
  return crossChecks
    .flatMap((check) => check.find({ name: "site-t", site, hosts, release, catalogue }))
    .map(({ document, path, needed, given, next }) =>
      [
        `${document} ${formatPath(path)}: ${needed}`,
        ...(full ? [given ?? "", next ?? ""] : []),
      ].join("; "),
    );
}
