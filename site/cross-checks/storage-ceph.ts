import { allocatable, asNode, podRequest } from "../capacity";
import type { CheckInput, CrossCheck } from "../check-input";
import { nearest } from "../nearest";
import { failureDomain } from "../platform/storage-ceph";
import { rookUpgradeFault } from "../platform/storage-upgrade";
import { type Problem, show, siteProblem } from "../problems";
import type { CephDevice, CephSettings } from "../schema/storage";
import { derivedPlatform } from "./derived";

/** What kind `ceph` needs of the site's hosts. */

const ceph = (input: CheckInput): CephSettings | undefined =>
  input.site.storage?.kind === "ceph" ? input.site.storage.ceph : undefined;

const where = (...steps: readonly (string | number)[]) => ["storage", "ceph", ...steps];

/** Hosts whose disks are named exist and are storage hosts. */
const deviceHosts: CrossCheck = {
  reads: [["storage"], ["hosts"]],
  find: (input) => {
    const names = input.hosts
      .filter(({ host }) => host.roles.includes("storage"))
      .map(({ host }) => host.name);
    return Object.keys(ceph(input)?.devices ?? {}).flatMap((name) => {
      if (names.includes(name)) return [];
      const other = input.hosts.some(({ host }) => host.name === name);
      const needed = `as its key the name of a host with the role storage: ${names.join(", ") || "none is there"}`;
      const meant = nearest(name, names);
      const next = other
        ? `give ${name} the role storage, or remove it here`
        : meant === undefined
          ? "remove it, or add the host"
          : `write ${meant}`;
      return [siteProblem(where("devices", name), needed, show(name), next)];
    });
  },
};

/** Enough hosts, or zones, for every copy, and for every monitor. */
const enoughHosts: CrossCheck = {
  reads: [["storage"], ["hosts"]],
  find: (input) => {
    const settings = ceph(input);
    if (settings === undefined) return [];
    const { devices, replicas, monitors } = settings;
    const members = input.hosts.filter(({ host }) => host.roles.includes("storage")).length;
    const withDisks = Object.keys(devices).length;
    return [
      ...(withDisks < replicas
        ? [
            siteProblem(
              where("devices"),
              `disks on at least ${replicas} hosts: each of ${replicas} copies is kept on another`,
              `disks on ${withDisks}`,
              "add disks of further storage hosts; fewer copies only for data that may be lost",
            ),
          ]
        : []),
      ...(monitors > members
        ? [
            siteProblem(
              where("monitors"),
              `at most ${members}: each monitor has a storage host of its own`,
              String(monitors),
              "add hosts with the role storage, or lower it to an odd number",
            ),
          ]
        : []),
    ];
  },
};

/** A disk stands once among the disks of its host, and never both as data and as metadata. */
const distinctDevices: CrossCheck = {
  reads: [["storage"]],
  find: (input) =>
    Object.entries(ceph(input)?.devices ?? {}).flatMap(([host, devices]) =>
      devices.flatMap((device, at) => deviceProblems(host, devices, device, at)),
    ),
};

function deviceProblems(
  host: string,
  devices: readonly CephDevice[],
  { path, metadataPath }: CephDevice,
  at: number,
): readonly Problem[] {
  const twice = devices.slice(0, at).some((earlier) => earlier.path === path);
  const data = devices.some((other) => other.path === metadataPath);
  return [
    ...(twice
      ? [
          siteProblem(
            where("devices", host, at, "path"),
            "each disk of a host once",
            show(path),
            "remove one of the two",
          ),
        ]
      : []),
    ...(data
      ? [
          siteProblem(
            where("devices", host, at, "metadataPath"),
            "a disk that holds no data itself",
            show(metadataPath),
            "name another disk, or remove that one from the list",
          ),
        ]
      : []),
  ];
}

/** Copies kept apart by zone cannot all be placed when a zone has no disks; hosts without zones fall back to hosts. */
const unevenZones: CrossCheck = {
  reads: [["storage"], ["hosts"]],
  find: (input) => {
    const settings = ceph(input);
    if (settings === undefined) return [];
    const members = input.hosts
      .map(({ host }) => host)
      .filter(({ name }) => Object.hasOwn(settings.devices, name));
    if (failureDomain(members, settings.replicas) === "host") return [];
    const sizes = new Map<string, number>();
    for (const { name, zone = "" } of members) {
      const size = (settings.devices[name] ?? []).reduce((sum, disk) => sum + disk.sizeGiB, 0);
      sizes.set(zone, (sizes.get(zone) ?? 0) + size);
    }
    const [least, most] = [Math.min(...sizes.values()), Math.max(...sizes.values())];
    if (sizes.size > settings.replicas || most <= 2 * least) return [];
    const given = [...sizes].map(([zone, size]) => `${zone} ${size} GiB`).join(", ");
    const needed =
      "zones of similar size: each holds a whole copy, so the smallest bounds them all";
    return [siteProblem(where("devices"), needed, given, "spread the disks over the zones")];
  },
};

/** A daemon of too little memory is killed again and again, long after the window. */
const leastMemory: CrossCheck = {
  reads: [["storage"]],
  find: (input) => {
    const resources = ceph(input)?.resources.osd;
    if (resources === undefined) return [];
    const { memoryMiB } = podRequest({ resources });
    if (memoryMiB >= 2048) return [];
    return [
      siteProblem(
        where("resources", "osd", "requests", "memory"),
        "at least 2Gi: a disk's daemon does not work with less",
        show(resources.requests.memory),
      ),
    ];
  },
};

/** The daemons of a host's disks cannot move to another host. */
const roomForDisks: CrossCheck = {
  reads: [["storage"], ["hosts"], ["release"]],
  find: (input) => {
    const settings = ceph(input);
    const { release, catalogue } = input;
    if (settings === undefined || release === undefined) return [];
    const storage = derivedPlatform(input)?.storage;
    const osd = storage?.pods.find((pod) => pod.name === "rook-ceph-osd");
    if (osd === undefined) return [];
    const each = podRequest(osd);
    return input.hosts.flatMap(({ host }) => {
      const count = settings.devices[host.name]?.length ?? 0;
      const room = allocatable(asNode(host), catalogue.nodes.overhead);
      const fits =
        each.cpuMillis * count <= room.cpuMillis && each.memoryMiB * count <= room.memoryMiB;
      if (count === 0 || fits) return [];
      const needed = `${(each.cpuMillis * count) / 1000} cores and ${Math.ceil((each.memoryMiB * count) / 1024)} GiB on ${host.name} for the daemons of ${count} disks`;
      const given = `${room.cpuMillis / 1000} cores and ${Math.floor(room.memoryMiB / 1024)} GiB after what the node keeps`;
      const next = "enlarge the host, take fewer of its disks, or lower storage.ceph.resources.osd";
      return [siteProblem(where("devices", host.name), needed, given, next)];
    });
  },
};

/** The version that ran before, where it is stated, can be upgraded to ours. */
const upgradePath: CrossCheck = {
  reads: [["storage"]],
  find: (input) => {
    const from = ceph(input)?.upgradedFrom;
    const to = input.catalogue.platform.charts["rook-ceph"]?.version;
    if (from === undefined || to === undefined) return [];
    const fault = rookUpgradeFault(from, to);
    if (fault === undefined) return [];
    const needed = `${fault.needed}, before ${to}`;
    return [siteProblem(where("upgradedFrom"), needed, show(from), fault.next)];
  },
};

/** The first of two words is the site's own name, so that it cannot be copied from another site by accident. */
const eraseWord: CrossCheck = {
  reads: [["storage"]],
  find: (input) => {
    const word = ceph(input)?.eraseOnDelete;
    if (word === undefined || word === input.name) return [];
    const needed = `the site's own name, ${input.name}, or to be absent`;
    return [siteProblem(where("eraseOnDelete"), needed, show(word), "remove it")];
  },
};

export const cephChecks: readonly CrossCheck[] = [
  deviceHosts,
  enoughHosts,
  distinctDevices,
  unevenZones,
  leastMemory,
  roomForDisks,
  upgradePath,
  eraseWord,
];
