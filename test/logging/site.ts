import { makeBlueprint } from "../../site/blueprint";
import type { Release } from "../../site/schema/release";
import { wholeBundle } from "../support/bundled-site";
import { roomySite } from "../support/platform-site";
import { catalogue, resolve } from "../support/sites";

/** Sites that collect logs, and workloads that write files of them. */

// biome-ignore lint/suspicious/noExplicitAny: tests spoil it in ways that no type allows
export type Any = any;

const ca = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";

/** One output of each kind, as a site states it. */
export const outputs = {
  kafka: {
    kafka: {
      hosts: ["192.0.2.71:9093", "192.0.2.72:9093"],
      tls: { ca, certificateSecret: "kafkaCertificate", keySecret: "kafkaKey" },
      sasl: { user: "site-t", passwordSecret: "kafkaPassword" },
    },
  },
  elasticsearch: {
    elasticsearch: {
      hosts: ["logs.example.com:9200"],
      tls: { ca },
      user: "filebeat",
      passwordSecret: "kafkaPassword",
    },
  },
  older: {
    elasticsearch: { hosts: ["192.0.2.73:9200"], tls: {}, apiKeySecret: "apiKey", line: "7.17" },
  },
  logstash: { logstash: { hosts: ["192.0.2.74:5044"] } },
};

export const secrets = {
  sshPassword: "s",
  kafkaPassword: 'a "quoted\\" one, 007',
  kafkaCertificate: "-----BEGIN CERTIFICATE-----\nBBBB\n-----END CERTIFICATE-----",
  kafkaKey: "-----BEGIN PRIVATE KEY-----\nCCCC\n-----END PRIVATE KEY-----",
  apiKey: "id:key",
};

export const secretNames = Object.keys(secrets);

/** A site whose logs go to Kafka. Free to be changed. */
export function loggingSite(change: (site: Any) => void = () => {}): Any {
  const site = roomySite();
  site.storage = { kind: "local", local: { dataStaysOnItsNode: true } };
  site.logging = { output: structuredClone(outputs.kafka) };
  change(site);
  return site;
}

/** Log files of the workload api, as a release states them. */
export const files = [
  {
    path: "/var/log/api/access.log",
    format: "json",
    multiline: "none",
    exclude: [],
    fields: { kind: "access" },
  },
  {
    path: "/var/log/api/trace-*.log",
    format: "text",
    multiline: "java",
    exclude: ["^DEBUG"],
    fields: {},
  },
];

/** What is built of it where the workload api writes files. */
export function loggingBlueprint(
  changeSite: (site: Any) => void = () => {},
  changeRelease: (release: Any) => void = () => {},
) {
  const loaded = resolve(loggingSite(changeSite), secretNames);
  const release: Release = structuredClone(loaded.release);
  writeFiles(release);
  changeRelease(release);
  const bundle = wholeBundle(release.release);
  return makeBlueprint({ name: "site-t", site: loaded.site, release, catalogue, bundle });
}

export function writeFiles(release: Any, name = "api") {
  Object.assign(release.workloads[name].logs, { files });
}
