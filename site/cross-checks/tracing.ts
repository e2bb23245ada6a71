import type { CheckInput, CrossCheck } from "../check-input";
import { storagePlace } from "../platform/tracing";
import { ownMeshTracing } from "../platform/tracing-place";
import { type Problem, show, siteProblem } from "../problems";
import { loginProblems } from "./login";
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
      ...loginProblems(where, stated),
      ...inClear(where, stated, place),
      ...(stated.ca !== undefined && !stated.url.startsWith("https:")
        ? [siteProblem([...where, "ca"], "an https URL beside it", show(stated.url))]
        : []),
    ];
  },
};

/** A password leaves the cluster only where TLS hides it. */
function inClear(
  where: readonly string[],
  { url, passwordSecret }: { readonly url: string; readonly passwordSecret?: string | undefined },
  place: ReturnType<typeof storagePlace>,
): readonly Problem[] {
  const within = place !== undefined && place.namespaces.length > 0;
  if (passwordSecret === undefined || within || url.startsWith("https:")) return [];
  return [siteProblem([...where, "url"], "https, since a password is sent there", show(url))];
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

/** Its pages are served where there is an ingress. */
const pages: CrossCheck = {
  reads: [path, ["ingress"]],
  find: ({ site: { tracing, ingress } }) => {
    if (tracing?.host === undefined || ingress !== undefined) return [];
    const next = "state ingress, or remove it: the pages are reached by a forwarded port then";
    return [siteProblem([...path, "host"], "an ingress at the site", show(tracing.host), next)];
  },
};

export const tracingChecks: readonly CrossCheck[] = [oneCollector, storage, secret, pages];
