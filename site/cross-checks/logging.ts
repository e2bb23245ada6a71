import type { CheckInput, CrossCheck } from "../check-input";
import { isNode } from "../nodes";
import { logOutput } from "../platform/log-output";
import { beatRoom, bridgedMiB, logLine, neededMiB, nodeFiles } from "../platform/log-sizes";
import { logStoreReplicas } from "../platform/log-store";
import { workers } from "../platform/replicas";
import { type Problem, show, siteProblem } from "../problems";
import { memoryMiB } from "../quantities";
import { missingSecrets } from "./stack-secrets";
import { volumeClassProblems } from "./volume-class";
import { workloadLogChecks } from "./workload-logs";

/** What cannot be said of the site's `logging` alone. */

const path = ["logging"];

/** Part of a node's disk that logs may fill: kubelets clean up when 85 % are used. */
const diskPart = 0.25;

/** Part of a node's memory that a beat may take. */
const memoryPart = 1 / 8;

/** What nodes keep bridges the outage, and fits on their disks. */
const outage: CrossCheck = {
  reads: [path, ["hosts"]],
  find: ({ site }) => {
    const { logging } = site;
    if (logging === undefined) return [];
    const line = logLine(logging);
    const kept = bridgedMiB(nodeFiles(logging, line), line);
    const needed = neededMiB(logging);
    const { maxOutageHours, nodeMiBPerHour, diskQueueGiB = 0 } = logging;
    const nodes = site.hosts.filter(isNode);
    const disk = Math.min(...nodes.map(({ diskGiB }) => diskGiB));
    const wantedGiB = Math.ceil((nodeMiBPerHour * maxOutageHours) / 1024) + diskQueueGiB;
    return [
      ...(kept < needed
        ? [
            siteProblem(
              [...path, "nodeFiles"],
              `files of each container that hold ${needed} MiB for certain: busiestMiBPerHour for ${maxOutageHours} hours`,
              `${kept} MiB${line === "9" ? "" : ", since line 7.17 reads none that was compressed"}`,
              "keep more or larger files, or lower maxOutageHours",
            ),
          ]
        : []),
      ...(nodes.length > 0 && wantedGiB > disk * diskPart
        ? [
            siteProblem(
              [...path, "maxOutageHours"],
              `what fits into a quarter of the smallest node's disk, ${Math.floor(disk * diskPart)} GiB`,
              `${wantedGiB} GiB of logs on a node`,
              "lower maxOutageHours, nodeMiBPerHour or diskQueueGiB, or enlarge disks",
            ),
          ]
        : []),
    ];
  },
};

/** What waits in memory leaves a node its memory. */
const memory: CrossCheck = {
  reads: [path, ["hosts"], ["cluster"], ["certificates"]],
  find: ({ site }) => {
    const nodes = site.hosts.filter(isNode);
    if (site.logging === undefined || nodes.length === 0) return [];
    const { bulkEvents } = logOutput(site, "", "").output;
    const { resources } = beatRoom(nodes, bulkEvents, 2 * site.cluster.maxPods);
    const limit = memoryMiB(resources.limits.memory);
    const smallest = Math.min(...nodes.map(({ memoryGiB }) => memoryGiB)) * 1024;
    if (limit <= smallest * memoryPart) return [];
    return [
      siteProblem(
        path,
        `at most an eighth of the smallest node's memory for Filebeat, ${Math.floor(smallest * memoryPart)} MiB`,
        `${limit} MiB`,
        "lower bulkEvents of the output or cluster.maxPods, or give the node more memory",
      ),
    ];
  },
};

/** Values that the output asks for are there. */
const secretsPresent: CrossCheck = {
  reads: [path],
  find: (input) => missingSecrets(input, placedSecrets(input)),
};

/** Names of secrets with their places. */
function placedSecrets({ site: { logging } }: CheckInput) {
  const { elasticsearch, logstash, kafka } = logging?.output ?? {};
  const tls = (elasticsearch ?? logstash ?? kafka)?.tls;
  const [kind = ""] = Object.keys(logging?.output ?? {});
  const places = [
    { key: ["passwordSecret"], secret: elasticsearch?.passwordSecret },
    { key: ["apiKeySecret"], secret: elasticsearch?.apiKeySecret },
    { key: ["sasl", "passwordSecret"], secret: kafka?.sasl?.passwordSecret },
    { key: ["tls", "certificateSecret"], secret: tls?.certificateSecret },
    { key: ["tls", "keySecret"], secret: tls?.keySecret },
  ];
  return places.flatMap(({ key, secret }) =>
    secret === undefined ? [] : [{ path: [...path, "output", kind, ...key], secret }],
  );
}

/** A password goes over the network only where TLS hides it. */
const hiddenPasswords: CrossCheck = {
  reads: [path],
  find: ({ site: { logging } }) => {
    const { elasticsearch, kafka } = logging?.output ?? {};
    const asks =
      elasticsearch?.passwordSecret ?? elasticsearch?.apiKeySecret ?? kafka?.sasl?.passwordSecret;
    const kind = elasticsearch === undefined ? "kafka" : "elasticsearch";
    if (asks === undefined || (elasticsearch ?? kafka)?.tls !== undefined) return [];
    const where = [...path, "output", kind, "tls"];
    const needed = "TLS, since a password is sent there";
    return [siteProblem(where, needed, "none", "state tls: {ca: …}, or leave the password out")];
  },
};

/** The site's own store has hosts and volumes, and servers that know each other. */
const ownStore: CrossCheck = {
  reads: [path, ["hosts"], ["storage"], ["certificates"]],
  find: ({ site }) => {
    const own = site.logging?.inSite;
    if (own === undefined) return [];
    const replicas = logStoreReplicas(site, own);
    const there = workers(site.hosts).length;
    const at = [...path, "inSite"];
    const found: Problem[] = [];
    if (replicas > there) {
      const needed = `a worker for each server, here at most ${there}`;
      found.push(siteProblem([...at, "replicas"], needed, String(replicas), "set it to 1"));
    }
    if (replicas > 1 && site.certificates === undefined) {
      const needed = "certificates at the site, by which its servers know each other";
      found.push(
        siteProblem(
          [...at, "replicas"],
          needed,
          show(replicas),
          "state certificates, or set it to 1",
        ),
      );
    }
    return [...found, ...volumeClassProblems(site, at, own.storageClass)];
  },
};

export const loggingChecks: readonly CrossCheck[] = [
  outage,
  memory,
  secretsPresent,
  hiddenPasswords,
  ownStore,
  ...workloadLogChecks,
];
