import type { CrossCheck } from "../check-input";
import { type Problem, show, siteProblem } from "../problems";
import type { ProbeSettings } from "../schema/monitoring-targets";
import { loginProblems } from "./login";

/** Rules over addresses that the site wants to be asked. */

const path = ["monitoring", "probes"];

/** What is stated of a probe goes together. */
const probes: CrossCheck = {
  reads: [["monitoring"]],
  find: ({ site }) => {
    const stated = Object.entries(site.monitoring?.probes ?? {});
    return stated.flatMap(([name, probe], at) => {
      const twin = stated.slice(0, at).find(([, other]) => other.url === probe.url)?.[0];
      return [
        ...(twin === undefined
          ? []
          : [
              siteProblem(
                [...path, name, "url"],
                `an address that is asked once: ${twin} asks it too`,
                show(probe.url),
                "remove one of them",
              ),
            ]),
        ...ofProbe([...path, name], probe),
      ];
    });
  },
};

function ofProbe(where: readonly string[], probe: ProbeSettings): readonly Problem[] {
  const { url, intervalSeconds, timeoutSeconds } = probe;
  const scheme = url.slice(0, url.indexOf(":"));
  const http = scheme === "http" || scheme === "https";
  const encrypted = scheme === "https" || scheme === "tls";
  return [
    ...malformed(where, url, http),
    ...(timeoutSeconds > intervalSeconds
      ? [
          siteProblem(
            [...where, "timeoutSeconds"],
            `at most intervalSeconds, which is ${intervalSeconds}`,
            String(timeoutSeconds),
          ),
        ]
      : []),
    ...loginProblems(where, probe),
    ...only(where, probe, ["expectedStatus", "contains", "user"], http, "http or https"),
    ...only(where, probe, ["ca", "clientCertificateSecret"], encrypted, "https or tls"),
    ...(scheme === "http" && probe.user !== undefined
      ? [siteProblem([...where, "url"], "https, where a login is stated", show(url))]
      : []),
    ...((probe.clientCertificateSecret === undefined) === (probe.clientKeySecret === undefined)
      ? []
      : [
          siteProblem(
            [
              ...where,
              probe.clientKeySecret === undefined ? "clientKeySecret" : "clientCertificateSecret",
            ],
            "both the certificate and its key",
            "one of them",
          ),
        ]),
  ];
}

function malformed(where: readonly string[], url: string, http: boolean): readonly Problem[] {
  // What is not HTTP is read by its rules too, so that host and port are told apart in one way.
  const readable = http ? url : url.replace(/^(tcp|tls):/, "https:");
  if (!URL.canParse(readable)) {
    return [siteProblem([...where, "url"], "an address that can be read", show(url))];
  }
  const { port, pathname, hostname } = new URL(readable);
  const stated = new RegExp(`^[a-z]+://${hostname.replaceAll(".", "\\.")}:\\d+`, "i").test(url);
  if (!http && port === "" && !stated) {
    return [siteProblem([...where, "url"], "a port, such as tcp://192.0.2.9:1521", show(url))];
  }
  return !http && pathname !== "/"
    ? [siteProblem([...where, "url"], "host and port alone: a connection has no path", show(url))]
    : [];
}

/** Keys that say something for some schemes alone. */
function only(
  where: readonly string[],
  probe: ProbeSettings,
  keys: readonly (keyof ProbeSettings)[],
  fits: boolean,
  schemes: string,
): readonly Problem[] {
  if (fits) return [];
  return keys
    .filter((key) => {
      const value = probe[key];
      return Array.isArray(value) ? value.length > 0 : value !== undefined;
    })
    .map((key) =>
      siteProblem([...where, key], `a url with ${schemes}`, show(probe[key]), "remove it"),
    );
}

export const probeChecks: readonly CrossCheck[] = [probes];
