import type { WorkloadBlueprint } from "../../site/workload/workload-types";
import { type EnvoyHttpFilter, inboundFilter } from "./inbound-filter";

/** Lua that each request to a workload passes; undefined where there is none. */
export function luaFilter(workload: WorkloadBlueprint) {
  const lua = workload.traffic?.lua;
  if (lua === undefined) return undefined;
  // Before the limit: whoever is turned away takes nothing of what others may ask.
  return inboundFilter(workload, luaConfig(lua.code), {
    noun: "lua",
    priority: 10,
    because: lua.because,
  });
}

/** The filter as Envoy reads it. */
export function luaConfig(code: string): EnvoyHttpFilter {
  return {
    name: "envoy.filters.http.lua",
    typed_config: {
      "@type": "type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua",
      default_source_code: { inline_string: code },
    },
  };
}
