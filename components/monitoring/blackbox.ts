import type { ProbeModule, ProbingBlueprint } from "../../site/platform/monitoring-target-types";
import { lockedContainer } from "../support/pod-security";
import { shortHash } from "../support/short-hash";
import { credentials, proberFile, proberSecret } from "./credentials";

/** The program that asks: blackbox exporter, as plain data. */

export const proberName = "blackbox-exporter";
export const proberPort = 9115;

const configName = proberName;
const folders = {
  config: "/etc/blackbox",
  credentials: "/etc/blackbox-credentials",
  authority: "/etc/site-authority",
};

const labels = { app: proberName };

/** How it asks. Secrets appear as files only. */
export function proberConfig(probing: ProbingBlueprint) {
  const modules = Object.entries(probing.modules).sort(([one], [other]) => (one < other ? -1 : 1));
  return {
    modules: Object.fromEntries(
      modules.map(([name, module]) => [
        name,
        {
          prober: module.prober,
          timeout: `${module.timeoutSeconds}s`,
          [module.prober]:
            module.prober === "http" ? http(name, module, probing) : tcp(name, module, probing),
        },
      ]),
    ),
  };
}

/** The site has no IPv6, and a name server that is silent about it takes the time of every question. */
const addresses = { preferred_ip_protocol: "ip4", ip_protocol_fallback: false };

function http(name: string, module: ProbeModule, probing: ProbingBlueprint) {
  const { statuses, contains, lacks, login } = module;
  return {
    ...addresses,
    method: "GET",
    ...(statuses.length > 0 && { valid_status_codes: [...statuses] }),
    // Where people are sent on to is a question of its own.
    follow_redirects: false,
    ...(contains !== undefined && { fail_if_body_not_matches_regexp: [contains] }),
    ...(lacks !== undefined && { fail_if_body_matches_regexp: [lacks] }),
    ...(login !== undefined && {
      basic_auth: {
        username: login.user,
        password_file: `${folders.credentials}/${proberFile(name, "password")}`,
      },
    }),
    ...tlsConfig(name, module, probing),
  };
}

function tcp(name: string, module: ProbeModule, probing: ProbingBlueprint) {
  return {
    ...addresses,
    ...(module.tls !== undefined && { tls: true }),
    ...tlsConfig(name, module, probing),
  };
}

function tlsConfig(name: string, module: ProbeModule, { siteAuthority }: ProbingBlueprint) {
  const { tls, authority, clientCertificate } = module;
  if (tls === undefined) return {};
  const file = (what: "crt" | "key") => `${folders.credentials}/${proberFile(name, what)}`;
  const settings = {
    ...(tls === "unverified" && { insecure_skip_verify: true }),
    ...(authority === "site" &&
      siteAuthority !== undefined && { ca_file: `${folders.authority}/${siteAuthority.key}` }),
    ...(typeof authority === "object" && { ca_file: `${folders.config}/${name}.ca.crt` }),
    ...(clientCertificate !== undefined && { cert_file: file("crt"), key_file: file("key") }),
  };
  return Object.keys(settings).length === 0 ? {} : { tls_config: settings };
}

export function proberConfigMap(namespace: string, probing: ProbingBlueprint) {
  const authorities = Object.entries(probing.modules).flatMap(([name, { authority }]) =>
    typeof authority === "object" ? [[`${name}.ca.crt`, authority.ca] as const] : [],
  );
  return {
    metadata: { name: configName, namespace, labels },
    data: {
      // JSON is YAML.
      "blackbox.yml": `${JSON.stringify(proberConfig(probing), undefined, 2)}\n`,
      ...Object.fromEntries(authorities),
    },
  };
}

export function proberService(namespace: string) {
  return {
    metadata: { name: proberName, namespace, labels },
    spec: { selector: labels, ports: [{ name: "http", port: proberPort, targetPort: "http" }] },
  };
}

/** Its Pod. It reads its configuration when it starts, and what it shows to others at each question. */
export function proberDeployment(namespace: string, probing: ProbingBlueprint, shows: boolean) {
  const { replicas, resources, nodeSelector, image, siteAuthority } = probing;
  const config = proberConfigMap(namespace, probing).data;
  const digest = shortHash(JSON.stringify(config));
  const probe = (path: string) => ({ httpGet: { path, port: "http" }, timeoutSeconds: 3 });
  const volumes = [
    { name: "config", mountPath: folders.config, source: { configMap: { name: configName } } },
    ...(shows
      ? [
          {
            name: "credentials",
            mountPath: folders.credentials,
            source: { secret: { secretName: proberSecret, defaultMode: 0o440 } },
          },
        ]
      : []),
    ...(siteAuthority === undefined
      ? []
      : [
          {
            name: "authority",
            mountPath: folders.authority,
            // The certificate alone: the key beside it is nobody's.
            source: {
              secret: {
                secretName: siteAuthority.secret,
                items: [{ key: siteAuthority.key, path: siteAuthority.key }],
              },
            },
          },
        ]),
  ];
  return {
    metadata: { name: proberName, namespace, labels },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels, annotations: { "sitewright/config": digest } },
        spec: {
          automountServiceAccountToken: false,
          nodeSelector,
          priorityClassName: "system-cluster-critical",
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 65_534,
            fsGroup: 65_534,
            seccompProfile: { type: "RuntimeDefault" },
          },
          containers: [
            {
              name: proberName,
              image,
              args: [`--config.file=${folders.config}/blackbox.yml`, "--log.format=json"],
              ports: [{ name: "http", containerPort: proberPort }],
              resources,
              readinessProbe: { ...probe("/-/healthy"), periodSeconds: 10 },
              livenessProbe: { ...probe("/-/healthy"), periodSeconds: 30 },
              securityContext: lockedContainer,
              volumeMounts: volumes.map(({ name, mountPath }) => ({
                name,
                mountPath,
                readOnly: true,
              })),
            },
          ],
          volumes: volumes.map(({ name, source }) => ({ name, ...source })),
        },
      },
    },
  };
}

/** Whether it shows anything to those whom it asks. */
export function proberShows(monitoring: Parameters<typeof credentials>[0]): boolean {
  return credentials(monitoring).some(({ name }) => name === proberSecret);
}
