import { jobs } from "../alerting/jobs";
import type { ProbeSettings } from "../schema/monitoring-targets";
import type { ProbeBlueprint, ProbeModule } from "./monitoring-target-types";

/** What the site states that is asked: the customer's own addresses. */

/** The question itself. */
export function statedProbe(name: string, probe: ProbeSettings): ProbeBlueprint {
  const { url, intervalSeconds: every, timeoutSeconds: patience, labels } = probe;
  return {
    name: `stated-${name}`,
    job: jobs.urls,
    module: `stated-${name}`,
    intervalSeconds: every,
    timeoutSeconds: patience,
    // Connections are asked by host and port alone.
    url: url.replace(/^(tcp|tls):\/\//, ""),
    labels: { ...labels, probe: name },
  };
}

/** The way in which it is asked. */
export function statedModule(probe: ProbeSettings): ProbeModule {
  const {
    url,
    timeoutSeconds: patience,
    expectedStatus,
    contains,
    user,
    passwordSecret,
    ca,
  } = probe;
  const { clientCertificateSecret: certificateSecret, clientKeySecret: keySecret } = probe;
  const http = url.startsWith("http");
  return {
    prober: http ? "http" : "tcp",
    timeoutSeconds: patience,
    statuses: expectedStatus,
    ...(contains !== undefined && { contains: contains.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&") }),
    ...(/^(https|tls):/.test(url) && { tls: "verified" as const }),
    authority: ca === undefined ? "public" : { ca },
    ...(user !== undefined && passwordSecret !== undefined && { login: { user, passwordSecret } }),
    ...(certificateSecret !== undefined &&
      keySecret !== undefined && { clientCertificate: { certificateSecret, keySecret } }),
  };
}
