import * as pulumi from "@pulumi/pulumi";
import { Site } from "./components/site";
import { resolveSite } from "./site/load";
import {
  certificateDates,
  deliveryPages,
  namedServices,
  reachedAt,
  running,
} from "./site/outputs";
import { edgeForwards } from "./site/platform/edge";
import { readHostKeys } from "./ssh/pinned-keys";

const config = new pulumi.Config("sitewright");
const name = pulumi.getStack();
const { "sitewright:secrets": secretsText = "{}" } = pulumi.runtime.allConfig();
const secretNames = Object.keys(JSON.parse(secretsText));
const data = config.requireObject("site");
const { blueprint, notUndoneFrom } = resolveSite({ name, data, secretNames });

const site = new Site("site", {
  blueprint,
  notUndoneFrom,
  hostKeys: readHostKeys(__dirname, blueprint),
  secrets: config.requireSecretObject<Record<string, string>>("secrets"),
  destroyWord: process.env.SITEWRIGHT_DESTROY,
});

/** Where the cluster's API answers. */
export const endpoint = `https://${blueprint.cluster.endpoint.domain}:${blueprint.cluster.endpoint.port}`;
export const release = blueprint.release;
export const kubernetes = blueprint.cluster.kubernetes;
/** What edge hosts, or the customer's balancer, forward where; undefined for a site without an edge. */
export const edge = blueprint.edge && edgeForwards(blueprint.edge);
export const registry = blueprint.registry.host;
export const hosts = Object.fromEntries(blueprint.hosts.map((host) => [host.name, host.address]));
/** What runs, once the cluster has said that it is ready. */
export const workloads = running(blueprint);
/** Where clients and Pods reach what runs, and the certificates that the site renews by itself. */
export const urls = reachedAt(blueprint);
export const certificates = certificateDates(blueprint);
export const services = namedServices(blueprint);
/** Who makes the workloads of each namespace, and the pages of Argo CD. */
export const owners = site.owners;
export const delivery = deliveryPages(blueprint, site.deliveryPassword);
export const kubeconfig = site.kubeconfig;
/** Passwords of the registry's robots: `robot$ci` logs in with that of `ci`. */
export const robots = site.robots;
