import { edgeBlueprint } from "../../site/platform/edge";
import type { EdgeBlueprint } from "../../site/platform/edge-types";
import type { GatewayListener } from "../../site/platform/ingress-types";
import { resolve, smallSite } from "./sites";

const size = { cpus: 4, memoryGiB: 8, diskGiB: 100 };

/** Two hosts with the role edge, for the small site. */
export const edgeHosts = [
  { name: "edge-1", address: "192.0.2.41", roles: ["edge"], ...size },
  { name: "edge-2", address: "192.0.2.42", roles: ["edge"], ...size },
] as const;

/** The small site with two edge hosts that share 192.0.2.40, and the given differences. Free to be changed. */
export function smallEdgeSite(differences: object = {}): ReturnType<typeof smallSite> {
  const site = smallSite();
  site.hosts.push(...structuredClone(edgeHosts));
  site.edge = { mode: "keepalived", address: "192.0.2.40", ...differences };
  return site;
}

/** What becomes of it, with ports of the gateway's own. */
export function edgeWith(
  differences: object = {},
  listeners: readonly GatewayListener[] = [],
): EdgeBlueprint {
  const edge = edgeBlueprint(resolve(smallEdgeSite(differences)).site, listeners);
  if (edge === undefined) throw new Error("the site has no edge");
  return edge;
}

/** The part of it that runs on the site's own edge hosts. */
export function ownEdge(edge: EdgeBlueprint): NonNullable<EdgeBlueprint["own"]> {
  if (edge.own === undefined) throw new Error("the site has no edge hosts");
  return edge.own;
}
