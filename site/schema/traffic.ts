import { z } from "zod";
import { list, nameField, text, whole } from "./fields";

/** How requests come to a workload: balancing, patience, limits and filters. All of it is kept by the mesh's proxies. */

const percentNeeded = "per cent: a number from 0 to 100";
const percentField = z
  .number({ error: percentNeeded })
  .min(0, { error: percentNeeded })
  .max(100, { error: percentNeeded });

const secondsNeeded = "seconds: a number from 0.01 to 86400";
const secondsField = z
  .number({ error: secondsNeeded })
  .min(0.01, { error: secondsNeeded })
  .max(86_400, { error: secondsNeeded });

/** Name of an HTTP header; in lower case, as HTTP/2 writes it and proxies compare it. */
export const headerField = text(
  /^[a-z0-9][a-z0-9-]{0,62}$/,
  "a header name in lower case, such as x-user",
);

const tokenNeeded = "a name of at most 64 letters, digits, hyphens and underscores";
const tokenField = text(/^[A-Za-z0-9_-]{1,64}$/, tokenNeeded);

const hashNeeded = "one of header, cookie, source: true and query";

const hashField = z
  .strictObject(
    {
      header: headerField.optional().describe("Header whose value decides."),
      cookie: z
        .strictObject({
          name: tokenField.describe("Name of the cookie."),
          ttlSeconds: whole(0, 31_536_000, "seconds")
            .default(0)
            .describe("How long a client keeps it; 0: until its browser is closed."),
          path: text(/^\/[!-:<-~]*$/, "a path such as /")
            .default("/")
            .describe("Path that it is for."),
        })
        .optional()
        .describe("Cookie that decides; whoever comes without is given one."),
      source: z
        .literal(true, { error: "true" })
        .optional()
        .describe("The caller's address decides; behind the gateway that is the gateway's own."),
      query: tokenField.optional().describe("Parameter of the query that decides."),
    },
    { error: hashNeeded },
  )
  .refine((hash) => Object.values(hash).filter((value) => value !== undefined).length === 1, {
    error: hashNeeded,
  });

const outlierField = z.strictObject({
  errors: whole(1, 1000, "errors")
    .default(3)
    .describe("Errors in a row (status 5xx, or no connection) after which a Pod is left out."),
  intervalSeconds: secondsField.default(10).describe("How often Pods are looked at."),
  ejectionSeconds: secondsField
    .default(30)
    .describe("How long a Pod is left out; the second time twice as long, and so on."),
  mostEjectedPercent: whole(0, 100, "per cent")
    .default(50)
    .describe("Part of the Pods that may be left out at once."),
});

const poolField = z.strictObject({
  requestsPerInstance: whole(1, 1_000_000, "requests")
    .default(10)
    .describe("Requests that one caller may have open at once, for each Pod of the workload."),
  requestsPerConnection: whole(1, 1_000_000, "requests")
    .default(2)
    .describe("Requests after which a connection is closed and another one opened."),
  connectTimeoutMilliseconds: whole(10, 60_000, "milliseconds")
    .default(500)
    .describe("How long a caller waits for a connection."),
});

/** Conditions of Envoy, as its manual names them under x-envoy-retry-on and x-envoy-retry-grpc-on. */
export const retryConditions = [
  "5xx",
  "gateway-error",
  "reset",
  "reset-before-request",
  "connect-failure",
  "refused-stream",
  "retriable-4xx",
  "cancelled",
  "deadline-exceeded",
  "internal",
  "resource-exhausted",
  "unavailable",
] as const;

const conditionNeeded = `a condition of Envoy's: ${retryConditions.join(", ")}`;

/** Where the release or the site says nothing: what fails before it is worked on, and what is answered by 502 to 504. */
const usualConditions = ["gateway-error", "connect-failure", "refused-stream"] as const;

const retriesNeeded = "off, or an object of attempts, perTrySeconds and on";

const retriesObject = z.strictObject({
  attempts: whole(1, 20, "further attempts").default(3).describe("Attempts after the first one."),
  perTrySeconds: secondsField.default(2).describe("How long each attempt may take."),
  on: list(z.enum(retryConditions, { error: conditionNeeded }), 20, "conditions")
    .min(1, { error: "at least one condition" })
    .default([...usualConditions])
    .describe("What is tried again."),
});

const retriesField = z.union([z.literal("off", { error: retriesNeeded }), retriesObject], {
  error: retriesNeeded,
});

const faultField = z
  .strictObject({
    delay: z
      .strictObject({
        seconds: secondsField.describe("How long a request is held up."),
        percent: percentField.describe("Requests in a hundred."),
      })
      .optional()
      .describe("Requests that come late."),
    abort: z
      .strictObject({
        status: whole(400, 599, "an HTTP status").describe("Status that is answered."),
        percent: percentField.describe("Requests in a hundred."),
      })
      .optional()
      .describe("Requests that fail at once."),
  })
  .refine(({ delay, abort }) => delay !== undefined || abort !== undefined, {
    error: "delay, abort or both",
  });

const mirrorField = z.strictObject({
  to: nameField.describe("Workload that gets the copies; what it answers is dropped."),
  percent: percentField.default(100).describe("Requests in a hundred that are copied."),
});

const rateLimitField = z.strictObject({
  requests: whole(1, 1_000_000, "requests").describe("Requests that one Pod takes in that time."),
  perSeconds: secondsField.describe("Length of that time."),
  burst: whole(1, 10_000_000, "requests")
    .optional()
    .describe("Most at once, after quiet times. Default: `requests`."),
});

const luaNeeded = "Lua code with a function envoy_on_request or envoy_on_response";

const luaField = z.strictObject({
  code: text(/function\s+envoy_on_(request|response)\s*\(/, luaNeeded)
    .max(65_536, { error: "at most 65536 letters of code" })
    .describe("Lua that each request passes before the workload sees it."),
  because: z
    .string({ error: "a sentence" })
    .max(300, { error: "at most 300 letters" })
    .optional()
    .describe("Why it is there, for whoever finds it in the cluster."),
});

const keys = {
  class: z
    .enum(["base", "business"], { error: "base or business" })
    .optional()
    .describe(
      "What it is to callers. `base`: any Pod answers any request, so the least busy one is asked; `business`: the same caller comes to the same Pod, by `hash`. Default: base.",
    ),
  balance: z
    .enum(["least-request", "round-robin", "random"], {
      error: "least-request, round-robin or random",
    })
    .optional()
    .describe("Which Pod is asked, in place of what `class` says."),
  hash: hashField.optional().describe("What decides which Pod is asked."),
  outlier: outlierField
    .optional()
    .describe(
      "When a Pod that fails is left out. Default: 30 s after 3 errors, looked at every 10 s.",
    ),
  pool: poolField
    .optional()
    .describe(
      "How much one caller asks at once. Default: 10 requests a Pod, 2 requests a connection, 500 ms to connect.",
    ),
  retries: retriesField
    .optional()
    .describe("Further attempts; `off` for what must not be done twice. Default: 3 of 2 s each."),
  timeoutSeconds: secondsField
    .optional()
    .describe("How long a request may take with all attempts. Default: as long as it takes."),
};

/** The `traffic` key of a release's workload. */
export const trafficField = z
  .strictObject({
    ...keys,
    fault: faultField
      .optional()
      .describe("Faults on purpose; a site that wants them states its own."),
    mirror: mirrorField.optional().describe("Copies of requests. Absent: none."),
    rateLimit: rateLimitField.optional().describe("What each Pod takes at most. Absent: no limit."),
    lua: luaField.optional().describe("A filter such as one for authentication. Absent: none."),
  })
  .optional()
  .describe(
    "How requests come to it, in a mesh with sidecars. Stating it, even empty, brings balancing, outlier detection, connection limits and retries.",
  );

function orOff<Field extends z.ZodType>(field: Field, what: string) {
  const error = `off, or an object: ${what}`;
  return z.union([z.literal("off", { error }), field], { error });
}

/** What a site states of it: each key in place of the release's. */
export const trafficDifferenceField = z
  .strictObject({
    ...keys,
    fault: faultField.optional().describe("Faults on purpose, while the site wants them."),
    mirror: orOff(mirrorField, "to, percent")
      .optional()
      .describe("Copies of requests; `off`: none here."),
    rateLimit: orOff(rateLimitField, "requests, perSeconds, burst")
      .optional()
      .describe("What each Pod takes at most; `off`: no limit here."),
    lua: orOff(luaField, "code, because")
      .optional()
      .describe("A filter; `off`: none here, whatever it was to keep out."),
  })
  .optional()
  .describe("How requests come to it, each key in place of the release's.");

export type Traffic = NonNullable<z.output<typeof trafficField>>;
export type TrafficDifference = NonNullable<z.output<typeof trafficDifferenceField>>;

/** What holds where `traffic` is stated and one of these is not. Of retries docs/traffic.md says when to turn them off. */
export const usualTraffic = {
  outlier: outlierField.parse({}),
  pool: poolField.parse({}),
  // Envoy counts a try that takes too long as a gateway error, though the workload may have done what it was asked.
  retries: retriesObject.parse({}),
};
