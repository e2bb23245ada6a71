import type { CheckInput, CrossCheck } from "../check-input";
import { nearest } from "../nearest";
import { monitoringSecrets } from "../platform/monitoring-secrets";
import { expectedGiB, expectedSeries, monitoringReplicas } from "../platform/monitoring-size";
import { workers } from "../platform/replicas";
import { storageRoom } from "../platform/storage-room";
import { type Problem, problem, show, siteProblem } from "../problems";
import type { MonitoringSettings } from "../schema/monitoring";
import { portProtocol } from "../workload/ports";
import { loginProblems } from "./login";
import { machineChecks } from "./monitoring-machines";
import { probeChecks } from "./monitoring-probes";
import { overLimit } from "./release";
import { missingSecrets } from "./stack-secrets";
import { volumeClassProblems } from "./volume-class";

/** What cannot be said of the site's `monitoring` alone. */

const path = ["monitoring"];

/** Each Prometheus has a worker of its own, and what it keeps has room. */
const room: CrossCheck = {
  reads: [path, ["hosts"], ["storage"]],
  find: (input) => {
    const { site } = input;
    const { monitoring } = site;
    if (monitoring === undefined) return [];
    const there = workers(site.hosts).length;
    const replicas = monitoringReplicas(site, monitoring);
    return [
      ...(there > 0 && replicas > there
        ? [
            siteProblem(
              [...path, "replicas"],
              `a worker for each Prometheus, here at most ${there}`,
              String(replicas),
              `set it to ${there}, or add workers`,
            ),
          ]
        : []),
      ...(monitoring.resources === undefined
        ? []
        : overLimit("site", [...path, "resources"], monitoring.resources)),
      ...retention(input, monitoring),
      ...(site.storage === undefined
        ? onNodes(input, monitoring)
        : onVolumes(input, monitoring, replicas)),
    ];
  },
};

/** The volume holds as many days as are wanted, by and large; otherwise they would silently be fewer. */
function retention(
  { site, release }: CheckInput,
  monitoring: MonitoringSettings,
): readonly Problem[] {
  if (release === undefined) return [];
  const series = expectedSeries(site, release);
  const needed = expectedGiB(series, monitoring);
  if (monitoring.sizeGiB >= needed) return [];
  return [
    siteProblem(
      [...path, "sizeGiB"],
      `at least ${needed} GiB: ${monitoring.retentionDays} days of about ${series} series every ${monitoring.intervalSeconds} seconds`,
      `${monitoring.sizeGiB} GiB`,
      "enlarge it, or lower retentionDays",
    ),
  ];
}

/** Without storage figures lie on the node's own disk, which others need too. */
function onNodes(
  { site }: CheckInput,
  { sizeGiB, storageClass }: MonitoringSettings,
): readonly Problem[] {
  const smallest = Math.min(...workers(site.hosts).map(({ diskGiB }) => diskGiB));
  return [
    ...(storageClass === undefined ? [] : volumeClassProblems(site, path, storageClass)),
    ...(sizeGiB > smallest / 2
      ? [
          siteProblem(
            [...path, "sizeGiB"],
            `at most ${Math.floor(smallest / 2)} GiB, half of the smallest worker's disk: without storage at the site figures lie there`,
            `${sizeGiB} GiB`,
            "lower it with retentionDays, or state storage",
          ),
        ]
      : []),
  ];
}

function onVolumes(
  { site }: CheckInput,
  { sizeGiB, alertmanagerSizeGiB, grafana, storageClass }: MonitoringSettings,
  replicas: number,
): readonly Problem[] {
  const classes = volumeClassProblems(site, path, storageClass);
  const found = storageRoom(site);
  if (classes.length > 0 || found === undefined) return classes;
  const wanted = replicas * (sizeGiB + alertmanagerSizeGiB) + grafana.sizeGiB;
  if (wanted <= found.usableGiB) return [];
  return [
    siteProblem(
      [...path, "sizeGiB"],
      `volumes that fit into the ${found.usableGiB} GiB of the site's storage, ${found.because}`,
      `${wanted} GiB together`,
      "lower it with retentionDays, or enlarge the storage",
    ),
  ];
}

/** What has no login is served to everybody only where somebody serves it. */
const pages: CrossCheck = {
  reads: [path, ["ingress"]],
  find: ({ site: { monitoring, ingress } }) => {
    const { withoutLogin = [] } = monitoring ?? {};
    if (withoutLogin.length === 0 || ingress !== undefined) return [];
    const needed = "a site with an ingress, which would serve them";
    return [siteProblem([...path, "withoutLogin"], needed, show(withoutLogin), "remove it")];
  },
};

/** Who logs in somewhere does so in one way, and not where everybody can read along. */
const remoteWrite: CrossCheck = {
  reads: [path],
  find: ({ site }) =>
    Object.entries(site.monitoring?.remoteWrite ?? {}).flatMap(([name, stated]) => {
      const { url, user, passwordSecret, tokenSecret, ca } = stated;
      const where = [...path, "remoteWrite", name];
      const shows = [user, passwordSecret, tokenSecret].some((one) => one !== undefined);
      return [
        ...loginProblems(where, stated),
        ...(tokenSecret !== undefined && user !== undefined
          ? [siteProblem([...where, "tokenSecret"], "either a token or user and password", "both")]
          : []),
        ...(url.startsWith("http:") && (shows || ca !== undefined)
          ? [
              siteProblem(
                [...where, "url"],
                "https, where a login or an authority is stated",
                show(url),
              ),
            ]
          : []),
      ];
    }),
};

/** Figures of workloads are on one of their ports, where HTTP can be spoken. */
const workloadPorts: CrossCheck = {
  reads: [],
  find: ({ release }) =>
    Object.entries(release?.workloads ?? {}).flatMap(([name, { metrics, ports }]) => {
      if (metrics === undefined) return [];
      const where = ["workloads", name, "metrics", "port"];
      const port = ports.find((one) => one.name === metrics.port);
      if (port === undefined) {
        const known = ports.map((one) => one.name);
        const needed = `a port of the workload: ${known.join(", ") || "none"}`;
        const meant = nearest(metrics.port, known);
        const next = meant === undefined ? "add it to the workload's ports" : `write ${meant}`;
        return [problem("release", where, needed, show(metrics.port), next)];
      }
      return portProtocol(port) === "udp"
        ? [problem("release", where, "a TCP port", show(metrics.port))]
        : [];
    }),
};

/** Every secret that monitoring refers to is in the stack. */
const secrets: CrossCheck = {
  reads: [path],
  find: (input) => missingSecrets(input, monitoringSecrets(input.site)),
};

export const monitoringChecks: readonly CrossCheck[] = [
  room,
  pages,
  remoteWrite,
  workloadPorts,
  ...machineChecks,
  ...probeChecks,
  secrets,
];
