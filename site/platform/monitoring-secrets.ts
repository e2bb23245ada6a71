import type { Path } from "../path";
import type { Site } from "../schema/site";
import { statedGroups } from "./monitoring-scrapes";

/** Secrets that monitoring refers to, each with the place that names it. */
export function monitoringSecrets({
  monitoring,
}: Pick<Site, "monitoring">): readonly { readonly path: Path; readonly secret: string }[] {
  if (monitoring === undefined) return [];
  const path = ["monitoring"];
  const stated = [
    ...Object.entries(monitoring.remoteWrite).flatMap(([name, { passwordSecret, tokenSecret }]) => [
      { path: [...path, "remoteWrite", name, "passwordSecret"], secret: passwordSecret },
      { path: [...path, "remoteWrite", name, "tokenSecret"], secret: tokenSecret },
    ]),
    ...statedGroups(monitoring).map(({ path: group, group: { passwordSecret } }) => ({
      path: [...path, ...group, "passwordSecret"],
      secret: passwordSecret,
    })),
    ...Object.entries(monitoring.probes).flatMap(([name, probe]) =>
      (["passwordSecret", "clientCertificateSecret", "clientKeySecret"] as const).map((key) => ({
        path: [...path, "probes", name, key],
        secret: probe[key],
      })),
    ),
  ];
  return stated.flatMap(({ path: where, secret }) =>
    secret === undefined ? [] : [{ path: where, secret }],
  );
}
