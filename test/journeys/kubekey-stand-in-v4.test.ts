import { strict as assert } from "node:assert";
import { stringify } from "yaml";
import { v4Files } from "../kubekey-stand-in/support/inventory";
import { KubekeySite, kubekeyLogin } from "./support/kubekey-site";

const registry = "dockerhub.kubekey.local";
const images = [
  ...["apiserver", "controller-manager", "scheduler", "proxy"].map(
    (part) => `docker.io/kubesphere/kube-${part}:v1.34.2`,
  ),
  ...[
    "kubesphere/pause:3.9",
    "kubesphere/k8s-dns-node-cache:1.24.0",
    "kubesphere/coredns:v1.12.1",
  ].map((image) => `docker.io/${image}`),
  ...["cni", "node", "kube-controllers"].map((part) => `docker.io/calico/${part}:v3.28.2`),
];
const given = "-i inventory.yaml -c config.yaml --workdir /var/lib/sitewright/site/kubekey";
const packed = `${given} -a kubekey-artifact.tgz`;
const finished =
  /\[Playbook default\/[-a-z0-9]+\] finish\. total: \d+,success: \d+,ignored: 0,failed: 0/;

describe("The kk stand-in v4.0.6 on simulated hosts", function () {
  this.timeout(240_000);
  const site = new KubekeySite("journey-kubekey4");

  before(async () => {
    await site.start({
      "control-1": "192.0.2.11",
      "worker-1": "192.0.2.21",
      "registry-1": "192.0.2.51",
    });
    await site.bundle("v4.0.6", "v1.34.2", images);
    const { inventory, config } = v4Files();
    for (const host of Object.values<{ connector: { password: string } }>(inventory.spec.hosts)) {
      host.connector.password = kubekeyLogin.password;
    }
    await site.write("inventory.yaml", stringify(inventory));
    await site.write("config.yaml", stringify(config));
  });

  after(async () => {
    assert.deepEqual(await site.end(), []);
  });

  it("says its version as JSON, and has no upgrade and no -y", async () => {
    assert.equal(JSON.parse((await site.kk("version")).stdout).major, "4");
    const upgrade = await site.kk(`upgrade ${given}`);
    assert.equal(upgrade.code, 1);
    assert.match(upgrade.stderr, /unknown command "upgrade" for "kk"/);
    assert.match(
      (await site.kk(`create cluster ${given} -y`)).stderr,
      /unknown shorthand flag: 'y'/,
    );
  });

  it("checks the hosts, and changes sudoers while it does", async () => {
    const ended = await site.kk(`precheck ${given}`);
    assert.equal(ended.code, 0, ended.stderr + ended.stdout);
    assert.match(ended.stdout, finished);
    assert.match(
      (await site.shell("worker-1", "cat /etc/sudoers")).stdout,
      /secure_path="\/usr\/local\/sbin/,
    );
  });

  it("sets up the registry and pushes the images", async () => {
    for (const words of ["init registry", "artifact images --push"]) {
      const ended = await site.kk(`${words} ${packed}`);
      assert.equal(ended.code, 0, ended.stderr + ended.stdout);
      assert.match(ended.stdout, finished);
    }
    // Unlike v3, this kk makes the projects itself.
    const names = ["calico", "kubesphere"];
    assert.deepEqual(await site.projects(names, "admin:Registry-1"), ["409", "409"]);
    const pki = await site.shell("registry-1", "ls /var/lib/sitewright/site/kubekey/kubekey/pki");
    assert.match(pki.stdout, /image-registry-client\.crt[\s\S]*root\.crt/);
    const tags = await site.shell(
      "worker-1",
      `curl -s --cacert /etc/docker/certs.d/${registry}/ca.crt -u admin:Registry-1 https://${registry}/v2/calico/cni/tags/list`,
    );
    assert.match(tags.stdout, /"v3\.28\.2"/);
  });

  it("creates a cluster, and leaves its status and the passwords in its work folder", async () => {
    const ended = await site.kk(`create cluster ${packed}`);
    assert.equal(ended.code, 0, ended.stderr + ended.stdout);
    assert.match(ended.stdout, finished);
    assert.match(
      await site.kubectl("get nodes --no-headers"),
      /control-1 .*v1\.34\.2[\s\S]*worker-1/,
    );
    const runtime = "/var/lib/sitewright/site/kubekey/runtime/kubekey.kubesphere.io/v1";
    const newest = await site.shell(
      "registry-1",
      `cat $(ls -t ${runtime}/playbooks/default/create-cluster-*/*.yaml | head -n 1)`,
    );
    assert.match(newest.stdout, /phase: Succeeded/);
    assert.match(
      (await site.shell("registry-1", `cat -- ${runtime}/inventories/default/*.yaml`)).stdout,
      /password: Pass-word_1/,
    );
    assert.equal(
      (
        await site.shell(
          "registry-1",
          "test -s /var/lib/sitewright/site/kubekey/kubekey/kubeconfig",
        )
      ).code,
      0,
    );
  });

  it("may be run again", async () => {
    const look = "get nodes -o jsonpath={.items[*].metadata.uid}";
    const before = await site.kubectl(look);
    const ended = await site.kk(`create cluster ${packed}`);
    assert.equal(ended.code, 0, ended.stderr + ended.stdout);
    assert.equal(await site.kubectl(look), before);
  });

  it("stops where another version of Kubernetes is asked for", async () => {
    const { inventory, config } = v4Files();
    config.spec.kubernetes.kube_version = "v1.34.3";
    for (const host of Object.values<{ connector: { password: string } }>(inventory.spec.hosts)) {
      host.connector.password = kubekeyLogin.password;
    }
    await site.write("other.yaml", stringify(config));
    const ended = await site.kk(`create cluster ${packed.replace("config.yaml", "other.yaml")}`);
    assert.equal(ended.code, 1);
    assert.match(
      ended.stderr,
      /installed Kubernetes version \(v1\.34\.2\) does not match the expected version \(v1\.34\.3\)/,
    );
    assert.match(ended.stdout, /finish\. total: \d+,success: \d+,ignored: 0,failed: 1/);
  });

  it("deletes a worker and adds it again", async () => {
    const deleted = await site.kk(`delete nodes worker-1 ${given}`);
    assert.equal(deleted.code, 0, deleted.stderr + deleted.stdout);
    assert.match(await site.kubectl("get node worker-1"), /NotFound/);
    const added = await site.kk(`add nodes --worker worker-1 ${packed}`);
    assert.equal(added.code, 0, added.stderr + added.stdout);
    assert.match(await site.kubectl("get node worker-1 --no-headers"), /worker-1/);
  });

  it("renews certificates", async () => {
    const ended = await site.kk(`certs renew ${given}`);
    assert.equal(ended.code, 0, ended.stderr + ended.stdout);
    assert.match(await site.kubectl("get nodes --no-headers"), /control-1/);
  });
});
