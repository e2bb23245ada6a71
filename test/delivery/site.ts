import { withBundle } from "../support/bundled-site";
import { roomySite } from "../support/platform-site";
import { resolve } from "../support/sites";

/** Sites with delivery from repositories. */

export const authority = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";

export const secretNames = ["sshPassword", "readToken", "readKey", "runnerToken"];

// biome-ignore lint/suspicious/noExplicitAny: tests spoil it in ways that no type allows
export type AnySite = any;

/** A site on which the workspace sorting deploys from a repository, and has a runner. Free to be changed. */
export function deliveredSite(change: (site: AnySite) => void = () => {}): AnySite {
  const site = roomySite();
  site.certificates = {};
  site.ingress = { domain: "apps.site-t.example" };
  site.delivery = {
    servers: {
      "git.site-t.example": { ca: authority, networks: ["192.0.2.60/32"] },
    },
    gitlab: { url: "https://git.site-t.example", image: "builds/toolbox:1" },
  };
  site.tenancy = {
    workspaces: {
      sorting: {
        delivery: {
          mode: "gitops",
          repository: "https://git.site-t.example/sorting/configuration.git",
          codeRepository: "https://git.site-t.example/sorting/sorting.git",
          path: "site-t",
          accessSecret: "readToken",
          runner: { tokenSecret: "runnerToken", concurrent: 2 },
        },
        namespaces: { web: {}, jobs: {} },
      },
    },
  };
  change(site);
  return site;
}

/** The configuration repository of the product, and its namespace's mode. */
export function withProduct(site: AnySite, mode?: string, more: object = {}) {
  site.delivery.product = {
    repository: "https://git.site-t.example/parcels/configuration.git",
    accessSecret: "readToken",
    ...(mode !== undefined && { namespaces: { parcels: { mode } } }),
    ...more,
  };
}

export function blueprintOf(change: (site: AnySite) => void = () => {}) {
  return withBundle(resolve(deliveredSite(change), secretNames));
}

export function deliveryOf(change: (site: AnySite) => void = () => {}) {
  const { delivery } = blueprintOf(change).platform;
  if (delivery === undefined) throw new Error("no delivery");
  return delivery;
}
