import assert from "node:assert/strict";
import { blueprintWith, roomySite, workloadOf } from "../support/platform-site";

type AnySite = ReturnType<typeof roomySite>;

const meshed = (mesh: object, change: (site: AnySite) => void = () => {}) => {
  const site = roomySite();
  site.mesh = mesh;
  change(site);
  return site;
};
const namespaceLabels = (blueprint: ReturnType<typeof blueprintWith>) => {
  const [namespace] = blueprint.namespaces;
  return Object.fromEntries(
    Object.entries(namespace?.labels ?? {}).filter(([key]) => key.includes("istio")),
  );
};

describe("Membership of the mesh", () => {
  const cases: readonly {
    readonly title: string;
    readonly site: AnySite;
    readonly release?: Parameters<typeof blueprintWith>[1];
    readonly namespace: object;
    /** Labels of the Pods of `api`; undefined where there is no mesh. */
    readonly api: object | undefined;
  }[] = [
    { title: "is nobody's without a mesh", site: roomySite(), namespace: {}, api: undefined },
    {
      title: "is by the namespace, which follows the tag and not a version",
      site: meshed({}),
      namespace: { "istio.io/rev": "stable" },
      api: { "sidecar.istio.io/inject": "true" },
    },
    {
      title: "ends for a namespace by one field of the release",
      site: meshed({}),
      release: ({ namespaces }) => {
        namespaces.parcels.mesh = false;
      },
      namespace: {},
      api: { "sidecar.istio.io/inject": "false" },
    },
    {
      title: "ends for a namespace by one field of the site",
      site: meshed({ namespaces: { parcels: false } }),
      namespace: {},
      api: { "sidecar.istio.io/inject": "false" },
    },
    {
      title: "returns for a namespace by one field of the site",
      site: meshed({ namespaces: { parcels: true } }),
      release: ({ namespaces }) => {
        namespaces.parcels.mesh = false;
      },
      namespace: { "istio.io/rev": "stable" },
      api: { "sidecar.istio.io/inject": "true" },
    },
    {
      title: "ends for a workload by one field of the site",
      site: meshed({}, (site) => {
        site.workloads.api = { mesh: false };
      }),
      namespace: { "istio.io/rev": "stable" },
      api: { "sidecar.istio.io/inject": "false" },
    },
    {
      title: "is a workload's own where its namespace stays out, and then names the tag itself",
      site: meshed({ namespaces: { parcels: false } }, (site) => {
        site.workloads.api = { mesh: true };
      }),
      namespace: {},
      api: { "sidecar.istio.io/inject": "true", "istio.io/rev": "stable" },
    },
    {
      title: "is the site's word before the release's",
      site: meshed({}, (site) => {
        site.workloads.api = { mesh: true };
      }),
      release: ({ workloads }) => {
        workloads.api.mesh = false;
      },
      namespace: { "istio.io/rev": "stable" },
      api: { "sidecar.istio.io/inject": "true" },
    },
    {
      title: "is by the namespace alone with one proxy a node",
      site: meshed({ mode: "ambient" }),
      namespace: { "istio.io/dataplane-mode": "ambient" },
      api: {},
    },
    {
      title: "ends for a workload with one proxy a node",
      site: meshed({ mode: "ambient" }, (site) => {
        site.workloads.api = { mesh: false };
      }),
      namespace: { "istio.io/dataplane-mode": "ambient" },
      api: { "istio.io/dataplane-mode": "none" },
    },
    {
      title: "is a workload's own with one proxy a node",
      site: meshed({ mode: "ambient", namespaces: { parcels: false } }, (site) => {
        site.workloads.api = { mesh: true };
      }),
      namespace: {},
      api: { "istio.io/dataplane-mode": "ambient" },
    },
  ];
  for (const { title, site, release, namespace, api } of cases) {
    it(title, () => {
      const blueprint = blueprintWith(site, release);
      assert.deepEqual(namespaceLabels(blueprint), namespace);
      const { "sitewright/track": _, ...labels } = workloadOf(blueprint, "api").mesh?.labels ?? {};
      assert.deepEqual(api === undefined ? undefined : labels, api);
    });
  }

  it("replaces Pods with a new version of the proxies, and only those that have one", () => {
    const blueprint = blueprintWith(
      meshed({}, (site) => {
        site.workloads.api = { mesh: false };
      }),
    );
    assert.equal(workloadOf(blueprint, "web").mesh?.revision, "1-30-3");
    assert.equal(workloadOf(blueprint, "api").mesh?.revision, undefined);
  });
});

describe("Ports that stay open beside mutual TLS", () => {
  const metrics: Parameters<typeof blueprintWith>[1] = ({ workloads }) => {
    workloads.api.ports.push({ name: "metrics", port: 9797 }, { name: "inner", port: 9898 + 1 });
  };
  const ports = (mesh: object, change: (site: AnySite) => void = () => {}) =>
    workloadOf(blueprintWith(meshed(mesh, change), metrics), "api").mesh?.plainPorts;
  const ingress = (site: AnySite) => {
    site.ingress = { domain: "apps.site-t.example" };
  };

  it("are none to state where it is not required", () => assert.deepEqual(ports({}, ingress), []));

  it("are those for figures, and those that the standby reaches", () => {
    assert.deepEqual(ports({ mtls: "strict" }, ingress), [9898, 9797]);
  });

  it("are those for figures alone where no standby reaches anything", () => {
    assert.deepEqual(ports({ mtls: "strict" }), [9797]);
  });
});

describe("What the proxies of a namespace hold", () => {
  const hosts = (mesh: object, release?: Parameters<typeof blueprintWith>[1]) =>
    blueprintWith(meshed(mesh), release).namespaces.map(({ mesh }) => mesh?.egressHosts);

  it("is its own, the product's other namespaces and the control plane", () => {
    const two: Parameters<typeof blueprintWith>[1] = ({ namespaces }) => {
      namespaces.billing = { labels: {}, mesh: true, podSecurity: { level: "restricted" } };
    };
    assert.deepEqual(hosts({}, two), [undefined, ["./*", "billing/*", "istio-system/*"]]);
  });

  it("is also where traces go", () => {
    const tracing = { provider: "zipkin", service: "jaeger.tracing", port: 9411 };
    assert.deepEqual(hosts({ tracing }), [["./*", "istio-system/*", "tracing/*"]]);
  });

  it("is nothing where no Pod has one", () => {
    assert.deepEqual(hosts({ mode: "ambient" }), [undefined]);
    assert.deepEqual(hosts({ namespaces: { parcels: false } }), [undefined]);
  });
});
