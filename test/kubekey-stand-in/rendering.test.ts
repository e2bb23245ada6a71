import { strict as assert } from "node:assert";
import { parseAllDocuments, stringify } from "yaml";
import { dnsObjects, networkObjects } from "../../rehearsal/kubekey/cluster/addons";
import { alternativeNames } from "../../rehearsal/kubekey/cluster/certificates";
import {
  controlPlaneCommands,
  emulatedVersion,
} from "../../rehearsal/kubekey/cluster/control-plane";
import { etcdEnvironment } from "../../rehearsal/kubekey/cluster/etcd";
import { haproxyConfig } from "../../rehearsal/kubekey/cluster/haproxy";
import { objectPath } from "../../rehearsal/kubekey/cluster/kube-api";
import { kwokConfig } from "../../rehearsal/kubekey/cluster/kwok";
import { isJoined, nodeObject, parseHostFacts } from "../../rehearsal/kubekey/cluster/nodes";
import {
  type ClusterPlan,
  firstControlPlane,
  siteImage,
} from "../../rehearsal/kubekey/cluster/plan";
import { readConfig } from "../../rehearsal/kubekey/v3/config";
import { compareVersions, upgradePath } from "../../rehearsal/kubekey/v3/upgrade";
import { supportedKubernetes } from "../../rehearsal/kubekey/v3/versions";
import { v3Cluster } from "./support/cluster";

const { plan } = readConfig(stringify(v3Cluster()));
const facts = parseHostFacts(
  "cpus=8\nmemoryKiB=33554432\ndiskKiB=209715200\narchitecture=x86_64\nkernel=6.1.0\nosImage=Debian\nmachineId=abc\n",
);

describe("What the kk stand-in renders", () => {
  it("gives the API server every name that kubeadm and kk give it", () => {
    for (const name of [
      "kubernetes.default.svc.cluster.local",
      "lb.kubesphere.local",
      "192.0.2.11",
      "10.233.0.1",
      "127.0.0.1",
      "registry-1",
    ]) {
      assert.ok(plan.certificateNames.includes(name), name);
    }
  });

  it("tells names from addresses in certificates, each once", () => {
    assert.equal(alternativeNames(["a.test", "192.0.2.1", "a.test"]), "DNS:a.test,IP:192.0.2.1");
  });

  it("runs the API server with the site's networks, version and all etcd members, without webhooks", () => {
    const flags =
      controlPlaneCommands("/bin/cp", firstControlPlane(plan), plan)["kube-apiserver"] ?? [];
    for (const flag of [
      "--emulated-version=1.33",
      "--service-cluster-ip-range=10.233.0.0/18",
      "--etcd-servers=https://192.0.2.11:2379",
      "--disable-admission-plugins=MutatingAdmissionWebhook,ValidatingAdmissionWebhook",
    ]) {
      assert.ok(flags.includes(flag), flag);
    }
  });

  const versions = [
    ["v1.23.17", "1.31"],
    ["v1.31.12", "1.31"],
    ["v1.33.4", "1.33"],
    ["v1.34.3", "1.34"],
  ] as const;
  for (const [kubernetes, emulated] of versions) {
    it(`lets the control plane act as ${emulated} for ${kubernetes}`, () => {
      assert.equal(emulatedVersion(kubernetes), emulated);
    });
  }

  it("joins etcd members by their own addresses", () => {
    const host = firstControlPlane(plan);
    const text = etcdEnvironment(host, plan, [host], "new");
    assert.match(text, /^ETCD_INITIAL_CLUSTER=etcd-control-1=https:\/\/192\.0\.2\.11:2380$/m);
    assert.match(text, /^ETCD_INITIAL_CLUSTER_STATE=new$/m);
  });

  it("lets no cluster Pod back on a node that is being drained, but those of every node", () => {
    const objects = [...dnsObjects(plan), ...networkObjects(plan)].filter(({ kind }) =>
      ["Deployment", "DaemonSet"].includes(kind),
    );
    assert.ok(objects.length >= 5);
    for (const { kind, metadata, spec } of objects) {
      const { template } = spec as { template: { spec: { tolerations: { key?: string }[] } } };
      const everywhere = template.spec.tolerations.some(({ key }) => key === undefined);
      assert.equal(everywhere, kind === "DaemonSet", metadata.name);
    }
  });

  it("balances a worker over every control plane", () => {
    assert.match(haproxyConfig(plan), /server control-1 192\.0\.2\.11:6443 check/);
  });

  it("sizes a node as its host, less what kk reserves", () => {
    const [worker] = plan.groups.worker;
    assert.ok(worker);
    const node = nodeObject(worker, facts, plan) as unknown as {
      metadata: { labels: Record<string, string> };
      spec: { taints: unknown[] };
      status: { capacity: Record<string, string>; allocatable: Record<string, string> };
    };
    assert.equal(node.status.capacity.cpu, "8");
    assert.equal(node.status.allocatable.cpu, "7600m");
    assert.equal(node.metadata.labels["node-role.kubernetes.io/worker"], "");
    assert.deepEqual(node.spec.taints, []);
  });

  it("taints a control plane, unless it is a worker too", () => {
    const host = firstControlPlane(plan);
    const both: ClusterPlan = { ...plan, groups: { ...plan.groups, worker: [host] } };
    const taints = (each: ClusterPlan) =>
      (nodeObject(host, facts, each).spec as { taints: unknown[] }).taints.length;
    assert.equal(taints(plan), 1);
    assert.equal(taints(both), 0);
  });

  it("finds a joined host by name or by address", () => {
    const host = firstControlPlane(plan);
    const node = (name: string, address: string) => ({
      metadata: { name },
      status: { addresses: [{ type: "InternalIP", address }] },
    });
    assert.ok(isJoined(host, [node("control-1", "192.0.2.99")]));
    assert.ok(isJoined(host, [node("other", "192.0.2.11")]));
    assert.ok(!isJoined(host, [node("other", "192.0.2.99")]));
  });

  it("names images below the site's registry, with its override if there is one", () => {
    assert.equal(siteImage(plan, "calico/cni:v1"), "dockerhub.kubekey.local/calico/cni:v1");
    const changed = { ...plan, registry: { ...plan.registry, namespaceOverride: "mirror" } };
    assert.equal(siteImage(changed, "calico/cni:v1"), "dockerhub.kubekey.local/mirror/cni:v1");
  });

  it("gives kwok four stages and the ports that it forwards, as sound YAML", () => {
    const documents = parseAllDocuments(kwokConfig());
    assert.deepEqual(
      documents.flatMap((document) => document.errors),
      [],
    );
    const names = documents.map(
      (document) => (document.toJS() as { metadata: { name: string } }).metadata.name,
    );
    const stages = ["node-ready", "pod-ready", "pod-complete", "pod-delete"];
    assert.deepEqual(names, [...stages, "monitoring", "nightingale"]);
  });

  it("finds the API's paths", () => {
    const path = (apiVersion: string, kind: string, namespace?: string) =>
      objectPath({
        apiVersion,
        kind,
        metadata: { name: "a", ...(namespace === undefined ? {} : { namespace }) },
      });
    assert.equal(path("v1", "Node"), "/api/v1/nodes/a");
    assert.equal(
      path("apps/v1", "DaemonSet", "kube-system"),
      "/apis/apps/v1/namespaces/kube-system/daemonsets/a",
    );
  });
});

describe("kk v3's versions", () => {
  it("are the 199 that it has sums for", () => {
    assert.equal(supportedKubernetes.length, 199);
    assert.equal(new Set(supportedKubernetes).size, 199);
    assert.ok(supportedKubernetes.includes("v1.33.4") && !supportedKubernetes.includes("v1.33.5"));
    assert.ok(!supportedKubernetes.includes("v1.29.13"));
  });

  const paths = [
    ["v1.32.8", "v1.33.4", ["v1.33.4"]],
    ["v1.30.1", "v1.33.0", ["v1.31.12", "v1.32.8", "v1.33.0"]],
    ["v1.33.0", "v1.33.4", ["v1.33.4"]],
  ] as const;
  for (const [from, to, steps] of paths) {
    it(`lead from ${from} to ${to} minor by minor`, () => {
      assert.deepEqual(upgradePath(from, to, supportedKubernetes), steps);
    });
  }

  it("are compared by number, not by letter", () => {
    assert.ok(compareVersions("v1.9.10", "v1.10.0") < 0);
    assert.equal(compareVersions("1.33.4", "v1.33.4"), 0);
  });
});
