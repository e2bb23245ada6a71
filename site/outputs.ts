import type { Blueprint } from "./blueprint-types";
import type { CertificateBlueprint } from "./platform/certificates-types";
import { withCanaries } from "./workload/canary";

/** What a stack tells of itself once it is deployed, beyond what single values say. */

/** Kind and version of each workload. */
export function running({ workloads }: Pick<Blueprint, "workloads">) {
  return Object.fromEntries(
    withCanaries(workloads).map(({ namespace, name, kind, version }) => [
      `${namespace}/${name}`,
      `${kind} ${version}`,
    ]),
  );
}

/** Where clients reach each exposed port of a workload. */
export function reachedAt({ workloads }: Pick<Blueprint, "workloads">) {
  const routes = workloads.flatMap(({ namespace, routes = [] }) =>
    routes.map(({ name, urls, via }) => [`${namespace}/${name}`, { urls, via }] as const),
  );
  return Object.fromEntries(routes);
}

/** The certificates that the site makes and renews by itself, by namespace and Secret. */
export function certificateDates({ platform }: Pick<Blueprint, "platform">) {
  const { certificates } = platform;
  if (certificates === undefined) return {};
  const { authority, issued } = certificates;
  const all: readonly CertificateBlueprint[] =
    authority.kind === "generated" ? [authority.certificate, ...issued] : issued;
  return Object.fromEntries(
    all.map(({ namespace, secretName, dnsNames, days, renewBeforeDays }) => [
      `${namespace}/${secretName}`,
      { names: dnsNames, days, renewedDaysBeforeEnd: renewBeforeDays },
    ]),
  );
}
