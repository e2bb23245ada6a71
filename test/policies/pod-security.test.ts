import assert from "node:assert/strict";
import fc from "fast-check";
import { podSecurity } from "../../policies/pod-security";
import { judged, objectSubject, patchSubject, siteA, unknown, violations } from "./support/judging";
import { container, deployment, inContainer } from "./support/sample-objects";

// biome-ignore lint/suspicious/noExplicitAny: tests spoil objects in ways that no type allows
type AnyObject = any;

const found = (object: AnyObject, settings: AnyObject = {}) =>
  violations(podSecurity, [objectSubject(object)], { settings });

const inPod = (change: (spec: AnyObject) => void) => (object: AnyObject) =>
  change(object.spec.template.spec);

const inSecurity = (change: (context: AnyObject) => void) =>
  inContainer((made) => change(made.securityContext));

/** The DaemonSet of a shipper, in site-a's namespace of logging, as the platform has it. */
const shipper = (change: (object: AnyObject) => void = () => {}) =>
  deployment((object) => {
    object.kind = "DaemonSet";
    object.metadata = { name: "filebeat", namespace: "logging" };
    const { spec } = object.spec.template;
    spec.hostNetwork = true;
    spec.securityContext = { seccompProfile: { type: "RuntimeDefault" } };
    const [first] = spec.containers;
    first.securityContext.runAsUser = 0;
    first.securityContext.capabilities.add = ["DAC_READ_SEARCH"];
    change(object);
  });

const start = "Deployment parcels/web: spec.template.spec";
const security = `${start}.containers[0].securityContext`;

describe("pod-security", () => {
  it("lets Pods through that run as nobody in particular with nothing to lose", () => {
    assert.deepEqual(found(deployment()), []);
  });

  it("lets a container say what its Pod does not", () => {
    const object = deployment((made) => {
      inPod((spec) => delete spec.securityContext)(made);
      inSecurity((context) =>
        Object.assign(context, {
          runAsNonRoot: true,
          seccompProfile: { type: "Localhost", localhostProfile: "web.json" },
        }),
      )(made);
    });
    assert.deepEqual(found(object), []);
  });

  it("lets ports below 1024 be served", () => {
    const object = deployment(
      inSecurity(({ capabilities }) => Object.assign(capabilities, { add: ["NET_BIND_SERVICE"] })),
    );
    assert.deepEqual(found(object), []);
  });

  const cases: readonly (readonly [string, (object: AnyObject) => void, string, RegExp])[] = [
    [
      "the node's network",
      inPod((spec) => Object.assign(spec, { hostNetwork: true })),
      `${start}.hostNetwork`,
      /needs false/,
    ],
    [
      "a port of the node that the cluster refuses there",
      inContainer(({ ports }) => Object.assign(ports[0], { hostPort: 8080 })),
      `${start}.containers[0].ports[0].hostPort`,
      /needs none in a namespace of level restricted; given 8080/,
    ],
    [
      "settings of the node's kernel",
      inPod(({ securityContext }) =>
        Object.assign(securityContext, {
          sysctls: [{ name: "net.ipv4.tcp_syncookies" }, { name: "kernel.msgmax" }, null],
        }),
      ),
      `${start}.securityContext.sysctls`,
      /needs none but those that are the Pod's own; given kernel.msgmax, /,
    ],
    [
      "an open /proc",
      inSecurity((context) => Object.assign(context, { procMount: "Unmasked" })),
      `${security}.procMount`,
      /needs Default; given Unmasked/,
    ],
    [
      "no AppArmor",
      inPod(({ securityContext }) =>
        Object.assign(securityContext, { appArmorProfile: { type: "Unconfined" } }),
      ),
      `${security}.appArmorProfile.type`,
      /given Unconfined/,
    ],
    [
      "the node's processes",
      inPod((spec) => Object.assign(spec, { hostPID: true })),
      `${start}.hostPID`,
      /needs false/,
    ],
    [
      "the node's shared memory",
      inPod((spec) => Object.assign(spec, { hostIPC: true })),
      `${start}.hostIPC`,
      /needs false/,
    ],
    [
      "a privileged container",
      inSecurity((context) => Object.assign(context, { privileged: true })),
      `${security}.privileged`,
      /needs false; given true/,
    ],
    [
      "a process that may become more than it is",
      inSecurity((context) => Object.assign(context, { allowPrivilegeEscalation: true })),
      `${security}.allowPrivilegeEscalation`,
      /given true/,
    ],
    [
      "nothing said of becoming more",
      inSecurity((context) => delete context.allowPrivilegeEscalation),
      `${security}.allowPrivilegeEscalation`,
      /needs false; given nothing/,
    ],
    [
      "capabilities that are kept",
      inSecurity((context) => delete context.capabilities),
      `${security}.capabilities.drop`,
      /needs ALL; given nothing/,
    ],
    [
      "some capabilities dropped",
      inSecurity((context) => Object.assign(context.capabilities, { drop: ["NET_RAW"] })),
      `${security}.capabilities.drop`,
      /given NET_RAW;/,
    ],
    [
      "a capability that is added",
      inSecurity((context) => Object.assign(context.capabilities, { add: ["NET_ADMIN"] })),
      `${security}.capabilities.add`,
      /given NET_ADMIN/,
    ],
    [
      "root by the Pod",
      inPod((spec) => Object.assign(spec.securityContext, { runAsUser: 0 })),
      `${security}.runAsUser`,
      /other than root; given 0/,
    ],
    [
      "root by the container, whatever the Pod says",
      inSecurity((context) => Object.assign(context, { runAsUser: 0 })),
      `${security}.runAsUser`,
      /other than root; given 0/,
    ],
    [
      "a container that takes back what the Pod promises",
      inSecurity((context) => Object.assign(context, { runAsNonRoot: false })),
      `${security}.runAsNonRoot`,
      /given false/,
    ],
    [
      "an image that may be root",
      inPod((spec) => delete spec.securityContext.runAsNonRoot),
      `${security}.runAsNonRoot`,
      /given nothing/,
    ],
    [
      "no filter of calls to the kernel",
      inPod((spec) => delete spec.securityContext.seccompProfile),
      `${security}.seccompProfile.type`,
      /given nothing/,
    ],
    [
      "a filter that is switched off",
      inSecurity((context) => Object.assign(context, { seccompProfile: { type: "Unconfined" } })),
      `${security}.seccompProfile.type`,
      /given Unconfined/,
    ],
  ];
  for (const [title, change, path, expected] of cases) {
    it(`refuses ${title}`, () => {
      const [violation = "", ...others] = found(deployment(change));
      assert.ok(violation.startsWith(`${path} `), violation);
      assert.match(violation, expected);
      assert.deepEqual(others, []);
    });
  }

  it("looks at init containers, sidecars and CronJobs too", () => {
    const bad = () => container((made) => delete made.securityContext.capabilities);
    const { spec } = deployment(
      inPod((pod) =>
        Object.assign(pod, { initContainers: [bad(), { ...bad(), restartPolicy: "Always" }] }),
      ),
    );
    const metadata = { name: "nightly", namespace: "parcels" };
    const jobTemplate = { spec: { template: spec.template } };
    const job = { apiVersion: "batch/v1", kind: "CronJob", metadata, spec: { jobTemplate } };
    assert.deepEqual(
      found(job).map((violation) => violation.split(" ")[2]),
      [0, 1].map(
        (at) =>
          `spec.jobTemplate.spec.template.spec.initContainers[${at}].securityContext.capabilities.drop`,
      ),
    );
  });

  it("lets the platform's own have what just they need", () => {
    assert.deepEqual(found(shipper()), []);
  });

  it("refuses the same to another of that name, kind or place, and more to it", () => {
    for (const change of [
      (object: AnyObject) => Object.assign(object.metadata, { name: "reader" }),
      (object: AnyObject) => Object.assign(object.metadata, { namespace: "parcels" }),
      (object: AnyObject) => Object.assign(object, { kind: "Deployment" }),
      inPod((spec) => Object.assign(spec, { hostPID: true })),
      inContainer((made) => made.securityContext.capabilities.add.push("SYS_ADMIN")),
    ]) {
      assert.notDeepEqual(found(shipper(change)), []);
    }
  });

  it("lets a workload of the release be root where the release says so, and no other", () => {
    const blueprint = structuredClone(siteA());
    const [workload] = blueprint.workloads.filter(({ kind }) => kind === "Deployment");
    assert.ok(workload);
    Object.assign(workload.settings, { runAsUser: 0, capabilities: ["SYS_NICE"] });
    const of = (name: string) =>
      deployment((object) => {
        object.metadata = { name, namespace: workload.namespace };
        inPod((spec) => Object.assign(spec, { securityContext: rootUser }))(object);
        inSecurity((context) => Object.assign(context.capabilities, { add: ["SYS_NICE"] }))(object);
      });
    const faults = (name: string) =>
      judged(podSecurity, [objectSubject(of(name))], { blueprint }).findings.length;
    assert.equal(faults(workload.name), 0);
    assert.equal(faults("another"), 2);
  });

  it("lets a team's namespace be laxer where the site says why, but gives it nothing of the node", () => {
    const lax = (change: (object: AnyObject) => void) =>
      found(
        deployment((object) => {
          object.metadata.namespace = "site-a-billing-reports";
          change(object);
        }),
      );
    assert.deepEqual(lax(inPod((spec) => Object.assign(spec, { securityContext: {} }))), []);
    assert.deepEqual(lax(inContainer((made) => delete made.securityContext)), []);
    const nodes = lax(inPod((spec) => Object.assign(spec, { hostNetwork: true })));
    assert.match(nodes.join("\n"), /hostNetwork needs false/);
    const more = lax(
      inSecurity(({ capabilities }) => Object.assign(capabilities, { add: ["BPF"] })),
    );
    assert.match(more.join("\n"), /given BPF/);
  });

  it("lets through what the site states with a reason", () => {
    const object = deployment(inPod((spec) => Object.assign(spec, { hostNetwork: true })));
    const because = "it answers on the customer's old network";
    const also = [{ pods: "Deployment parcels/web", rights: ["hostNetwork"], because }];
    assert.deepEqual(found(object, { also }), []);
    const others = [{ pods: "Deployment parcels/api", rights: ["hostNetwork"], because }];
    assert.equal(found(object, { also: others }).length, 1);
  });

  const label = "pod-security.kubernetes.io/enforce";
  const namespace = (name: string, labels?: object) => ({
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name, ...(labels && { labels }) },
  });

  it("lets namespaces through that the cluster keeps as strict as the site says, or stricter", () => {
    assert.deepEqual(found(namespace("site-a-sorting-web", { [label]: "restricted" })), []);
    assert.deepEqual(found(namespace("site-a-billing-reports", { [label]: "baseline" })), []);
    assert.deepEqual(found(namespace("site-a-billing-reports", { [label]: "restricted" })), []);
    assert.deepEqual(found(namespace("logging", { [label]: "privileged" })), []);
    assert.deepEqual(found(namespace("somebody-elses")), []);
  });

  for (const [title, labels] of [
    ["a laxer level", { [label]: "baseline" }],
    ["no level", undefined],
    ["a level that there is not", { [label]: "strict" }],
  ] as const) {
    it(`refuses a namespace with ${title}`, () => {
      const [violation = "", ...others] = found(namespace("site-a-sorting-web", labels));
      assert.match(
        violation,
        /^Namespace site-a-sorting-web: metadata\.labels\.pod-sec.* needs restr/,
      );
      assert.deepEqual(others, []);
    });
  }

  it("asks a patch for nothing that it leaves alone, and refuses what it sets", () => {
    const patch = deployment((object) => {
      inPod((spec) => delete spec.securityContext)(object);
      inContainer((made) => Object.assign(made, { securityContext: { privileged: true } }))(object);
    });
    const [violation = "", ...others] = violations(podSecurity, [patchSubject(patch)]);
    assert.match(violation, /securityContext\.privileged needs false/);
    assert.deepEqual(others, []);
  });

  it("waits for the update where a user is not known yet", () => {
    const object = deployment(inSecurity((own) => Object.assign(own, { runAsUser: unknown })));
    const { findings, undecided } = judged(podSecurity, [objectSubject(object)]);
    assert.deepEqual(findings, []);
    assert.deepEqual(
      undecided.map(({ path }) => path.join(".")),
      ["spec.template.spec.containers.0.securityContext.runAsUser"],
    );
  });

  it("does not fail on any object", () => {
    const anything = fc.anything({ maxDepth: 4 });
    fc.assert(
      fc.property(anything, anything, (pod, own) => {
        const whole = deployment((object) => Object.assign(object, { spec: pod }));
        const part = deployment(inSecurity((context) => Object.assign(context, { a: own })));
        inPod((spec) => Object.assign(spec, { securityContext: own, containers: [pod, own] }))(
          part,
        );
        found(whole);
        found(part);
        found({ apiVersion: "v1", kind: "Namespace", metadata: pod });
        found({ ...namespace("logging"), metadata: { name: "logging", labels: own } });
      }),
    );
  });
});

const rootUser = { runAsUser: 0, seccompProfile: { type: "RuntimeDefault" } };
