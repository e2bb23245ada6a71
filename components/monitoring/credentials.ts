import type { MonitoringBlueprint } from "../../site/platform/monitoring-types";

/** Secrets with what others want to be shown: logins, tokens, certificates. */

/** A Secret by its keys; a value is an entry of the stack's secrets, or a text that is none. */
export interface Credentials {
  /** Ends the resource's name, and begins with what it is for. */
  readonly name: string;
  readonly entries: Readonly<
    Record<string, { readonly secret: string } | { readonly text: string }>
  >;
}

export const keys = {
  user: "user",
  password: "password",
  token: "token",
  ca: "ca.crt",
} as const;

/** Name of the Secret of one target of remote write, and of one group of machines. */
export const remoteWriteSecret = (name: string) => `remote-write-${name}`;
export const scrapeSecret = (name: string) => `scrape-${name}`;

/** What the probes show; their Pod reads it from files. */
export const proberSecret = "blackbox-credentials";

type Login = { readonly user: string; readonly passwordSecret: string } | undefined;

function loginEntries(login: Login): Credentials["entries"] {
  return login === undefined
    ? {}
    : { [keys.user]: { text: login.user }, [keys.password]: { secret: login.passwordSecret } };
}

/** Every Secret that monitoring needs besides Grafana's; none without a key. */
export function credentials({
  prometheus,
  scrapes,
  probing,
}: MonitoringBlueprint): readonly Credentials[] {
  const all = [
    ...prometheus.remoteWrite.map(({ name, login, tokenSecret, ca }) => ({
      name: remoteWriteSecret(name),
      entries: {
        ...loginEntries(login),
        ...(tokenSecret !== undefined && { [keys.token]: { secret: tokenSecret } }),
        ...(ca !== undefined && { [keys.ca]: { text: ca } }),
      },
    })),
    ...scrapes.map(({ name, login, tls }) => ({
      name: scrapeSecret(name),
      entries: {
        ...loginEntries(login),
        ...(tls?.ca !== undefined && { [keys.ca]: { text: tls.ca } }),
      },
    })),
    {
      name: proberSecret,
      entries: Object.fromEntries(
        Object.entries(probing.modules).flatMap(([module, { login, clientCertificate }]) => [
          ...(login === undefined
            ? []
            : [[proberFile(module, "password"), { secret: login.passwordSecret }] as const]),
          ...(clientCertificate === undefined
            ? []
            : [
                [
                  proberFile(module, "crt"),
                  { secret: clientCertificate.certificateSecret },
                ] as const,
                [proberFile(module, "key"), { secret: clientCertificate.keySecret }] as const,
              ]),
        ]),
      ),
    },
  ];
  return all.filter(({ entries }) => Object.keys(entries).length > 0);
}

/** File in which a module's secret stands. */
export function proberFile(module: string, what: "password" | "crt" | "key"): string {
  return `${module}.${what}`;
}
