import assert from "node:assert/strict";
import fc from "fast-check";
import { probes } from "../../policies/probes";
import {
  assertOnly,
  judged,
  objectSubject,
  patchSubject,
  siteA,
  unknown,
  violations,
} from "./support/judging";
import { container, deployment, inContainer } from "./support/sample-objects";

// biome-ignore lint/suspicious/noExplicitAny: spoilt in ways that no type allows
type AnyObject = any;

const web = (change: (container: AnyObject) => void = () => {}) => deployment(inContainer(change));

const withoutProbes = (one: AnyObject) => {
  delete one.readinessProbe;
  delete one.livenessProbe;
};

const beside = (kind: "containers" | "initContainers", one: AnyObject) =>
  deployment((object) => {
    const { spec } = object.spec.template;
    spec[kind] = [...(spec[kind] ?? []), one];
  });

const sidecar = container((one) => {
  one.name = "sidecar";
  one.restartPolicy = "Always";
});

const found = (object: AnyObject, setting = {}) =>
  violations(probes, [objectSubject(object)], setting);

describe("probes", () => {
  for (const [title, object] of [
    ["a container that is asked both", web()],
    [
      "one that is asked whether it has started, too",
      web((one) => {
        one.startupProbe = { grpc: { port: 9090 } };
      }),
    ],
    [
      "one that is asked by the name of its port",
      web((one) => {
        one.readinessProbe = { tcpSocket: { port: "http" } };
        one.livenessProbe = { exec: { command: ["/alive"] } };
      }),
    ],
    [
      "one without ports",
      web((one) => {
        withoutProbes(one);
        delete one.ports;
      }),
    ],
    [
      "one that shows figures alone",
      web((one) => {
        withoutProbes(one);
        one.ports = [{ name: "metrics", containerPort: 9090 }];
      }),
    ],
    ["an init container, which ends", beside("initContainers", container(withoutProbes))],
    ["a sidecar that is asked both", beside("initContainers", sidecar)],
    ["a Job, which ends", { ...web(withoutProbes), apiVersion: "batch/v1", kind: "Job" }],
    [
      "a CronJob, whose Jobs end",
      {
        apiVersion: "batch/v1",
        kind: "CronJob",
        metadata: { name: "web", namespace: "parcels" },
        spec: { jobTemplate: { spec: web(withoutProbes).spec } },
      },
    ],
    [
      "a Pod that ends",
      {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: "test", namespace: "parcels" },
        spec: { restartPolicy: "Never", containers: [container(withoutProbes)] },
      },
    ],
  ] as const) {
    it(`lets ${title} through`, () => assert.deepEqual(found(object), []));
  }

  const path = "spec.template.spec.containers[0]";
  for (const [title, object, where, expected] of [
    [
      "one that nobody asks whether it is ready",
      web((one) => delete one.readinessProbe),
      `${path}.readinessProbe`,
      /a probe, since it serves by port http; given nothing/,
    ],
    [
      "one that nobody asks whether it lives",
      web((one) => delete one.livenessProbe),
      `${path}.livenessProbe`,
      /a probe, since it serves/,
    ],
    [
      "one that is only asked whether it has started",
      web((one) => {
        one.startupProbe = one.livenessProbe;
        delete one.livenessProbe;
      }),
      `${path}.livenessProbe`,
      /given nothing/,
    ],
    [
      "a port without a name",
      web((one) => {
        one.ports = [{ containerPort: 8080 }];
        delete one.readinessProbe;
      }),
      `${path}.readinessProbe`,
      /serves by port 8080/,
    ],
    [
      "a second container that nobody asks",
      beside(
        "containers",
        container((one) => delete one.livenessProbe),
      ),
      "spec.template.spec.containers[1].livenessProbe",
      /given nothing/,
    ],
    [
      "a sidecar that nobody asks",
      beside("initContainers", { ...sidecar, readinessProbe: undefined }),
      "spec.template.spec.initContainers[0].readinessProbe",
      /given nothing/,
    ],
    [
      "a question without a way to ask it",
      web((one) => {
        one.livenessProbe = { periodSeconds: 10 };
      }),
      `${path}.livenessProbe`,
      /one of httpGet.*given none of them/,
    ],
    [
      "two ways of asking at once",
      web((one) => {
        one.livenessProbe = { exec: {}, httpGet: {} };
      }),
      `${path}.livenessProbe`,
      /given httpGet and exec/,
    ],
    [
      "a question by a port that is not there",
      web((one) => {
        one.startupProbe = { httpGet: { port: "admin" } };
      }),
      `${path}.startupProbe.httpGet.port`,
      /one of the container's ports.*given "admin"/,
    ],
    [
      "a DaemonSet's container",
      { ...web((one) => delete one.livenessProbe), kind: "DaemonSet" },
      `${path}.livenessProbe`,
      /given nothing/,
    ],
  ] as const) {
    it(`refuses ${title}`, () => {
      assertOnly(found(object), `${object.kind} parcels/web: ${where} needs`, expected);
    });
  }

  it("goes by the site's own names of ports that serve nobody", () => {
    const object = web(withoutProbes);
    assert.deepEqual(found(object, { settings: { ownPorts: ["http"] } }), []);
  });

  it("lets out the very container and probe that the site names, and no other", () => {
    const one = {
      pods: "Deployment parcels/web",
      container: "web",
      probe: "livenessProbe",
      because: "it is restarted by its own supervisor",
    };
    const count = (change: object) =>
      found(
        web((made) => delete made.livenessProbe),
        { settings: { also: [{ ...one, ...change }] } },
      ).length;
    assert.equal(count({}), 0);
    for (const change of [
      { pods: "Deployment parcels/api" },
      { container: "sidecar" },
      { probe: "readinessProbe" },
    ]) {
      assert.equal(count(change), 1);
    }
  });

  const { mesh, ...platform } = siteA().platform;
  const other = {
    ...siteA(),
    platform: {
      ...platform,
      ...(mesh && { mesh: { ...mesh, mode: "ambient" } }),
      configCentre: { server: { namespace: "consul" } },
    },
  };
  for (const [kind, namespace, name, containerName, setting] of [
    ["Deployment", "istio-system", "istiod-1-30-3", "discovery", {}],
    ["DaemonSet", "istio-system", "ztunnel", "istio-proxy", { blueprint: other }],
    ["StatefulSet", "consul", "consul-server", "consul", { blueprint: other }],
  ] as const) {
    it(`knows that ${name} has no question whether it lives, and only that`, () => {
      const without = (probe: string, more = {}) =>
        found(
          deployment((object) => {
            object.kind = kind;
            object.metadata = { name, namespace };
            const [only] = object.spec.template.spec.containers;
            only.name = containerName;
            delete only[probe];
            Object.assign(only, more);
          }),
          setting,
        );
      assert.deepEqual(without("livenessProbe"), []);
      assert.equal(without("readinessProbe").length, 1);
      assert.equal(without("livenessProbe", { name: "another" }).length, 1);
    });
  }

  it("asks ztunnel whether it lives where the mesh has none", () => {
    const ztunnel = deployment((object) => {
      object.kind = "DaemonSet";
      object.metadata = { name: "ztunnel", namespace: "istio-system" };
      const [only] = object.spec.template.spec.containers;
      only.name = "istio-proxy";
      delete only.livenessProbe;
    });
    assert.equal(found(ztunnel).length, 1);
  });

  it("asks a patch for nothing that it leaves alone", () => {
    const left = web((one) => {
      withoutProbes(one);
      one.startupProbe = { httpGet: { port: "admin" } };
    });
    assert.deepEqual(violations(probes, [patchSubject(left)]), []);
    const stated = web((one) => {
      one.livenessProbe = {};
    });
    assert.equal(violations(probes, [patchSubject(stated)]).length, 1);
  });

  it("waits for the update where a port is not known yet", () => {
    const late = web((one) => {
      one.livenessProbe = { httpGet: { port: unknown } };
    });
    const { findings, undecided } = judged(probes, [objectSubject(late)]);
    assert.deepEqual([findings.length, undecided[0]?.path.at(-1)], [0, "port"]);
  });

  it("throws at nothing, whatever stands in an object", () => {
    const probe = fc.oneof(
      fc.anything(),
      fc.dictionary(fc.constantFrom("httpGet", "exec"), fc.anything()),
    );
    const list = (item: fc.Arbitrary<unknown>) => fc.oneof(fc.anything(), fc.array(item));
    const one = fc.record(
      {
        name: fc.anything(),
        ports: list(fc.anything()),
        livenessProbe: probe,
        readinessProbe: probe,
        restartPolicy: fc.anything(),
      },
      { requiredKeys: [] },
    );
    const spec = fc.oneof(
      fc.anything(),
      fc.record({ containers: list(one), initContainers: list(one) }, { requiredKeys: [] }),
    );
    fc.assert(
      fc.property(spec, (spec) => {
        judged(probes, [objectSubject({ ...deployment(), spec: { template: { spec } } })]);
      }),
      { numRuns: 200 },
    );
  });
});
