import type { PreflightCheck } from "./blueprint-types";
import { isNode } from "./nodes";
import type { Catalogue } from "./schema/catalogue";
import type { SiteHost } from "./schema/site";

type Preflight = Catalogue["preflight"];
type Check = Omit<Preflight["checks"][number], "roles">;

/** What storage asks of a host. */
export interface HostStorage {
  /** Disks that it takes whole. */
  readonly devices: readonly { readonly path: string; readonly sizeGiB: number }[];
  /** NFS server that volumes are mounted from. */
  readonly nfsServer?: string | undefined;
}

const machines = { amd64: "x86_64", arm64: "aarch64" };

/** The checks of one host, from its roles and what the site says of it. */
export function hostPreflight(
  host: SiteHost,
  preflight: Preflight,
  storage: HostStorage = { devices: [] },
): readonly PreflightCheck[] {
  const wanted = new Set<string>([...host.roles, "any", ...(isNode(host) ? ["node"] : [])]);
  const checks = preflight.checks
    .filter((check) => check.roles.some((role) => wanted.has(role)))
    .map((check) => filledCheck(check, amounts(host, preflight)));
  const ports = [...wanted].flatMap((role) => portsOf(role, preflight));
  return [
    ...checks,
    ...storageChecks(host, preflight, storage),
    ...(ports.length === 0 ? [] : [portsCheck(ports)]),
  ];
}

function storageChecks(
  host: SiteHost,
  preflight: Preflight,
  { devices, nfsServer }: HostStorage,
): readonly PreflightCheck[] {
  const ofDevices = devices.flatMap(({ path, sizeGiB }, at) =>
    preflight.devices.map((check) =>
      filledCheck(
        { ...check, id: `${check.id}-${at + 1}` },
        { device: path, sizeGiB: String(sizeGiB) },
      ),
    ),
  );
  if (nfsServer === undefined || !isNode(host)) return ofDevices;
  return preflight.nfs.map((check) => filledCheck(check, { server: nfsServer }));
}

/** A check with what it asks about put into its texts. Only values that the schema bounds to harmless letters go into a probe. */
function filledCheck(
  check: Check,
  values: Readonly<Record<string, string | undefined>>,
): PreflightCheck {
  const { id, severity, freshHostOnly, comparison, unit } = check;
  const fill = (text: string) =>
    text.replace(/\{([a-zA-Z]+)\}/g, (placeholder, name) => values[name] ?? placeholder);
  return {
    id,
    title: fill(check.title),
    severity,
    probe: fill(check.probe),
    comparison,
    needed: fill(check.needed),
    unit,
    remedy: fill(check.remedy),
    ...(freshHostOnly && { freshHostOnly }),
  };
}

/** What a host must at least show: the larger of what the site says and what its roles need, less tolerance. */
function amounts(host: SiteHost, preflight: Preflight): Readonly<Record<string, string>> {
  const least = host.roles.flatMap((role) => preflight.least[role] ?? []);
  const most = (numbers: readonly number[]) => Math.max(...numbers);
  const less = (amount: number, percent: number) =>
    String(Math.floor((amount * (100 - percent)) / 100));
  const memoryGiB = most([host.memoryGiB, ...least.map((size) => size.memoryGiB)]);
  const diskGiB = most([host.diskGiB, ...least.map((size) => size.diskGiB)]);
  return {
    cpus: String(most([host.cpus, ...least.map((size) => size.cpus)])),
    memoryGiB: less(memoryGiB, preflight.memoryTolerancePercent),
    diskGiB: less(diskGiB, preflight.diskTolerancePercent),
    machine: machines[host.arch],
  };
}

function portsOf(role: string, preflight: Preflight): readonly number[] {
  const ports: Readonly<Record<string, readonly number[] | undefined>> = preflight.ports;
  return Object.hasOwn(ports, role) ? (ports[role] ?? []) : [];
}

/** Reads the kernel's own socket table: no tool for it is on every host. State 0A is "listening". */
function portsCheck(ports: readonly number[]): PreflightCheck {
  const wanted = [...new Set(ports)].sort((one, other) => one - other);
  const cases = wanted.map((port) => `p["${hex(port)}"]=${port};`).join("");
  return {
    id: "ports-free",
    title: `TCP ports ${wanted.join(", ")} are free`,
    severity: "blocking",
    probe: `cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk 'BEGIN{${cases}}$4=="0A"{n=split($2,a,":");if(a[n] in p&&!(a[n] in s)){s[a[n]]=1;o=o (o?",":"") p[a[n]]}}END{print o}'`,
    comparison: "empty",
    needed: "",
    unit: "",
    remedy: "stop what listens there (ss -ltnp names it), or choose another host",
    freshHostOnly: true,
  };
}

function hex(port: number): string {
  return port.toString(16).toUpperCase().padStart(4, "0");
}
