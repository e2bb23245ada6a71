import { makeBlueprint } from "../../site/blueprint";
import type { Release } from "../../site/schema/release";
import { wholeBundle } from "../support/bundled-site";
import { roomySite } from "../support/platform-site";
import { catalogue, resolve } from "../support/sites";

/** Sites with a config centre, and workloads that keep entries in it. */

// biome-ignore lint/suspicious/noExplicitAny: tests spoil it in ways that no type allows
export type Any = any;

export const entries = { "database/pool": "20", banner: 'it\'s "here"\nand there\n' };

export const external = {
  kind: "external",
  address: "192.0.2.90",
  port: 8501,
  tokenSecret: "centreToken",
  tls: {
    ca: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
    serverName: "consul.site-t.example",
  },
};

export const secretNames = ["sshPassword", "centreToken"];

export const secrets = { sshPassword: "s", centreToken: "given\n" };

/** A site with Consul of its own. Free to be changed. */
export function centreSite(change: (site: Any) => void = () => {}): Any {
  const site = roomySite();
  site.storage = { kind: "local", local: { dataStaysOnItsNode: true } };
  site.configCentre = { kind: "consul", acceptLicence: true };
  change(site);
  return site;
}

/** What is built of it where the workload api keeps entries. */
export function centreBlueprint(
  changeSite: (site: Any) => void = () => {},
  changeRelease: (release: Any) => void = () => {},
) {
  const loaded = resolve(centreSite(changeSite), secretNames);
  const release: Release = structuredClone(loaded.release);
  keep(release);
  changeRelease(release);
  const bundle = wholeBundle(release.release);
  return makeBlueprint({ name: "site-t", site: loaded.site, release, catalogue, bundle });
}

export function keep(release: Any, name = "api") {
  release.workloads[name].centre = entries;
}
