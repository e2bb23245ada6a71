import * as pulumi from "@pulumi/pulumi";
import { Site } from "./components/site";
import { resolveSite } from "./site/load";
import * as outputs from "./site/outputs";
import { readHostKeys } from "./ssh/pinned-keys";

const config = new pulumi.Config("sitewright");
const { "sitewright:secrets": secretsText = "{}" } = pulumi.runtime.allConfig();
const secretNames = Object.keys(JSON.parse(secretsText));
const data = config.requireObject("site");
const { blueprint, notUndoneFrom } = resolveSite({ name: pulumi.getStack(), data, secretNames });

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
export const edge = outputs.edgePorts(blueprint);
export const registry = blueprint.registry.host;
export const hosts = Object.fromEntries(blueprint.hosts.map((host) => [host.name, host.address]));
/** What runs once the cluster has said that it is ready, where it is reached, and who makes it. */
export const workloads = outputs.running(blueprint);
export const urls = outputs.reachedAt(blueprint);
export const certificates = outputs.certificateDates(blueprint);
export const services = outputs.namedServices(blueprint);
export const owners = site.owners;
/** Pages of the platform: where they are, and who logs in. */
export const pages = outputs.pages(blueprint, site.passwords);
export const kubeconfig = site.kubeconfig;
/** Passwords of the registry's robots: `robot$ci` logs in with that of `ci`. */
export const robots = site.robots;
