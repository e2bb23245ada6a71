import type { WorkloadBlueprint } from "../../site/workload/workload-types";
import { metadata, selectorLabels } from "../workload/labels";

/** A filter as Envoy names and types it. */
export interface EnvoyHttpFilter {
  readonly name: string;
  readonly typed_config: { readonly "@type": string; readonly [field: string]: unknown };
}

interface Placed {
  readonly noun: string;
  /** Filters with a lower number see requests first. */
  readonly priority: number;
  readonly because?: string | undefined;
}

/**
 * A filter in front of a workload's Pods, its canary's included, for every port that speaks HTTP; undefined without
 * proxies. It holds for proxies of one minor version and is named by it: with the next version another one is made
 * before Pods are replaced, and this one goes when none is left that it would hold for.
 */
export function inboundFilter(
  workload: WorkloadBlueprint,
  filter: EnvoyHttpFilter,
  { noun, priority, because }: Placed,
) {
  const proxies = workload.mesh?.filteredProxies;
  if (proxies === undefined) return undefined;
  const own = metadata(workload, `${workload.name}-${noun}-${proxies.name}`);
  return {
    apiVersion: "networking.istio.io/v1alpha3",
    kind: "EnvoyFilter",
    metadata: {
      ...own,
      ...(because !== undefined && { annotations: { "sitewright/because": because } }),
    },
    spec: {
      workloadSelector: { labels: { ...selectorLabels(workload) } },
      priority,
      configPatches: [
        {
          applyTo: "HTTP_FILTER",
          match: {
            context: "SIDECAR_INBOUND",
            proxy: { proxyVersion: proxies.pattern },
            listener: {
              filterChain: {
                filter: {
                  name: "envoy.filters.network.http_connection_manager",
                  subFilter: { name: "envoy.filters.http.router" },
                },
              },
            },
          },
          // Each filter lands right before the router, behind those that came before it.
          patch: { operation: "INSERT_BEFORE", value: filter },
        },
      ],
    },
  };
}
