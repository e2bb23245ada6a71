import assert from "node:assert/strict";
import { canaryDeployment } from "../../components/mesh/canary";
import { luaFilter } from "../../components/mesh/lua";
import { rateLimitFilter } from "../../components/mesh/rate-limit";
import { destinationRule, meshRoutes } from "../../components/mesh/traffic";
import { workloadObjects } from "../../components/workload/objects";
import { service } from "../../components/workload/services";
import { canaryOf, objectOf, requestsOf, trafficOf } from "./meshed";

const host = "api.parcels.svc.cluster.local";
const port = { number: 9898 };
const image = `dockerhub.kubekey.local/stefanprodan/podinfo:6.7.2@sha256:${"1".repeat(64)}`;

/** The whole rule of a workload, as far as callers are told how to call. */
const policyOf = (traffic: object, site: object = {}) =>
  destinationRule(trafficOf(traffic, site))?.spec.trafficPolicy;

describe("Traffic that is stated, though empty,", () => {
  it("spreads requests, bounds them, and leaves out Pods that fail", () => {
    assert.deepEqual(destinationRule(trafficOf({}))?.spec, {
      host,
      trafficPolicy: {
        loadBalancer: { simple: "LEAST_REQUEST" },
        // Two Pods at 10 requests each: proxies count all Pods of a Service together.
        connectionPool: {
          tcp: { connectTimeout: "500ms" },
          http: {
            http1MaxPendingRequests: 20,
            http2MaxRequests: 20,
            maxRequestsPerConnection: 2,
          },
        },
        outlierDetection: {
          consecutive5xxErrors: 3,
          interval: "10s",
          baseEjectionTime: "30s",
          maxEjectionPercent: 50,
        },
      },
    });
  });

  it("tries again what the workload has not worked on", () => {
    assert.deepEqual(requestsOf({}), [
      {
        name: "http",
        match: [{ port: 9898 }],
        route: [{ destination: { host, port } }],
        retries: {
          attempts: 3,
          perTryTimeout: "2s",
          retryOn: "gateway-error,connect-failure,refused-stream",
        },
      },
    ]);
  });

  it("brings two objects and changes no other", () => {
    const nouns = (traffic: object | undefined) =>
      workloadObjects(trafficOf(traffic)).map(({ noun }) => noun);
    const added = nouns({}).filter((noun) => !nouns(undefined).includes(noun));
    assert.deepEqual(added, ["destination-rule", "mesh-routes"]);
  });

  it("is nobody's without it", () => {
    assert.equal(destinationRule(trafficOf(undefined)), undefined);
    assert.equal(meshRoutes(trafficOf(undefined)), undefined);
  });
});

describe("Requests are spread", () => {
  const cases: readonly (readonly [string, object, object])[] = [
    ["to the least busy Pod by class base", { class: "base" }, { simple: "LEAST_REQUEST" }],
    ["in turn", { balance: "round-robin" }, { simple: "ROUND_ROBIN" }],
    ["at random", { balance: "random" }, { simple: "RANDOM" }],
    [
      "by a header",
      { class: "business", hash: { header: "x-user" } },
      { consistentHash: { httpHeaderName: "x-user" } },
    ],
    [
      "by a cookie",
      { hash: { cookie: { name: "site", ttlSeconds: 3600, path: "/pages" } } },
      { consistentHash: { httpCookie: { name: "site", path: "/pages", ttl: "3600s" } } },
    ],
    [
      "by the caller's address",
      { hash: { source: true } },
      { consistentHash: { useSourceIp: true } },
    ],
    [
      "by a parameter of the query",
      { hash: { query: "parcel" } },
      { consistentHash: { httpQueryParameterName: "parcel" } },
    ],
  ];
  for (const [title, traffic, expected] of cases) {
    it(title, () => assert.deepEqual(policyOf(traffic)?.loadBalancer, expected));
  }
});

describe("What a site states of traffic", () => {
  it("takes the place of one part, and leaves the others", () => {
    const released = {
      class: "business",
      hash: { header: "x-user" },
      pool: { requestsPerInstance: 4, requestsPerConnection: 8, connectTimeoutMilliseconds: 50 },
    };
    const policy = policyOf(released, { traffic: { balance: "random" }, replicas: 3 });
    assert.deepEqual(policy?.loadBalancer, { simple: "RANDOM" });
    assert.deepEqual(policy?.connectionPool, {
      tcp: { connectTimeout: "50ms" },
      http: { http1MaxPendingRequests: 12, http2MaxRequests: 12, maxRequestsPerConnection: 8 },
    });
  });

  it("turns off what the release states", () => {
    const lua = { code: "function envoy_on_request(handle) end" };
    const released = { lua, rateLimit: { requests: 5, perSeconds: 1 }, mirror: { to: "web" } };
    const all = trafficOf(released);
    assert.ok(luaFilter(all) && rateLimitFilter(all) && all.traffic?.policy?.mirror);
    const off = { lua: "off", rateLimit: "off", mirror: "off" };
    const none = trafficOf(released, { traffic: off });
    assert.equal(luaFilter(none), undefined);
    assert.equal(rateLimitFilter(none), undefined);
    assert.equal(none.traffic?.policy?.mirror, undefined);
  });
});

describe("A request", () => {
  const ruleOf = (traffic: object, site?: object) => requestsOf(traffic, site)?.[0];

  it("may be stated to be tried once only", () => {
    assert.deepEqual(ruleOf({ retries: "off" })?.retries, { attempts: 0 });
  });

  it("is given as long as is stated", () => {
    const rule = ruleOf({ timeoutSeconds: 0.5, retries: { attempts: 1, perTrySeconds: 0.25 } });
    assert.equal(rule?.timeout, "0.5s");
    assert.deepEqual(rule?.retries, {
      attempts: 1,
      perTryTimeout: "0.25s",
      retryOn: "gateway-error,connect-failure,refused-stream",
    });
  });

  it("is delayed and refused where a site wants that", () => {
    const fault = { delay: { seconds: 2, percent: 10 }, abort: { status: 503, percent: 0.5 } };
    assert.deepEqual(ruleOf({}, { traffic: { fault } })?.fault, {
      delay: { fixedDelay: "2s", percentage: { value: 10 } },
      abort: { httpStatus: 503, percentage: { value: 0.5 } },
    });
  });

  it("is copied to the port of the same name", () => {
    assert.deepEqual(ruleOf({ mirror: { to: "web", percent: 5 } })?.mirrors, [
      {
        destination: { host: "web.parcels.svc.cluster.local", port: { number: 8080 } },
        percentage: { value: 5 },
      },
    ]);
  });

  it("is treated on the gateway as within the mesh", () => {
    const workload = trafficOf({ timeoutSeconds: 9 });
    const { http } = objectOf(workload, "http-virtual-service").spec;
    const { name, match, ...rest } = http[0] ?? {};
    const { name: _, match: __, ...within } = ruleOf({ timeoutSeconds: 9 }) ?? {};
    assert.deepEqual({ name, match }, { name: "api-http", match: [{ uri: { prefix: "/" } }] });
    assert.deepEqual(rest, within);
  });
});

describe("Filters of Envoy", () => {
  const lua = { code: "function envoy_on_request(handle) end", because: "tokens are looked at" };
  const filters = () => {
    const workload = trafficOf({ lua, rateLimit: { requests: 100, perSeconds: 60, burst: 150 } });
    return { lua: luaFilter(workload), limit: rateLimitFilter(workload), workload };
  };

  it("stand in front of all Pods of the workload, right before the router", () => {
    const { limit } = filters();
    assert.deepEqual(limit?.spec.workloadSelector.labels, { "app.kubernetes.io/name": "api" });
    const [patch] = limit?.spec.configPatches ?? [];
    assert.equal(patch?.applyTo, "HTTP_FILTER");
    assert.equal(patch?.match.context, "SIDECAR_INBOUND");
    assert.equal(patch?.patch.operation, "INSERT_BEFORE");
    assert.deepEqual(patch?.patch.value, {
      name: "envoy.filters.http.local_ratelimit",
      typed_config: {
        "@type":
          "type.googleapis.com/envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit",
        stat_prefix: "http_local_rate_limiter",
        token_bucket: { max_tokens: 150, tokens_per_fill: 100, fill_interval: "60s" },
        filter_enabled: { default_value: { numerator: 100, denominator: "HUNDRED" } },
        filter_enforced: { default_value: { numerator: 100, denominator: "HUNDRED" } },
      },
    });
  });

  it("run the release's Lua before they count, and say why", () => {
    const { lua: filter, limit } = filters();
    assert.ok((filter?.spec.priority ?? 0) < (limit?.spec.priority ?? 0));
    assert.deepEqual(filter?.spec.configPatches[0]?.patch.value, {
      name: "envoy.filters.http.lua",
      typed_config: {
        "@type": "type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua",
        default_source_code: { inline_string: lua.code },
      },
    });
    assert.deepEqual(filter?.metadata.annotations, { "sitewright/because": lua.because });
  });

  it("are for the proxies of one minor version, and named by it", () => {
    const { lua: filter } = filters();
    const pattern = filter?.spec.configPatches[0]?.match.proxy.proxyVersion ?? "";
    assert.equal(filter?.metadata.name, "api-lua-1-30");
    for (const [version, matches] of [
      ["1.30.3", true],
      ["1.30.0-rc.1", true],
      ["1.31.0", false],
      ["11.30.1", false],
      ["1x30", false],
    ] as const) {
      assert.equal(new RegExp(pattern).test(version), matches, version);
    }
  });

  it("are there before the Pods, which would let everybody in without them", () => {
    const pods = workloadObjects(filters().workload).find(({ noun }) => noun === "deployment");
    assert.deepEqual(pods?.after, ["config", "lua", "rate-limit"]);
  });

  it("hold as much as they are filled with where no burst is stated", () => {
    const { traffic } = trafficOf({ rateLimit: { requests: 7, perSeconds: 1 } });
    assert.equal(traffic?.rateLimit?.burst, 7);
  });
});

describe("A canary", () => {
  it("is a Deployment of the same Pods with another image, and a track that its selector knows", () => {
    const made = canaryDeployment(canaryOf({ weight: 10 }));
    const { metadata, spec } = objectOf(canaryOf({}), "deployment");
    assert.equal(made?.metadata.name, "api-canary");
    assert.deepEqual(made?.spec.selector.matchLabels, {
      "app.kubernetes.io/name": "api",
      "sitewright/track": "canary",
    });
    const pods = made?.spec.template;
    assert.deepEqual(pods?.metadata.labels, {
      ...spec.template.metadata.labels,
      "app.kubernetes.io/version": "6.7.2",
      "sitewright/track": "canary",
    });
    assert.equal(spec.template.metadata.labels["sitewright/track"], "stable");
    assert.deepEqual(pods?.spec.containers[0], { ...spec.template.spec.containers[0], image });
    assert.equal(metadata.name, "api");
    assert.deepEqual(spec.selector.matchLabels, { "app.kubernetes.io/name": "api" });
  });

  it("is reached by the workload's Service, whose selector stays", () => {
    const selector = { "app.kubernetes.io/name": "api" };
    assert.deepEqual(service(canaryOf({ weight: 50 }))?.spec.selector, selector);
  });

  it("changes nothing of the workload's own Pods by coming or going", () => {
    const pods = (site: object) => objectOf(canaryOf(site), "deployment");
    for (const weight of [0, 10, 100, "abort"]) assert.deepEqual(pods({ weight }), pods({}));
  });

  it("gets its weight within the mesh and on the gateway, and the rest is the workload's", () => {
    const workload = canaryOf({ weight: 10 });
    const expected = [
      { destination: { host, port, subset: "stable" }, weight: 90 },
      { destination: { host, port, subset: "canary" }, weight: 10 },
    ];
    assert.deepEqual(meshRoutes(workload)?.spec.http?.[0]?.route, expected);
    assert.deepEqual(objectOf(workload, "http-virtual-service").spec.http, [
      { name: "api-http", match: [{ uri: { prefix: "/" } }], route: expected },
    ]);
  });

  it("gets requests with its headers first, whatever the weight", () => {
    const [first, second] =
      meshRoutes(canaryOf({ weight: 0, headers: { "x-canary": "true" } }))?.spec.http ?? [];
    assert.deepEqual(first, {
      name: "http-canary",
      match: [{ port: 9898, headers: { "x-canary": { exact: "true" } } }],
      route: [{ destination: { host, port, subset: "canary" } }],
    });
    assert.deepEqual(
      second?.route.map((one) => ("weight" in one ? one.weight : undefined)),
      [100, 0],
    );
  });

  it("has the part of the Pods that its weight asks for, unless a number is stated", () => {
    const replicas = (site: object, more: object = {}) => canaryOf(site, more).canary?.replicas;
    assert.equal(replicas({ weight: 0 }, { replicas: 4 }), 1);
    assert.equal(replicas({ weight: 10 }, { replicas: 4 }), 1);
    assert.equal(replicas({ weight: 50 }, { replicas: 4 }), 2);
    assert.equal(replicas({ weight: 100 }, { replicas: 4 }), 4);
    assert.equal(replicas({ weight: 100, replicas: 2 }, { replicas: 4 }), 2);
  });

  it("bounds callers by its own Pods", () => {
    const rule = destinationRule(canaryOf({ weight: 10 }, { traffic: {} }));
    assert.equal(rule?.spec.trafficPolicy?.connectionPool.http.http2MaxRequests, 20);
    const [stable, canary] = rule?.spec.subsets ?? [];
    assert.deepEqual(stable, { name: "stable", labels: { "sitewright/track": "stable" } });
    assert.deepEqual(canary?.labels, { "sitewright/track": "canary" });
    assert.equal(canary?.trafficPolicy?.connectionPool.http.http2MaxRequests, 10);
  });

  it("is promoted by the workload itself running its image, and leaves no object behind", () => {
    const promoted = canaryOf({ weight: "promote" });
    assert.equal(promoted.image, image);
    assert.equal(promoted.version, "6.7.2");
    const nouns = (site: object) => workloadObjects(canaryOf(site)).map(({ noun }) => noun);
    assert.deepEqual(nouns({ weight: "promote" }), nouns({}));
    assert.deepEqual(nouns({ weight: "abort" }), nouns({}));
    const added = nouns({ weight: 1 }).filter((noun) => !nouns({}).includes(noun));
    assert.deepEqual(added, ["canary-deployment", "destination-rule", "mesh-routes"]);
  });

  it("keeps its requests until the workload's Pods have its image", () => {
    const found = workloadObjects(canaryOf({ weight: "promote" }, { traffic: {} })).filter(
      ({ object }) => object.kind === "VirtualService",
    );
    assert.equal(found.length, 2);
    for (const { after } of found) assert.ok(after?.includes("deployment"));
  });

  it("of a port that speaks TCP gets its part of the connections", () => {
    const tcp = { ports: [{ name: "tcp-queue", port: 5672 }], expose: [] };
    const routes = meshRoutes(canaryOf({ weight: 30 }, {}, tcp))?.spec;
    assert.equal(routes?.http, undefined);
    const destination = { host, port: { number: 5672 } };
    assert.deepEqual(routes?.tcp, [
      {
        match: [{ port: 5672 }],
        route: [
          { destination: { ...destination, subset: "stable" }, weight: 70 },
          { destination: { ...destination, subset: "canary" }, weight: 30 },
        ],
      },
    ]);
  });
});
