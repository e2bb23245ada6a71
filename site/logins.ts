import { notificationSecrets } from "./alerting/notification-secrets";
import type { BastionBlueprint, LoginBlueprint } from "./blueprint-types";
import { deliverySecretNames } from "./platform/delivery-secrets";
import { loggingSecretNames } from "./platform/log-output";
import { monitoringSecrets } from "./platform/monitoring-secrets";
import { nightingaleSecrets } from "./platform/nightingale-secrets";
import { registrySecretNames } from "./platform/registry";
import type { Site, SiteHost } from "./schema/site";

/** How to log in to a host: the site's access with the host's own user and port, if it states any. */
export function hostLogin(
  site: Pick<Site, "access">,
  host: Pick<SiteHost, "user" | "port">,
): LoginBlueprint {
  const { access } = site;
  const user = host.user ?? access.user;
  return {
    user,
    port: host.port ?? access.port,
    ...secrets(access),
    // Root has nothing to become, whatever the other hosts' users need.
    sudo: user === "root" ? "none" : access.sudo,
  };
}

/** The jump host, if the site has one. */
export function siteBastion(site: Pick<Site, "access">): BastionBlueprint | undefined {
  const { bastion } = site.access;
  if (bastion === undefined) return undefined;
  const { address, user, port } = bastion;
  return { address, login: { user, port, ...secrets(bastion), sudo: "none" } };
}

/** Names of every secret that a site refers to, sorted. */
export function siteSecretNames(
  site: Pick<
    Site,
    | "access"
    | "alerts"
    | "registry"
    | "certificates"
    | "tenancy"
    | "monitoring"
    | "delivery"
    | "configCentre"
    | "logging"
    | "tracing"
    | "nightingale"
  >,
): readonly string[] {
  const { access, registry, certificates, tenancy, configCentre, tracing } = site;
  const names = [
    access.passwordSecret,
    access.privateKeySecret,
    access.bastion?.passwordSecret,
    access.bastion?.privateKeySecret,
    ...registrySecretNames(registry),
    certificates?.authority?.certificateSecret,
    certificates?.authority?.keySecret,
    tenancy?.kubesphere?.adminPasswordSecret,
    ...monitoringSecrets(site).map(({ secret }) => secret),
    ...notificationSecrets(site.alerts).map(({ secret }) => secret),
    ...deliverySecretNames(site),
    ...loggingSecretNames(site),
    ...nightingaleSecrets(site).map(({ secret }) => secret),
    configCentre?.kind === "external" ? configCentre.tokenSecret : undefined,
    tracing?.storage.kind === "elasticsearch" ? tracing.storage.passwordSecret : undefined,
  ];
  return [...new Set(names.filter((name) => name !== undefined))].sort();
}

interface SecretNames {
  readonly passwordSecret?: string | undefined;
  readonly privateKeySecret?: string | undefined;
}

function secrets({ passwordSecret, privateKeySecret }: SecretNames) {
  return {
    ...(passwordSecret !== undefined && { passwordSecret }),
    ...(privateKeySecret !== undefined && { privateKeySecret }),
  };
}
