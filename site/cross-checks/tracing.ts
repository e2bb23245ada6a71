import type { CheckInput, CrossCheck } from "../check-input";
import { fullHost, nameSuffix } from "../platform/ingress-names";
import { pageHosts } from "../platform/monitoring-pages";
import { exposed, statedHosts } from "../platform/routes";
import { storagePlace } from "../platform/tracing";
import { ownMeshTracing } from "../platform/tracing-place";
import { type Problem, show, siteProblem } from "../problems";
import { standbyOrGateway } from "./routes";
import { missingSecrets } from "./stack-secrets";

/** Rules over the site's `tracing` key and what the mesh says of it. */

const path = ["tracing"];

/** The mesh sends traces to one place. */
const oneCollector: CrossCheck = {
  reads: [path, ["mesh"]],
  find: ({ site }) => {
    const own = ownMeshTracing(site);
    const stated = site.mesh?.tracing;
    if (own === undefined || stated === undefined) return [];
    const same =
      stated.service === `${own.service}.${own.namespace}` &&
      stated.provider === own.provider &&
      stated.port === own.port &&
      stated.samplingPercent === own.samplingPercent;
    if (same) return [];
    return [
      siteProblem(
        ["mesh", "tracing"],
        `what follows from tracing: ${own.provider} to ${own.service}.${own.namespace}, port ${own.port}, ${own.samplingPercent} per cent`,
        `${stated.provider} to ${stated.service}, port ${stated.port}, ${stated.samplingPercent} per cent`,
        "remove it here: the mesh sends its traces to the site's own tracing by itself",
      ),
    ];
  },
};

/** What keeps traces can be reached, and fits to what shows them. */
const storage: CrossCheck = {
  reads: [path],
  find: ({ site: { tracing } }) => {
    if (tracing === undefined) return [];
    const where = [...path, "storage"];
    const { kind, storage: stated } = tracing;
    if (stated.kind === "memory") {
      return kind === "skywalking"
        ? [
            siteProblem(
              [...where, "kind"],
              "elasticsearch: SkyWalking keeps nothing in memory",
              show(stated.kind),
              "state an Elasticsearch, or take jaeger or zipkin",
            ),
          ]
        : [];
    }
    const place = storagePlace(stated);
    const unknown = place?.namespaces.length === 0 && place.cidrs.length === 0;
    return [
      ...(unknown
        ? [
            siteProblem(
              [...where, "networks"],
              `the networks that ${new URL(stated.url).hostname} answers in: nothing else is opened`,
              "none",
              "state them, such as [192.0.2.0/24]",
            ),
          ]
        : []),
      ...loginProblems(stated, where),
      ...(stated.ca !== undefined && !stated.url.startsWith("https:")
        ? [siteProblem([...where, "ca"], "an https URL beside it", show(stated.url))]
        : []),
    ];
  },
};

function loginProblems(
  { user, passwordSecret }: { user?: string | undefined; passwordSecret?: string | undefined },
  where: readonly string[],
): readonly Problem[] {
  if ((user === undefined) === (passwordSecret === undefined)) return [];
  const [key, other] = user === undefined ? ["user", "passwordSecret"] : ["passwordSecret", "user"];
  return [
    siteProblem([...where, key], `one beside ${other}`, "none", `state it, or remove ${other}`),
  ];
}

/** The password is in the stack. */
const secret: CrossCheck = {
  reads: [path],
  find: (input: CheckInput) => {
    const { tracing } = input.site;
    if (tracing?.storage.kind !== "elasticsearch") return [];
    const { passwordSecret } = tracing.storage;
    if (passwordSecret === undefined) return [];
    return missingSecrets(input, [
      { path: [...path, "storage", "passwordSecret"], secret: passwordSecret },
    ]);
  },
};

/** Its pages have a name of their own, and somebody who serves them. */
const pages: CrossCheck = {
  reads: [
    path,
    ["ingress"],
    ["mesh"],
    ["edge"],
    ["hosts"],
    ["workloads"],
    ["delivery"],
    ["monitoring"],
  ],
  find: ({ site, release }) => {
    const { tracing, ingress, delivery, monitoring } = site;
    if (tracing?.host === undefined || release === undefined) return [];
    const where = [...path, "host"];
    const suffix = ingress && nameSuffix(site, release.product);
    if (suffix === undefined) {
      const next = "state ingress, or remove it: the pages are reached by a forwarded port then";
      return [siteProblem(where, "an ingress at the site", show(tracing.host), next)];
    }
    const own = fullHost(tracing.host, suffix);
    const taken: readonly (readonly [string, string])[] = [
      ...Object.entries(release.workloads).flatMap(([name, workload]) =>
        exposed(workload)
          .flatMap((item) => statedHosts(site, name, item))
          .map((host) => [fullHost(host, suffix), `the workload ${name}`] as const),
      ),
      ...(delivery === undefined ? [] : [[fullHost(delivery.host, suffix), "Argo CD"] as const]),
      ...(monitoring === undefined ? [] : pageHosts(monitoring)).map(
        ({ name, host }) => [fullHost(host, suffix), name] as const,
      ),
    ];
    const owner = taken.find(([host]) => host === own)?.[1];
    const { via } = tracing;
    return [
      ...(owner === undefined
        ? []
        : [
            siteProblem(
              where,
              `a name that nothing else has: ${own} is that of ${owner}`,
              show(tracing.host),
            ),
          ]),
      ...(via === undefined
        ? []
        : standbyOrGateway(via, site).map((needed) =>
            siteProblem([...path, "via"], needed, show(via)),
          )),
    ];
  },
};

export const tracingChecks: readonly CrossCheck[] = [oneCollector, storage, secret, pages];
