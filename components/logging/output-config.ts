import { logVariables } from "../../site/platform/log-output";
import type { LogOutput } from "../../site/platform/logging-types";

/** The part of a beat's configuration that says where entries go. */

/** Folder with the certificate of our own and its key, and with the authority of the site's own store. */
export const outputFolder = "/etc/sitewright/output";
export const authorityFile = "/etc/sitewright/authority/ca.crt";

/** How long a beat waits before it tries again, at first and at most. */
const backoff = { init: "1s", max: "60s" };

/** What of an output a beat asks for, which may send less at once than others do. */
export interface OutputOptions {
  readonly bulkEvents?: number;
  /** Index or topic in place of the output's. */
  readonly target?: string;
  /** Whether the servers' certificate is of the site's own authority, which stands in a file. */
  readonly ownAuthority: boolean;
}

/** `output` of a beat. Values of secrets are in variables and files. */
export function outputConfig(stated: LogOutput, options: OutputOptions) {
  const output = withTarget(stated, options.target);
  const bulk_max_size = Math.min(output.bulkEvents, options.bulkEvents ?? output.bulkEvents);
  const common = { bulk_max_size, backoff, ...tls(output, options) };
  switch (output.kind) {
    case "elasticsearch":
      return { elasticsearch: { ...elasticsearch(output), ...common } };
    case "logstash":
      return {
        logstash: {
          hosts: [...output.hosts],
          loadbalance: true,
          // Each connection has two bulks on the way; after an outage it starts with less.
          pipelining: 2,
          slow_start: true,
          compression_level: output.compressionLevel,
          ...common,
        },
      };
    case "kafka":
      return { kafka: { ...kafka(output), ...common } };
  }
}

function withTarget(output: LogOutput, target: string | undefined): LogOutput {
  if (target === undefined) return output;
  if (output.kind === "elasticsearch") return { ...output, index: target };
  return output.kind === "kafka" ? { ...output, topic: target } : output;
}

function elasticsearch(output: Extract<LogOutput, { kind: "elasticsearch" }>) {
  const { hosts, tls, index, line, user, apiKey, compressionLevel } = output;
  const scheme = tls === undefined ? "http" : "https";
  return {
    hosts: hosts.map((host) => `${scheme}://${host}`),
    // A data stream, or one index a day where there are none.
    index: line === "9" ? index : `${index}-%{+yyyy.MM.dd}`,
    ...(line === "9" && { preset: "custom" }),
    loadbalance: true,
    compression_level: compressionLevel,
    ...(user !== undefined && { username: user, password: variable(logVariables.password) }),
    ...(apiKey && { api_key: variable(logVariables.apiKey) }),
  };
}

function kafka(output: Extract<LogOutput, { kind: "kafka" }>) {
  const { hosts, topic, version, acknowledgedBy, compression, maxEventBytes, sasl } = output;
  return {
    hosts: [...hosts],
    topic,
    version,
    // What one Pod wrote stays in order; a partition that is away holds nothing up.
    key: "%{[namespace]}/%{[pod]}",
    partition: { hash: { reachable_only: true } },
    required_acks: acknowledgedBy === "all" ? -1 : 1,
    compression,
    // Brokers refuse what is larger, and it would be lost.
    max_message_bytes: maxEventBytes,
    ...(sasl !== undefined && {
      username: sasl.user,
      password: variable(logVariables.password),
      sasl: { mechanism: sasl.mechanism },
    }),
  };
}

function tls({ tls: spoken }: LogOutput, { ownAuthority }: OutputOptions) {
  if (spoken === undefined) return {};
  const { ca, verification, ownCertificate } = spoken;
  const authorities = ownAuthority ? [authorityFile] : ca === undefined ? [] : [ca];
  return {
    ssl: {
      enabled: true,
      verification_mode: verification,
      ...(authorities.length > 0 && { certificate_authorities: authorities }),
      ...(ownCertificate && {
        certificate: `${outputFolder}/${logVariables.certificate}`,
        key: `${outputFolder}/${logVariables.key}`,
      }),
    },
  };
}

function variable(name: string): string {
  return `\${${name}}`;
}

/**
 * A variable as a text. Beats read variables as numbers, lists and truths too; within quotes they are texts, which
 * `1.10` has to stay. For what holds no quotes itself, as names and labels.
 * @param fallback What stands for an empty one. Default: a beat does not start with an empty one.
 */
export function textOf(name: string, fallback?: string): string {
  return fallback === undefined ? `'\${${name}}'` : `'\${${name}:${fallback}}'`;
}

/** A secret as beats read it from a variable: a text in quotes, whatever it holds. */
export function quotedSecret(value: string): string {
  const hidden: Readonly<Record<string, string>> = { "\\": "\\x5c", '"': "\\x22", "\n": "\\n" };
  // Their reader takes any quote behind a backslash for a part of the text, so none of the two stays as it is.
  return `"${value.replaceAll(/[\\"\n]/g, (letter) => hidden[letter] ?? letter)}"`;
}
