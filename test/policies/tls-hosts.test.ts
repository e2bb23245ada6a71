import assert from "node:assert/strict";
import { tlsHosts } from "../../policies/tls-hosts";
import type { Blueprint } from "../../site/blueprint-types";
import { objectSubject, patchSubject, siteA, unknown, violations } from "./support/judging";

type Object = Parameters<typeof objectSubject>[0];

const object = (apiVersion: string, kind: string, spec: object, metadata: object = {}): Object => ({
  apiVersion,
  kind,
  metadata: { name: "way", namespace: "parcels", ...metadata },
  spec,
});

const x = "x.apps.site-a.example";

const ingress = (spec: object, annotations: object = {}) =>
  object("networking.k8s.io/v1", "Ingress", { rules: [{ host: x }], ...spec }, { annotations });

const traefik = (spec: object, kind = "IngressRoute") =>
  object("traefik.io/v1alpha1", kind, { routes: [{ match: `Host(\`${x}\`)` }], tls: {}, ...spec });

const match = (text: string) => ({ routes: [{ match: text }] });
const through = (...middlewares: readonly object[]) => ({
  routes: [{ match: `Host(\`${x}\`)`, middlewares }],
  tls: undefined,
});

const certificate = { mode: "SIMPLE", credentialName: "own" };

const gateway = (server: object, selector: object = { istio: "ingress" }) =>
  object("networking.istio.io/v1", "Gateway", {
    selector,
    servers: [
      { port: { number: 443, protocol: "HTTPS" }, hosts: [x], tls: certificate, ...server },
    ],
  });

const http = { number: 80, protocol: "HTTP" };

const virtual = (spec: object) =>
  object("networking.istio.io/v1", "VirtualService", {
    hosts: [x],
    gateways: ["istio-ingress/site"],
    http: [{}],
    ...spec,
  });

const route = (hostnames: readonly unknown[] | undefined, kind = "Gateway") =>
  object("gateway.networking.k8s.io/v1", "HTTPRoute", {
    hostnames,
    parentRefs: [{ kind, name: "gate" }],
  });

const listener = (more: object) =>
  object("gateway.networking.k8s.io/v1", "Gateway", {
    listeners: [
      { hostname: x, protocol: "HTTPS", tls: { certificateRefs: [{ name: "own" }] }, ...more },
    ],
  });

const found = (one: Object, blueprint?: Blueprint, settings?: object) =>
  violations(tlsHosts, [objectSubject(one)], {
    ...(blueprint && { blueprint }),
    ...(settings && { settings: { ...settings } }),
  });

const allowed: readonly (readonly [string, Object])[] = [
  ["an Ingress with TLS for its host", ingress({ tls: [{ hosts: [x], secretName: "own" }] })],
  ["an Ingress with TLS for all of its hosts", ingress({ tls: [{}] })],
  [
    "an Ingress with TLS by a name for all",
    ingress({ tls: [{ hosts: ["*.apps.site-a.example"] }] }),
  ],
  [
    "an Ingress that sends on",
    ingress(
      {},
      {
        "traefik.ingress.kubernetes.io/router.middlewares":
          "a-b@kubernetescrd, parcels-to-https@kubernetescrd",
      },
    ),
  ],
  ["an IngressRoute with TLS", traefik({})],
  ["an IngressRoute with TLS of names below", traefik(match(`Host(\`a.${x}\`) && Path(\`/\`)`))],
  ["a pattern of hosts, which may be any", traefik(match("HostRegexp(`.*`)"))],
  ["an IngressRoute that sends on", traefik(through({ name: "to-https" }))],
  [
    "an IngressRoute that sends on by another namespace's",
    traefik(through({ name: "to-https", namespace: "monitoring" })),
  ],
  [
    "a connection that stays encrypted",
    traefik({ ...match(`HostSNI(\`${x}\`)`), tls: { passthrough: true } }, "IngressRouteTCP"),
  ],
  ["a Gateway with a certificate", gateway({ hosts: [`./${x}`, "*.apps.site-a.example"] })],
  [
    "a Gateway that passes encrypted connections on",
    gateway({ port: { number: 443, protocol: "TLS" }, tls: { mode: "PASSTHROUGH" } }),
  ],
  ["a Gateway that sends on", gateway({ port: http, tls: { httpsRedirect: true } })],
  [
    "a port that the release exposes by TCP",
    gateway({ port: { number: 4222, protocol: "TCP" }, hosts: ["*"], tls: undefined }),
  ],
  [
    "a Gateway of other Pods than the site's",
    gateway({ port: http, hosts: ["*"] }, { istio: "egress" }),
  ],
  ["a VirtualService on a gateway", virtual({})],
  [
    "a VirtualService within the mesh, also where it is on a gateway too",
    virtual({
      hosts: [x, "api", "api.parcels.svc.cluster.local"],
      gateways: ["mesh", "istio-ingress/site"],
    }),
  ],
  [
    "a VirtualService of the mesh alone",
    virtual({ hosts: ["elsewhere.example"], gateways: undefined }),
  ],
  ["connections without a name", virtual({ hosts: ["*"], http: undefined, tcp: [{}] })],
  ["a route of the Gateway API", route([x])],
  ["a route with the names of its listeners", route(undefined)],
  ["a route within the mesh", route(["elsewhere.example"], "Service")],
  ["a listener with a certificate", listener({})],
  ["a listener that passes on", listener({ protocol: "TLS", tls: { mode: "Passthrough" } })],
  ["a listener of connections", listener({ protocol: "TCP", hostname: undefined })],
];

const refused: readonly (readonly [string, Object, RegExp])[] = [
  [
    "an Ingress elsewhere",
    ingress({ rules: [{ host: "x.example" }], tls: [{}] }),
    /^Ingress parcels\/way: spec.rules\[0\].host needs a host name below apps.site-a.example; given x.example; next: expose/,
  ],
  [
    "an Ingress that only ends alike",
    ingress({ rules: [{ host: "xapps.site-a.example" }], tls: [{}] }),
    /given xapps/,
  ],
  [
    "an Ingress of all names",
    ingress({ rules: [{ host: "*.apps.site-a.example" }], tls: [{}] }),
    /given \*\.apps/,
  ],
  ["an Ingress of any name", ingress({ rules: [{}], tls: [{}] }), /given nothing, which means any/],
  [
    "an Ingress that answers to any name",
    ingress({ defaultBackend: {}, tls: [{}] }),
    /spec.defaultBackend needs no answer/,
  ],
  [
    "an Ingress without TLS",
    ingress({}),
    /spec.tls needs an entry with host x.apps.site-a.example; given none/,
  ],
  [
    "an Ingress with TLS for others",
    ingress({ tls: [{ hosts: ["y.apps.site-a.example"] }] }),
    /spec.tls needs/,
  ],
  [
    "an IngressRoute elsewhere",
    traefik(match("Host(`x.example`)")),
    /spec.routes\[0\].match needs .*; given x.example/,
  ],
  [
    "an IngressRoute of any name",
    traefik(match("PathPrefix(`/`)")),
    /given nothing, which means any/,
  ],
  [
    "an IngressRoute without TLS",
    traefik({ tls: undefined }),
    /spec.tls needs TLS \(\{\} for the site's certificate\), or a redirect as middleware of spec.routes\[0\]; given neither/,
  ],
  [
    "an IngressRoute that sends on by what nobody knows",
    traefik(through({ name: "to-https", namespace: "sorting" })),
    /given neither/,
  ],
  [
    "connections of any name",
    traefik(match("HostSNI(`*`)"), "IngressRouteTCP"),
    /given nothing, which means any/,
  ],
  [
    "a Gateway elsewhere",
    gateway({ hosts: ["x.example"] }),
    /spec.servers\[0\].hosts\[0\] needs .*; given x.example/,
  ],
  ["a Gateway of any name", gateway({ hosts: ["*"] }), /given \*/],
  [
    "a Gateway that serves plain HTTP",
    gateway({ port: http, tls: undefined }),
    /spec.servers\[0\].tls.httpsRedirect needs true, .*; given nothing/,
  ],
  [
    "a Gateway that says it does not send on",
    gateway({ port: http, tls: { httpsRedirect: false } }),
    /given false/,
  ],
  [
    "a Gateway without certificate",
    gateway({ tls: { mode: "SIMPLE" } }),
    /tls.credentialName needs the Secret/,
  ],
  [
    "a Gateway that does not say how",
    gateway({ tls: undefined }),
    /tls.mode needs SIMPLE or PASSTHROUGH; given nothing/,
  ],
  [
    "a Gateway with what is long broken",
    gateway({ tls: { ...certificate, minProtocolVersion: "TLSV1_0" } }),
    /minProtocolVersion needs TLSV1_2 or TLSV1_3; given "TLSV1_0"/,
  ],
  [
    "a port that the release does not expose",
    gateway({ port: { number: 5432, protocol: "TCP" } }),
    /spec.servers\[0\].port needs a port that the release exposes by tcp \(4222\), or HTTPS; given "TCP" on port 5432/,
  ],
  [
    "a VirtualService elsewhere",
    virtual({ hosts: ["x.example"] }),
    /spec.hosts\[0\] needs .*; given x.example/,
  ],
  ["a VirtualService of any name", virtual({ hosts: ["*"] }), /given nothing, which means any/],
  ["a route of the Gateway API elsewhere", route(["x.example"]), /spec.hostnames\[0\] needs/],
  [
    "a listener elsewhere",
    listener({ hostname: "x.example" }),
    /spec.listeners\[0\].hostname needs/,
  ],
  ["a listener of any name", listener({ hostname: undefined }), /given nothing, which means any/],
  [
    "a listener of plain HTTP",
    listener({ protocol: "HTTP" }),
    /protocol needs HTTPS or TLS; given HTTP; next: leave it out/,
  ],
  ["a listener without certificate", listener({ tls: {} }), /certificateRefs needs the Secret/],
];

describe("tls-hosts", () => {
  for (const [title, one] of allowed) {
    it(`lets through: ${title}`, () => assert.deepEqual(found(one), []));
  }

  for (const [title, one, expected] of refused) {
    it(`refuses ${title}`, () => {
      const [violation = "", ...more] = found(one);
      assert.match(violation, expected);
      assert.deepEqual(more, []);
    });
  }

  it("lets plain HTTP through where the site has no certificates, under its own names alone", () => {
    const { certificates: _, ...platform } = siteA().platform;
    const blueprint = { ...siteA(), platform };
    for (const one of [
      ingress({}),
      traefik({ tls: undefined }),
      gateway({ port: http, tls: undefined }),
      listener({ protocol: "HTTP", tls: undefined }),
    ]) {
      assert.deepEqual(found(one, blueprint), []);
    }
    assert.equal(found(ingress({ rules: [{ host: "x.example" }] }), blueprint).length, 1);
  });

  it("says nothing where the site lets nobody in", () => {
    const { ingress: _, ...platform } = siteA().platform;
    assert.deepEqual(found(ingress({ rules: [{}] }), { ...siteA(), platform }), []);
  });

  it("knows further domains and redirects from its settings", () => {
    const elsewhere = ingress({ rules: [{ host: "x.shop.example" }], tls: [{}] });
    assert.deepEqual(found(elsewhere, undefined, { domains: ["shop.example"] }), []);
    const sentOn = traefik(through({ name: "https", namespace: "sorting" }));
    assert.deepEqual(found(sentOn, undefined, { redirects: ["sorting/https"] }), []);
  });

  it("does not ask a patch for what it leaves out", () => {
    const patches = [
      ingress({}),
      traefik({ tls: undefined }),
      gateway({ port: http, tls: undefined }),
    ];
    assert.deepEqual(violations(tlsHosts, patches.map(patchSubject)), []);
    assert.equal(violations(tlsHosts, [patchSubject(gateway({ hosts: ["x.example"] }))]).length, 1);
  });

  it("waits for the update where a host is not known before", () => {
    assert.deepEqual(found(ingress({ rules: [{ host: unknown }], tls: [{}] })), []);
  });
});
