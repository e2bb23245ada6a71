import { ownValue } from "../path";
import type { DeliveryMode } from "../schema/delivery";
import type { Release } from "../schema/release";
import type { Site } from "../schema/site";

/** Who deploys a namespace of the release at this site: what the site says, else what the release says. */
export function deliveryMode(
  { delivery }: Pick<Site, "delivery">,
  { namespaces }: Pick<Release, "namespaces">,
  namespace: string,
): DeliveryMode {
  const own = delivery?.product?.namespaces ?? {};
  const stated = ownValue(own, namespace)?.mode;
  const released = ownValue(namespaces, namespace);
  return stated ?? released?.delivery?.mode ?? "deploy";
}

/** The release's namespaces that Argo CD deploys at this site, by name. */
export function handedOver(
  site: Pick<Site, "delivery">,
  release: Pick<Release, "namespaces">,
): readonly string[] {
  return Object.keys(release.namespaces)
    .filter((name) => deliveryMode(site, release, name) === "gitops")
    .sort();
}
