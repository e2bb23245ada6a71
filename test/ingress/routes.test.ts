import assert from "node:assert/strict";
import fc from "fast-check";
import {
  blueprintWith,
  problemsWith,
  roomySite,
  withEdge,
  workloadOf,
} from "../support/platform-site";

type AnySite = ReturnType<typeof roomySite>;

const siteWith = (change: (site: AnySite) => void) => {
  const site = roomySite();
  site.ingress = { domain: "apps.site-t.example" };
  change(site);
  return site;
};
const routesOf = (
  name: string,
  change: (site: AnySite) => void = () => {},
  release?: Parameters<typeof blueprintWith>[1],
) => workloadOf(blueprintWith(siteWith(change), release), name).routes ?? [];

describe("Host names of a workload", () => {
  const cases: readonly {
    readonly title: string;
    readonly change: (site: AnySite) => void;
    readonly hosts: readonly string[];
    readonly urls: readonly string[];
  }[] = [
    {
      title: "lie below the site's domain, on the standby's ports where there is nothing else",
      change: () => {},
      hosts: ["api.apps.site-t.example"],
      urls: ["http://api.apps.site-t.example:31080/"],
    },
    {
      title: "are reached on the gateway's ports where there is a mesh",
      change: (site) => {
        site.mesh = {};
      },
      hosts: ["api.apps.site-t.example"],
      urls: ["http://api.apps.site-t.example:30080/"],
    },
    {
      title: "are encrypted where there are certificates, and plain ports then need no number",
      change: (site) => {
        site.certificates = {};
        site.mesh = {};
        withEdge(site);
      },
      hosts: ["api.apps.site-t.example"],
      urls: ["https://api.apps.site-t.example/"],
    },
    {
      title: "keep the edge's own port",
      change: (site) => {
        site.certificates = {};
        withEdge(site, { https: 8443 });
      },
      hosts: ["api.apps.site-t.example"],
      urls: ["https://api.apps.site-t.example:8443/"],
    },
    {
      title: "hold the first worker's address with nip.io",
      change: (site) => {
        site.ingress = { nipIo: true };
      },
      hosts: ["api.parcels.192.0.2.21.nip.io"],
      urls: ["http://api.parcels.192.0.2.21.nip.io:31080/"],
    },
    {
      title: "hold the edge's address with nip.io where there is an edge",
      change: (site) => {
        site.ingress = { nipIo: true };
        withEdge(site);
      },
      hosts: ["api.parcels.192.0.2.40.nip.io"],
      urls: ["http://api.parcels.192.0.2.40.nip.io/"],
    },
    {
      title: "are the site's where it states some, in full or not",
      change: (site) => {
        site.workloads.api = { expose: { http: { hosts: ["parcels.customer.example", "in"] } } };
      },
      hosts: ["parcels.customer.example", "in.apps.site-t.example"],
      urls: ["http://parcels.customer.example:31080/", "http://in.apps.site-t.example:31080/"],
    },
  ];
  for (const { title, change, hosts, urls } of cases) {
    it(title, () => {
      const [route, ...others] = routesOf("api", change);
      assert.equal(others.length, 0);
      assert.deepEqual(route?.hosts, hosts);
      assert.deepEqual(route?.urls, urls);
    });
  }

  it("are none without an ingress, whatever the release exposes", () => {
    assert.equal(workloadOf(blueprintWith(roomySite()), "api").routes, undefined);
  });

  it("are one set for each exposed port", () => {
    const routes = routesOf("api", undefined, ({ workloads }) => {
      workloads.api.ports.push({ name: "admin", port: 9900 });
      workloads.api.expose.push({ port: "admin", hosts: ["admin", "api-admin"], path: "/a" });
    });
    assert.deepEqual(
      routes.map(({ name, hosts, port, path }) => ({ name, hosts, port, path })),
      [
        { name: "api-http", hosts: ["api.apps.site-t.example"], port: 9898, path: "/" },
        {
          name: "api-admin",
          hosts: ["admin.apps.site-t.example", "api-admin.apps.site-t.example"],
          port: 9900,
          path: "/a",
        },
      ],
    );
  });
});

describe("Who serves a workload", () => {
  const served = (change: (site: AnySite) => void) => {
    const [route] = routesOf("api", (site) => {
      site.mesh = {};
      change(site);
    });
    return { via: route?.via, leadsTo: `${route?.gateway?.host}:${route?.gateway?.port}` };
  };
  const workload = "api.parcels.svc.cluster.local:9898";
  const standby = "traefik.traefik.svc.cluster.local:80";

  it("is the gateway, and the standby knows the route as well", () => {
    assert.deepEqual(
      served(() => {}),
      { via: "gateway", leadsTo: workload },
    );
    const [route] = routesOf("api", (site) => {
      site.mesh = {};
    });
    assert.deepEqual(route?.standby, { ingressClass: "traefik", secure: false });
  });

  it("is the standby for all of them by one field", () => {
    const all = served((site) => {
      site.ingress.active = "standby";
    });
    assert.deepEqual(all, { via: "standby", leadsTo: standby });
  });

  it("is the standby for one of them by one field", () => {
    const one = (site: AnySite) => {
      site.workloads.api = { expose: { http: { via: "standby" } } };
    };
    assert.deepEqual(served(one), { via: "standby", leadsTo: standby });
    const [web] = routesOf("web", (site) => {
      site.mesh = {};
      one(site);
    });
    assert.equal(web?.via, "gateway");
  });

  it("is the gateway for one where the standby serves the others", () => {
    const one = served((site) => {
      site.ingress.active = "standby";
      site.workloads.api = { expose: { http: { via: "gateway" } } };
    });
    assert.deepEqual(one, { via: "gateway", leadsTo: workload });
  });

  it("is the gateway alone where no standby is wanted", () => {
    const [route] = routesOf("api", (site) => {
      site.mesh = {};
      site.ingress.standby = false;
    });
    assert.equal(route?.standby, undefined);
    assert.equal(route?.gateway?.server, "istio-ingress/site");
  });
});

describe("Host names of any release", () => {
  const label = fc.stringMatching(/^[a-z]([a-z0-9-]{0,20}[a-z0-9])?$/);
  const paths = fc.constantFrom("/", "/a", "/a/b", "/b");
  const exposing = fc.uniqueArray(
    fc.record({ name: label, hosts: fc.array(label, { maxLength: 2 }), path: paths }),
    { selector: ({ name }) => name, minLength: 1, maxLength: 5 },
  );

  it("are names that DNS takes, and every two of one request are found", () => {
    const site = siteWith(() => {});
    fc.assert(
      fc.property(exposing, (workloads) => {
        const change = (release: { workloads: Record<string, unknown> }) => {
          const { api } = release.workloads;
          release.workloads = Object.fromEntries(
            workloads.map(({ name, hosts, path }) => [
              name,
              { ...(api as object), replicas: 1, expose: [{ port: "http", hosts, path }] },
            ]),
          );
        };
        const routes = blueprintWith(site, change).workloads.flatMap(({ routes }) => routes ?? []);
        for (const host of routes.flatMap(({ hosts }) => hosts)) {
          assert.match(host, /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.|$))+$/);
        }
        const requests = routes.flatMap(({ hosts, path }) => hosts.map((host) => ({ host, path })));
        const clash = requests.some(({ host, path }, at) =>
          requests
            .slice(0, at)
            .some(
              (other) =>
                other.host === host && (other.path.startsWith(path) || path.startsWith(other.path)),
            ),
        );
        const found = problemsWith(site, change).filter((text) =>
          text.endsWith("a host name and path that nothing else has"),
        );
        assert.equal(found.length > 0, clash);
      }),
      { numRuns: 40 },
    );
  });
});
