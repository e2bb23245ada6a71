import assert from "node:assert/strict";
import fc from "fast-check";
import { hostNames } from "../../policies/host-names";
import { ruleMatches } from "../../policies/support/traefik-rule";
import { objectSubject, unknown, violations } from "./support/judging";

type Object = Parameters<typeof objectSubject>[0];

const object = (apiVersion: string, kind: string, own: string, spec: object): Object => {
  const [namespace = "", name = ""] = own.split("/");
  return { apiVersion, kind, metadata: { namespace, name }, spec };
};

const ingress = (own: string, host: string | undefined, path = "/", more: object = {}) =>
  object("networking.k8s.io/v1", "Ingress", own, {
    ingressClassName: "traefik",
    rules: [{ host, http: { paths: [{ path, pathType: "Prefix" }] } }],
    ...more,
  });

const traefik = (own: string, match: string, more: object = {}) =>
  object("traefik.io/v1alpha1", "IngressRoute", own, {
    entryPoints: ["websecure"],
    routes: [{ match, kind: "Rule" }],
    ...more,
  });

const traefikTcp = (own: string, match: string) =>
  object("traefik.io/v1alpha1", "IngressRouteTCP", own, {
    entryPoints: ["websecure"],
    routes: [{ match }],
  });

const virtual = (own: string, host: string, more: object = {}, gateways: unknown = ["a/site"]) =>
  object("networking.istio.io/v1", "VirtualService", own, {
    hosts: [host],
    gateways,
    http: [{ match: [{ uri: { prefix: "/" } }] }],
    ...more,
  });

const paths = (...prefixes: readonly string[]) => ({
  http: prefixes.map((prefix) => ({ match: [{ uri: { prefix } }] })),
});

const gateway = (own: string, host: string, number = 443, app = "gate") =>
  object("networking.istio.io/v1", "Gateway", own, {
    selector: { app },
    servers: [{ port: { number, protocol: "HTTPS" }, hosts: [host] }],
  });

const api = (kind: string, own: string, host: string, more: object = {}) =>
  object("gateway.networking.k8s.io/v1", kind, own, {
    parentRefs: [{ name: "gate", namespace: "gates" }],
    hostnames: [host],
    rules: [{ matches: [{ path: { type: "PathPrefix", value: "/" } }] }],
    ...more,
  });

const path = (value: string, type = "PathPrefix", more: object = {}) => ({
  rules: [{ matches: [{ path: { type, value }, ...more }] }],
});

const found = (...objects: readonly Object[]) =>
  violations(
    hostNames,
    objects.map((one) => objectSubject(one)),
  );

const x = "x.apps.site-a.example";

/** Two routes that must not be there together: the later by kind and name is blamed. */
const clashes: readonly (readonly [string, Object, Object, RegExp])[] = [
  [
    "two Ingresses",
    ingress("a/one", x),
    ingress("b/two", x),
    /^Ingress b\/two: spec.rules\[0\].http.paths\[0\] needs .*; given x.apps.site-a.example\/, which is Ingress a\/one's by ingress class traefik on web;/,
  ],
  [
    "two Ingresses of any host",
    ingress("a/one", undefined),
    ingress("b/two", ""),
    /given \*\/, which/,
  ],
  [
    "names that differ in case",
    ingress("a/one", x.toUpperCase()),
    ingress("b/two", x),
    /^Ingress b\/two/,
  ],
  [
    "an Ingress and an IngressRoute",
    ingress("a/one", x),
    traefik("b/two", `Host(\`${x}\`)`),
    /^IngressRoute b\/two: spec.routes\[0\].match .*Ingress a\/one's by .* on websecure/,
  ],
  [
    "two IngressRoutes, one with a host more",
    traefik("a/one", `Host(\`y.example\`) || Host(\`${x}\`)`),
    traefik("b/two", `Host(\`${x}\`)`),
    /^IngressRoute b\/two/,
  ],
  [
    "two IngressRoutes of one path",
    traefik("a/one", `Host(\`${x}\`) && PathPrefix(\`/api\`)`),
    traefik("b/two", `PathPrefix(\`/api\`) && Host(\`${x}\`)`),
    /given x.apps.site-a.example\/api, which/,
  ],
  [
    "an IngressRoute and one for whole connections",
    traefik("a/one", `Host(\`${x}\`)`),
    traefikTcp("b/two", `HostSNI(\`${x}\`)`),
    /^IngressRouteTCP b\/two/,
  ],
  [
    "two VirtualServices",
    virtual("a/one", x),
    virtual("b/two", x),
    /^VirtualService b\/two: spec.http\[0\] .* by gateway a\/site; next: give one of the two another host name, or paths/,
  ],
  [
    "a gateway of its own namespace under two names",
    virtual("a/one", x, {}, ["site"]),
    virtual("b/two", x),
    /^VirtualService b\/two/,
  ],
  [
    "a path of the gateway that begins another",
    virtual("a/one", x, paths("/shop")),
    virtual("b/two", x, paths("/shop/cart")),
    /given x.apps.site-a.example\/shop\/cart, which is VirtualService a\/one's with \/shop by/,
  ],
  [
    "an exact path within a prefix of the gateway",
    virtual("a/one", x, { http: [{ match: [{ uri: { exact: "/shop/x" } }] }] }),
    virtual("b/two", x, paths("/shop")),
    /with \/shop\/x by/,
  ],
  [
    "routes that match everything",
    virtual("a/one", x, { http: [{ route: [] }] }),
    virtual("b/two", x),
    /^VirtualService b\/two/,
  ],
  [
    "two names of one encrypted connection",
    virtual("a/one", x, { http: [], tls: [{ match: [{ sniHosts: [x] }] }] }),
    virtual("b/two", x, { http: [], tls: [{ match: [{ sniHosts: [x] }] }] }),
    /spec.tls\[0\]/,
  ],
  [
    "one port of the gateway",
    virtual("a/one", "*", { http: [], tcp: [{ match: [{ port: 4222 }] }] }),
    virtual("b/two", "*", { http: [], tcp: [{ match: [{ port: 4222 }] }] }),
    /spec.tcp\[0\] .* by gateway a\/site port 4222/,
  ],
  [
    "two VirtualServices of one host within the mesh",
    virtual("a/one", "api", {}, []),
    virtual("b/two", "api.a.svc.cluster.local", paths("/x"), ["mesh"]),
    /spec.hosts\[0\] .* by the mesh's proxies/,
  ],
  [
    "one port and host of the same gateway Pods",
    gateway("a/one", x),
    gateway("b/two", `./${x}`),
    /^Gateway b\/two: spec.servers\[0\].hosts\[0\] .* by port 443 of gateway Pods app=gate/,
  ],
  [
    "two HTTPRoutes",
    api("HTTPRoute", "a/one", x),
    api("HTTPRoute", "b/two", x),
    /^HTTPRoute b\/two: spec.rules\[0\] .* by Gateway gates\/gate/,
  ],
  [
    "two HTTPRoutes of one exact path",
    api("HTTPRoute", "a/one", x, path("/a", "Exact")),
    api("HTTPRoute", "b/two", x, path("/a", "Exact")),
    /example\/a, which/,
  ],
  [
    "two TLSRoutes",
    api("TLSRoute", "a/one", x),
    api("TLSRoute", "b/two", x),
    /^TLSRoute b\/two: spec.hostnames/,
  ],
  [
    "two GRPCRoutes of one call",
    api("GRPCRoute", "a/one", x, {
      rules: [{ matches: [{ method: { service: "s", method: "m" } }] }],
    }),
    api("GRPCRoute", "b/two", x, {
      rules: [{ matches: [{ method: { service: "s", method: "m" } }] }],
    }),
    /\/s\/m, which/,
  ],
];

/** Two routes that have nothing to do with each other. */
const apart: readonly (readonly [string, Object, Object])[] = [
  ["other hosts", ingress("a/one", x), ingress("b/two", `w.${x}`)],
  [
    "a name and all names beside it",
    ingress("a/one", x),
    ingress("b/two", "*.apps.site-a.example"),
  ],
  [
    "other paths of an ingress, of which the longer goes first",
    ingress("a/one", x),
    ingress("b/two", x, "/api"),
  ],
  [
    "an exact path and what begins with it",
    ingress("a/one", x, "/a"),
    ingress("b/two", x, "/a", {
      rules: [{ host: x, http: { paths: [{ path: "/a", pathType: "Exact" }] } }],
    }),
  ],
  ["other classes", ingress("a/one", x), ingress("b/two", x, "/", { ingressClassName: "other" })],
  [
    "other entry points",
    traefik("a/one", `Host(\`${x}\`)`),
    traefik("b/two", `Host(\`${x}\`)`, { entryPoints: ["web"] }),
  ],
  [
    "something more that is asked for",
    traefik("a/one", `Host(\`${x}\`)`),
    traefik("b/two", `Host(\`${x}\`) && Header(\`a\`, \`b\`)`),
  ],
  ["other gateways", virtual("a/one", x), virtual("b/two", x, {}, ["b/site"])],
  [
    "paths of the gateway of which neither begins the other",
    virtual("a/one", x, paths("/a/")),
    virtual("b/two", x, paths("/b/")),
  ],
  [
    "a header that is asked for on the gateway",
    virtual("a/one", x),
    virtual("b/two", x, { http: [{ match: [{ headers: { a: {} }, uri: { prefix: "/" } }] }] }),
  ],
  ["a gateway and the mesh", virtual("a/one", x), virtual("b/two", x, {}, ["mesh"])],
  [
    "VirtualServices that each namespace has for itself",
    virtual("a/one", x, { exportTo: ["."] }, []),
    virtual("b/two", x, {}, []),
  ],
  ["other ports of the gateway's Pods", gateway("a/one", x), gateway("b/two", x, 8443)],
  ["other gateway Pods", gateway("a/one", x), gateway("b/two", x, 443, "other")],
  [
    "other listeners",
    api("HTTPRoute", "a/one", x, { parentRefs: [{ name: "gate", sectionName: "a" }] }),
    api("HTTPRoute", "a/two", x, { parentRefs: [{ name: "gate", sectionName: "b" }] }),
  ],
  [
    "another method",
    api("HTTPRoute", "a/one", x),
    api("HTTPRoute", "b/two", x, path("/", "PathPrefix", { method: "POST" })),
  ],
  [
    "a prefix and an exact path",
    api("HTTPRoute", "a/one", x, path("/a")),
    api("HTTPRoute", "b/two", x, path("/a", "Exact")),
  ],
];

describe("host-names", () => {
  for (const [title, one, other, expected] of clashes) {
    it(`refuses the same host and path: ${title}`, () => {
      const [violation = "", ...more] = found(other, one);
      assert.match(violation, expected);
      assert.deepEqual(more, []);
    });
  }

  for (const [title, one, other] of apart) {
    it(`lets two routes through that differ: ${title}`, () => {
      assert.deepEqual(found(one, other), []);
    });
  }

  it("lets a route have the same path for several things, in an order of its own", () => {
    assert.deepEqual(found(virtual("a/one", x, paths("/a", "/a/b", "/"))), []);
  });

  it("lets the site's own routes through, under whichever name", () => {
    assert.deepEqual(found(traefik("parcels/any", "Host(`web.apps.site-a.example`)")), []);
    assert.deepEqual(found(virtual("parcels/any", "web.apps.site-a.example")), []);
  });

  it("refuses what the site gives to another namespace, whether or not its route is judged too", () => {
    for (const one of [
      traefik("sorting/theirs", "Host(`web.apps.site-a.example`)"),
      virtual("sorting/theirs", "web.apps.site-a.example", {}, ["istio-ingress/site"]),
      virtual("sorting/theirs", "grafana.apps.site-a.example", {}, ["istio-ingress/site"]),
    ]) {
      const [violation = "", ...more] = found(one);
      assert.match(
        violation,
        /which is (parcels\/web-http|monitoring\/monitoring-grafana-http)'s by/,
      );
      assert.deepEqual(more, []);
    }
    const port = { http: [], tcp: [{ match: [{ port: 4222 }] }] };
    const [queue = ""] = found(virtual("sorting/theirs", "*", port, ["istio-ingress/tcp"]));
    assert.match(queue, /which is parcels\/queue-tcp-client's/);
  });

  it("judges the others where a host is known only in the update", () => {
    assert.equal(
      found(ingress("a/odd", unknown), ingress("b/one", x), ingress("c/two", x)).length,
      1,
    );
  });
});

describe("A rule of Traefik", () => {
  for (const [rule, expected] of [
    ["Host(`A.b`)", [{ host: "a.b", more: false }]],
    [
      'Host("a", `b`)',
      [
        { host: "a", more: false },
        { host: "b", more: false },
      ],
    ],
    ["HostSNI(`*`)", [{ more: false }]],
    [
      "(Host(`a`) || Host(`b`)) && Path(`/x`)",
      [
        { host: "a", path: { how: "exact", text: "/x" }, more: false },
        { host: "b", path: { how: "exact", text: "/x" }, more: false },
      ],
    ],
    ["Host(`a`) && !PathPrefix(`/x`)", [{ host: "a", more: true }]],
    ["Host(`a`) && Host(`b`)", [{ host: "b", more: true }]],
    ["ClientIP(`1.2.3.4`)", [{ more: true }]],
    ["Host(`a`", []],
    ["Host(a)", []],
    ["(Host(`a`)", []],
    ["Host(`a`) Host(`b`)", []],
    ["", []],
    [7, []],
  ] as const) {
    it(`is read: ${JSON.stringify(rule)}`, () => assert.deepEqual(ruleMatches(rule), expected));
  }

  it("is read in no time, whatever it is", () => {
    const part = fc.constantFrom(
      "Host(`a`)",
      "&&",
      "||",
      "(",
      ")",
      "!",
      " ",
      "`",
      ",",
      "Host(",
      "x",
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 300 }), (parts) => {
        assert.ok(Array.isArray(ruleMatches(parts.join(""))));
      }),
    );
    const wide = Array(15).fill("(Host(`a`) || Host(`b`))").join(" && ");
    for (const hostile of [
      wide,
      "(".repeat(3999),
      "!".repeat(3999),
      `Host(${"`a` ".repeat(900)}`,
      `Host(\`a\`${" ".repeat(3900)}x`,
    ]) {
      assert.deepEqual(ruleMatches(hostile), []);
    }
  });
});
