import type { RateLimitBlueprint } from "../../site/workload/traffic-types";
import type { WorkloadBlueprint } from "../../site/workload/workload-types";
import { type EnvoyHttpFilter, inboundFilter } from "./inbound-filter";

/** What each Pod of a workload takes at most; undefined where there is no limit. */
export function rateLimitFilter(workload: WorkloadBlueprint) {
  const limit = workload.traffic?.rateLimit;
  if (limit === undefined) return undefined;
  return inboundFilter(workload, rateLimitConfig(limit), { noun: "rate-limit", priority: 20 });
}

/** The filter as Envoy reads it. What is too much is answered with status 429 and the text `local_rate_limited`. */
export function rateLimitConfig({
  requests,
  perSeconds,
  burst,
}: RateLimitBlueprint): EnvoyHttpFilter {
  const always = { default_value: { numerator: 100, denominator: "HUNDRED" } };
  return {
    name: "envoy.filters.http.local_ratelimit",
    typed_config: {
      "@type":
        "type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit",
      stat_prefix: "http_local_rate_limiter",
      token_bucket: {
        max_tokens: burst,
        tokens_per_fill: requests,
        fill_interval: `${perSeconds}s`,
      },
      // Without these two Envoy counts, and lets everything pass.
      filter_enabled: always,
      filter_enforced: always,
    },
  };
}
