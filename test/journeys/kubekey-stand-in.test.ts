import { strict as assert } from "node:assert";
import { stringify } from "yaml";
import { clusterImages } from "../../rehearsal/kubekey/v3/versions";
import { KubekeySite, kubekeyLogin } from "./support/kubekey-site";

const marker = (pipeline: string) => `Pipeline[${pipeline}] execute successfully`;
const addresses = {
  "control-1": "192.0.2.11",
  "control-2": "192.0.2.12",
  "control-3": "192.0.2.13",
  "worker-1": "192.0.2.21",
  "worker-2": "192.0.2.22",
  "registry-1": "192.0.2.51",
};
const registry = "dockerhub.kubekey.local";

function cluster(kubernetes: string, workers: readonly string[]): string {
  const controls = ["control-1", "control-2", "control-3"];
  const names = [...controls, ...workers, "registry-1"];
  return stringify({
    apiVersion: "kubekey.kubesphere.io/v1alpha2",
    kind: "Cluster",
    metadata: { name: "journey" },
    spec: {
      hosts: Object.entries(addresses)
        .filter(([name]) => names.includes(name))
        .map(([name, address]) => ({
          name,
          address,
          internalAddress: address,
          ...kubekeyLogin,
          arch: "amd64",
        })),
      roleGroups: {
        etcd: controls,
        "control-plane": controls,
        worker: workers,
        registry: ["registry-1"],
      },
      controlPlaneEndpoint: {
        internalLoadbalancer: "haproxy",
        domain: "lb.kubesphere.local",
        address: "",
        port: 6443,
      },
      kubernetes: { version: kubernetes, containerManager: "containerd", autoRenewCerts: true },
      etcd: { type: "kubekey" },
      network: {
        plugin: "calico",
        kubePodsCIDR: "10.233.64.0/18",
        kubeServiceCIDR: "10.233.0.0/18",
      },
      registry: {
        type: "harbor",
        privateRegistry: registry,
        auths: {
          [registry]: {
            username: "admin",
            password: "Registry-1",
            certsPath: `/etc/docker/certs.d/${registry}`,
          },
        },
      },
    },
  });
}

const images = (kubernetes: string) =>
  clusterImages(kubernetes, true, true).map((image) => `docker.io/${image}`);
const artifact = "-a kubekey-artifact.tar.gz";
const create = `create cluster -f cluster.yaml ${artifact} --with-packages --skip-push-images -y`;

describe("The kk stand-in v3.1.12 on simulated hosts", function () {
  this.timeout(240_000);
  const site = new KubekeySite("journey-kubekey3");

  before(async () => {
    await site.start(addresses);
    await site.bundle("v3.1.12", "v1.32.8", images("v1.32.8"));
    await site.write("cluster.yaml", cluster("v1.32.8", ["worker-1"]));
  });

  after(async () => {
    assert.deepEqual(await site.end(), []);
  });

  it("stops at the pre-check while a host lacks conntrack, without its question", async () => {
    const ended = await site.kk(`create cluster -f cluster.yaml ${artifact} -y`);
    assert.equal(ended.code, 1);
    assert.match(ended.stderr, /control-1: conntrack is required\./);
    assert.doesNotMatch(
      ended.stdout + ended.stderr,
      /Continue this installation|execute successfully/,
    );
  });

  it("refuses to push to a registry that is not there, and says so twice over as the real one", async () => {
    const ended = await site.kk(`artifact images push -f cluster.yaml ${artifact}`);
    assert.equal(ended.code, 1);
    assert.match(ended.stdout, /copy image failed: .*connection refused/i);
    assert.match(ended.stderr, /get manifest list failed by module cache/);
  });

  it("sets up a real registry behind TLS and a password", async () => {
    const ended = await site.kk(`init registry -f cluster.yaml ${artifact}`);
    assert.equal(ended.code, 0, ended.stderr);
    assert.ok(ended.stderr.includes(marker("InitRegistryPipeline")));
    const ca = `/etc/docker/certs.d/${registry}/ca.crt`;
    const ask = (more: string) =>
      site.shell(
        "worker-1",
        `curl -s -o /dev/null -w '%{http_code}' --cacert ${ca} ${more} https://${registry}/v2/`,
      );
    assert.equal((await ask("")).stdout, "401");
    assert.equal((await ask("-u admin:Registry-1")).stdout, "200");
  });

  it("refuses a push into projects that nobody made, and makes them for the administrator only", async () => {
    const ended = await site.kk(`artifact images push -f cluster.yaml ${artifact}`);
    assert.equal(ended.code, 1);
    assert.match(ended.stdout, /project calico not found/);
    assert.deepEqual(await site.projects(["calico"], "admin:wrong"), ["401"]);
    const names = ["calico", "coredns", "kubesphere"];
    assert.deepEqual(await site.projects(names, "admin:Registry-1"), ["201", "201", "201"]);
    assert.deepEqual(await site.projects(["calico", "No"], "admin:Registry-1"), ["409", "400"]);
  });

  it("pushes the artifact's images, and leaves alone what is there", async () => {
    for (let time = 0; time < 2; time++) {
      const ended = await site.kk(`artifact images push -f cluster.yaml ${artifact}`);
      assert.equal(ended.code, 0, ended.stderr);
      assert.ok(ended.stderr.includes(marker("ArtifactImagesPushPipeline")));
    }
    const list = await site.shell(
      "control-1",
      `curl -s --cacert /etc/docker/certs.d/${registry}/ca.crt -u admin:Registry-1 https://${registry}/v2/calico/cni/tags/list`,
    );
    assert.deepEqual(JSON.parse(list.stdout).tags.sort(), ["v3.27.4", "v3.27.4-amd64"]);
  });

  it("gives up on an API server that never answers, with kubeadm's words", async () => {
    await site.faults({
      apiServerNeverReady: true,
      apiServerWaitSeconds: 1,
      retryDelaySeconds: 0,
      once: false,
    });
    const ended = await site.kk(create);
    assert.equal(ended.code, 1);
    assert.match(ended.stderr, /could not initialize a Kubernetes cluster/);
    assert.match(ended.stderr, /failed: \[control-1\] \[KubeadmInit\] exec failed after 3 retries/);
    await site.faults({});
  });

  it("may be killed between init and join", async () => {
    await site.faults({ dieAt: "JoinNodesModule", once: true });
    const ended = await site.kk(create);
    assert.equal(ended.code, 137);
    assert.match(await site.kubectl("get nodes -o name"), /^node\/control-1$/);
    const others = await site.shell("control-3", "test -e /etc/kubernetes/admin.conf");
    assert.equal(others.code, 1);
  });

  it("believes the last control plane on a rerun: resets the first, then finishes", async () => {
    await site.faults({ retryDelaySeconds: 0 });
    const authority = () => site.shell("control-1", "cat /etc/kubernetes/pki/ca.crt");
    // Which control plane is asked last is chance where the groups begin with different hosts; here they agree.
    const before = (await authority()).stdout;
    const ended = await site.kk(create);
    assert.equal(ended.code, 0, ended.stderr);
    assert.match(
      ended.stderr,
      /ERROR FileAvailable--etc-kubernetes-manifests-kube-apiserver\.yaml/,
    );
    assert.match(ended.stderr, /\[reset\] Reset of the node is done/);
    assert.ok(ended.stderr.includes(marker("CreateClusterPipeline")));
    assert.match(ended.stdout, /Installation is complete\./);
    assert.notEqual((await authority()).stdout, before);
    const nodes = await site.kubectl("get nodes --no-headers");
    assert.equal(nodes.split("\n").filter((line) => / Ready /.test(line)).length, 4, nodes);
  });

  it("changes nothing that matters on the next rerun", async () => {
    const look =
      "get nodes,deploy,ds -A -o custom-columns=N:.metadata.name,U:.metadata.uid --no-headers";
    const before = await site.kubectl(look);
    const ended = await site.kk(create);
    assert.equal(ended.code, 0, ended.stderr);
    assert.ok(ended.stderr.includes(marker("CreateClusterPipeline")));
    assert.equal(await site.kubectl(look), before);
  });

  it("gives nodes the size, roles and taints of their hosts", async () => {
    const columns =
      "C:.status.capacity.cpu,A:.status.addresses[0].address,V:.status.nodeInfo.kubeletVersion";
    assert.match(
      await site.kubectl(`get node worker-1 --no-headers -o custom-columns=${columns}`),
      /^8 +192\.0\.2\.21 +v1\.32\.8$/,
    );
    assert.match(
      await site.kubectl("get node control-1 -o jsonpath={.spec.taints}"),
      /node-role.kubernetes.io\/control-plane/,
    );
  });

  it("runs Pods and completes Jobs", async () => {
    await site.kubectl("create deployment web --image=example.test/web:1 --replicas=2");
    await site.kubectl("create job once --image=example.test/once:1");
    assert.match(
      await site.kubectl("rollout status deployment/web --timeout=30s"),
      /successfully rolled out/,
    );
    assert.match(
      await site.kubectl("wait --for=condition=complete job/once --timeout=30s"),
      /condition met/,
    );
  });

  it("leads every worker to all API servers through the endpoint's own name", async () => {
    const asked = await site.shell(
      "worker-1",
      "curl -s --cacert /etc/kubernetes/pki/ca.crt https://lb.kubesphere.local:6443/livez",
    );
    assert.equal(asked.stdout, "ok");
  });

  it("can end with exit code 0 and no marker", async () => {
    await site.faults({ withoutMarker: true, once: true });
    const ended = await site.kk(create);
    assert.equal(ended.code, 0);
    assert.doesNotMatch(
      ended.stdout + ended.stderr,
      /execute successfully|Installation is complete/,
    );
  });

  it("adds a worker, and removes it again", async () => {
    await site.write("cluster.yaml", cluster("v1.32.8", ["worker-1", "worker-2"]));
    const added = await site.kk(`add nodes -f cluster.yaml ${artifact} --with-packages -y`);
    assert.equal(added.code, 0, added.stderr);
    assert.ok(added.stderr.includes(marker("AddNodesPipeline")));
    assert.match(await site.kubectl("get node worker-2 --no-headers"), /worker-2/);
    const refused = await site.kk("delete node control-1 -f cluster.yaml -y");
    assert.equal(refused.code, 1);
    const deleted = await site.kk("delete node worker-2 -f cluster.yaml -y");
    assert.equal(deleted.code, 0, deleted.stderr);
    assert.ok(deleted.stderr.includes(marker("DeleteNodePipeline")));
    assert.match(await site.kubectl("get node worker-2"), /NotFound/);
  });

  it("upgrades by one minor, and then does nothing for an older target", async () => {
    await site.bundle("v3.1.12", "v1.33.4", images("v1.33.4"));
    await site.write("cluster.yaml", cluster("v1.33.4", ["worker-1"]));
    const pushed = await site.kk(`artifact images push -f cluster.yaml ${artifact}`);
    assert.equal(pushed.code, 0, pushed.stderr);
    const upgraded = await site.kk(`upgrade -f cluster.yaml ${artifact} -y`);
    assert.equal(upgraded.code, 0, upgraded.stderr);
    assert.ok(upgraded.stderr.includes(marker("UpgradeClusterPipeline")));
    const versions = await site.kubectl(
      "get nodes -o jsonpath={.items[*].status.nodeInfo.kubeletVersion}",
    );
    assert.equal(versions, Array(4).fill("v1.33.4").join(" "));
    const older = await site.kk("upgrade -f cluster.yaml --with-kubernetes v1.32.8 -y");
    assert.equal(older.code, 0);
    assert.doesNotMatch(older.stderr, /execute successfully/);
  });

  it("renews certificates", async () => {
    const serial = () =>
      site.shell("control-2", "openssl x509 -noout -serial -in /etc/kubernetes/pki/apiserver.crt");
    const before = (await serial()).stdout;
    const ended = await site.kk("certs renew -f cluster.yaml");
    assert.equal(ended.code, 0, ended.stderr);
    assert.notEqual((await serial()).stdout, before);
    assert.match(await site.kubectl("get nodes --no-headers"), /control-1 +Ready/);
  });

  it("deletes the cluster and leaves the hosts without it", async () => {
    const ended = await site.kk("delete cluster -f cluster.yaml -y");
    assert.equal(ended.code, 0, ended.stderr);
    assert.ok(ended.stderr.includes(marker("DeleteClusterPipeline")));
    const left = await site.shell(
      "control-2",
      "ls -d /etc/kubernetes /etc/etcd.env /var/lib/etcd 2>/dev/null; pgrep -f kube-apiserver",
    );
    assert.equal(left.stdout, "");
  });
});
