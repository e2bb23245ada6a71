import assert from "node:assert/strict";
import { nodePorts } from "../../policies/node-ports";
import { objectSubject, unknown, violations } from "./support/judging";
import { deployment, inContainer } from "./support/sample-objects";

interface Port {
  readonly nodePort?: unknown;
  readonly protocol?: string;
}

const service = (name: string, spec: object, namespace = "parcels") =>
  objectSubject({ apiVersion: "v1", kind: "Service", metadata: { name, namespace }, spec });

const open = (name: string, port: Port, namespace?: string) =>
  service(name, { type: "NodePort", ports: [{ port: 80, ...port }] }, namespace);

const worker = { "sitewright/worker": "true" };
const edge = { "sitewright/edge": "true" };

/** Pods that listen on the host. */
const listening = (
  name: string,
  ports: readonly object[],
  more: object = {},
  kind = "Deployment",
) => {
  const made = deployment(inContainer((container) => Object.assign(container, { ports })));
  Object.assign(made.spec.template.spec, more);
  return objectSubject({ ...made, kind, metadata: { ...made.metadata, name } });
};

const onHost = (name: string, port: number, more?: object, protocol = "TCP") =>
  listening(name, [{ containerPort: port, hostPort: port, protocol }], more);

const found = (...subjects: Parameters<typeof violations>[1]) => violations(nodePorts, subjects);

/** The only thing that is found. */
const only = (...subjects: Parameters<typeof violations>[1]) => {
  const [violation = "", ...more] = found(...subjects);
  assert.deepEqual(more, []);
  return violation;
};

describe("node-ports", () => {
  it("lets stated NodePorts through that nothing else has, and Services without any", () => {
    const plain = service("inner", { ports: [{ port: 80 }] });
    const gateway = open("istio-ingress", { nodePort: 30443 }, "istio-ingress");
    assert.deepEqual(found(open("web", { nodePort: 30001 }), plain, gateway), []);
  });

  it("lets one number carry TCP for one Service and UDP for another", () => {
    const subjects = [
      open("a", { nodePort: 30001 }),
      open("b", { nodePort: 30001, protocol: "UDP" }),
    ];
    assert.deepEqual(found(...subjects), []);
  });

  for (const nodePort of [29_999, 32_768, 80]) {
    it(`refuses NodePort ${nodePort}, which lies outside the range`, () => {
      assert.match(
        only(open("web", { nodePort })),
        /^Service parcels\/web: spec.ports\[0\].nodePort needs a number from 30000 to 32767; given \d+; next: state a number/,
      );
    });
  }

  it("refuses a NodePort that is left to chance", () => {
    assert.match(only(open("web", {})), /nodePort needs a stated number; given nothing/);
    assert.match(only(open("web", { nodePort: 0 })), /nodePort needs a stated number/);
  });

  it("refuses a NodePort that another Service has, at the later of the two", () => {
    assert.match(
      only(open("web", { nodePort: 30001 }), open("api", { nodePort: 30001 }, "default")),
      /^Service parcels\/web: .* needs a port that nothing else has; given TCP 30001, which Service default\/api has/,
    );
  });

  it("refuses a NodePort that the site has given away, whether or not its owner is judged too", () => {
    assert.match(only(open("web", { nodePort: 30443 })), /given TCP 30443, which is the gateway's/);
    assert.match(only(open("web", { nodePort: 31080 })), /given TCP 31080, which is the standby's/);
    const belts = { nodePort: 30054, protocol: "UDP" };
    assert.match(only(open("web", belts, "monitoring")), /which is workload belts's/);
  });

  it("refuses a LoadBalancer, unless the site says that something serves it", () => {
    const balanced = (more: object) =>
      service("web", { type: "LoadBalancer", ports: [{ port: 80, ...more }] });
    assert.match(
      only(balanced({})),
      /spec.type needs NodePort or ClusterIP, .*; given LoadBalancer/,
    );
    const settings = { loadBalancers: true };
    const served = (subject: ReturnType<typeof balanced>) =>
      violations(nodePorts, [subject], { settings });
    assert.equal(served(balanced({})).length, 1);
    assert.deepEqual(served(balanced({ nodePort: 30001 })), []);
    const none = {
      type: "LoadBalancer",
      allocateLoadBalancerNodePorts: false,
      ports: [{ port: 80 }],
    };
    assert.deepEqual(served(service("web", none)), []);
  });

  it("refuses a health check's NodePort that another Service has", () => {
    const spec = { type: "NodePort", healthCheckNodePort: 30001, ports: [] };
    assert.match(only(open("a", { nodePort: 30001 }), service("b", spec)), /healthCheckNodePort/);
  });

  it("lets Pods have ports of hosts that nothing else listens on", () => {
    assert.deepEqual(found(onHost("a", 8443), onHost("b", 8444)), []);
    assert.deepEqual(found(onHost("a", 8443), onHost("b", 8443, {}, "UDP")), []);
    const bears = [{ operator: "Exists" }];
    const apart = [
      onHost("a", 8443, { nodeSelector: worker }),
      onHost("b", 8443, { nodeSelector: edge, tolerations: bears }),
    ];
    assert.deepEqual(found(...apart), []);
    const local = (hostIP: string) => [{ containerPort: 80, hostPort: 8443, hostIP }];
    assert.deepEqual(
      found(listening("a", local("127.0.0.1")), listening("b", local("127.0.0.2"))),
      [],
    );
  });

  it("lets Pods without the host's network have any port of their own", () => {
    assert.deepEqual(found(listening("a", [{ containerPort: 10250 }])), []);
  });

  it("refuses two Pods with the same port of a host that both may run on", () => {
    assert.match(
      only(onHost("a", 8443), listening("b", [{ containerPort: 8443 }], { hostNetwork: true })),
      /^Deployment parcels\/b: spec.template.spec.containers\[0\].ports\[0\].containerPort needs a port that nothing else has; given TCP 8443, which Deployment parcels\/a has on worker-1; next: choose another port/,
    );
    const local = [{ containerPort: 80, hostPort: 8443, hostIP: "127.0.0.1" }];
    assert.match(only(onHost("a", 8443), listening("b", local)), /hostPort needs/);
    const further = listening("b", local, {}, "ReplicationController");
    assert.match(only(onHost("a", 8443), further), /^ReplicationController parcels\/b: /);
  });

  it("refuses a port of a host that is no Pod's, on the hosts where it is one", () => {
    assert.match(only(onHost("a", 10250)), /which is for the kubelet on worker-1/);
    assert.match(only(onHost("a", 22)), /which is for the SSH server on worker-1/);
    assert.deepEqual(found(onHost("a", 2379)), []);
    const anywhere = { tolerations: [{ operator: "Exists" }] };
    assert.match(only(onHost("a", 2379, anywhere)), /which is for etcd on control-1/);
    assert.match(only(onHost("a", 443, anywhere)), /which is for port https of the edge on edge-1/);
  });

  it("refuses a port of a host that may be a Service's NodePort any day", () => {
    assert.match(
      only(onHost("a", 30500)),
      /none of the NodePorts; given 30500; next: choose one below/,
    );
  });

  it("looks at Pods of Jobs and at containers that run before others", () => {
    const job = listening("a", [{ containerPort: 80, hostPort: 22 }], {}, "Job");
    const properties = { ...job.properties, apiVersion: "batch/v1" };
    assert.match(only(objectSubject(properties)), /^Job parcels\/a: .*SSH/);
    const init = deployment(({ spec: { template } }) => {
      template.spec.initContainers = [
        { name: "early", ports: [{ containerPort: 22, hostPort: 22 }] },
      ];
    });
    assert.match(only(objectSubject(init)), /initContainers\[0\].ports\[0\].hostPort/);
  });

  it("judges the others where a number is known only in the update", () => {
    const subjects = [open("a", { nodePort: unknown }), open("b", { nodePort: 1 })];
    assert.match(only(...subjects), /^Service parcels\/b/);
  });
});
