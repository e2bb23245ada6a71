import type { Blueprint } from "../../site/blueprint-types";
import { roomySite } from "../support/platform-site";
import { resolve, secretNames } from "../support/sites";

/** A site with tracing, free to be changed before it is read. */
// biome-ignore lint/suspicious/noExplicitAny: tests spoil it in ways that no type allows
export function tracedSite(tracing: object = {}): any {
  const site = roomySite();
  site.tracing = tracing;
  return site;
}

/** An Elasticsearch that asks for a login and has a certificate of its own. */
export const elasticsearch = {
  kind: "elasticsearch",
  url: "https://192.0.2.70:9200",
  user: "traces",
  passwordSecret: "tracesPassword",
};

/** Names of the stack's secrets. */
export const secrets = [...secretNames, elasticsearch.passwordSecret];

export function blueprintOf(site: unknown): Blueprint {
  return resolve(site, secrets).blueprint;
}
