import assert from "node:assert/strict";
import fc from "fast-check";
import { makeBlueprint } from "../../site/blueprint";
import type { Bundle } from "../../site/bundle";
import { workloadRequest } from "../../site/capacity";
import { resolve, sampleSite, smallSite } from "../support/sites";

const blueprintOf = (change: (site: ReturnType<typeof smallSite>) => void = () => {}) => {
  const site = smallSite();
  change(site);
  return resolve(site).blueprint;
};

/** Every object in a value, itself included. */
function objectsIn(value: unknown): readonly object[] {
  if (typeof value !== "object" || value === null) return [];
  return [value, ...Object.values(value).flatMap(objectsIn)];
}

describe("The blueprint of a site", () => {
  it("is frozen all the way down", () => {
    for (const object of objectsIn(blueprintOf())) assert.ok(Object.isFrozen(object));
  });

  it("is plain data that survives a file", () => {
    const blueprint = blueprintOf();
    assert.deepEqual(JSON.parse(JSON.stringify(blueprint)), blueprint);
  });

  it("is the same for the same site, whatever the order of its keys", () => {
    const shuffle = (site: object) => Object.fromEntries(Object.entries(site).reverse());
    fc.assert(
      fc.property(
        fc.subarray(["api", "worker"]),
        fc.integer({ min: 0, max: 2 }),
        (names, replicas) => {
          const site = smallSite();
          for (const name of names) site.workloads[name] = { replicas };
          const once = JSON.stringify(resolve(site).blueprint);
          const again = JSON.stringify(resolve(shuffle(site)).blueprint);
          assert.equal(again, once);
        },
      ),
      { numRuns: 10 },
    );
  });

  it("leaves the site that it was made from as it was", () => {
    const { site, release, catalogue } = resolve(smallSite());
    const before = JSON.stringify(site);
    makeBlueprint({ name: "site-t", site, release, catalogue });
    assert.equal(JSON.stringify(site), before);
    assert.equal(Object.isFrozen(site), false);
  });

  it("names every secret that is needed and holds none", () => {
    const { secretNames } = sampleSite("site-b").blueprint;
    assert.deepEqual(secretNames, ["alertMail", "bastionPassword", "sshPrivateKey"]);
    assert.doesNotMatch(JSON.stringify(sampleSite("site-b").blueprint), /v1:|PRIVATE KEY/);
  });

  it("reaches the API server at the first control-plane host unless the site states where", () => {
    assert.equal(blueprintOf().cluster.endpoint.address, "192.0.2.11");
    const external = blueprintOf(({ cluster }) => {
      cluster.endpoint = { mode: "external", address: "192.0.2.100", port: 8443 };
    });
    assert.equal(external.cluster.endpoint.address, "192.0.2.100");
    assert.deepEqual(external.cluster.certificateNames, ["192.0.2.100"]);
  });

  it("runs KubeKey on the registry host unless the site names another", () => {
    assert.equal(blueprintOf().cluster.installer, "registry-1");
    const other = blueprintOf((site) => {
      site.installer = "worker-1";
    });
    assert.equal(other.cluster.installer, "worker-1");
  });

  it("counts the platform's Pods among those that the workers must hold, and no others", () => {
    const { capacity, platform, workloads } = sampleSite("site-a").blueprint;
    const wanted = (list: readonly Parameters<typeof workloadRequest>[0][]) =>
      list.map(workloadRequest).reduce((sum, room) => sum + room.memoryMiB, 0);
    const onWorkers = platform.pods.filter(
      ({ name, namespace }) =>
        // On every node, the workers among them.
        !["istio-cni-node", "node-exporter"].includes(name) &&
        [
          ...["cert-manager", "istio-system", "traefik", "parcels", "monitoring"],
          ...["argocd", "site-a-sorting-runner", "nightingale", "tracing"],
        ].includes(namespace),
    );
    assert.equal(capacity.requested.memoryMiB, wanted(workloads) + wanted(onWorkers));
    assert.ok(platform.pods.length > onWorkers.length, "Ceph's Pods are elsewhere");
  });

  it("carries the bundle's files of the site's KubeKey and no others", () => {
    const { site, release, catalogue } = resolve(smallSite());
    const file = (path: string) => ({ path, sha256: "0".repeat(64), sizeBytes: 1 });
    const files = { kk: file("kk"), artifact: file("artifact.tar.gz") };
    const bundle = (kubekey: Bundle["kubekey"]): Bundle => ({
      format: 1,
      release: "2026.11",
      kubekey,
      charts: {},
      crds: {},
    });
    const made = (kubekey: Bundle["kubekey"]) =>
      makeBlueprint({ name: "t", site, release, catalogue, bundle: bundle(kubekey) }).cluster.files;
    assert.deepEqual(made({ "v3.1.12": files }), files);
    assert.equal(made({ "v4.0.6": files }), undefined);
  });
});

describe("Groups of hosts", () => {
  const three = (roles: readonly (readonly string[])[]) =>
    blueprintOf((site) => {
      const [control] = site.hosts;
      site.hosts.splice(0, 1);
      roles.forEach((role, at) => {
        site.hosts.push({
          ...control,
          name: `control-${at}`,
          address: `192.0.2.${50 + at}`,
          roles: role,
        });
      });
      site.cluster.endpoint = { mode: "haproxy" };
    }).cluster.groups;

  it("are led by one control-plane host that is in all of them", () => {
    const groups = three([
      ["control-plane", "etcd"],
      ["control-plane", "etcd", "worker"],
      ["control-plane", "etcd"],
    ]);
    assert.deepEqual(groups.controlPlane, ["control-1", "control-0", "control-2"]);
    assert.deepEqual(groups.etcd, ["control-1", "control-0", "control-2"]);
    assert.deepEqual(groups.worker, ["control-1", "worker-1", "worker-2"]);
  });

  it("count storage and edge hosts among the workers, and the registry nowhere else", () => {
    const { groups } = sampleSite("site-a").blueprint.cluster;
    assert.equal(groups.worker.length, 8);
    assert.deepEqual(groups.registry, ["registry-1"]);
  });
});

describe("Nodes", () => {
  const host = (name: string) =>
    sampleSite("site-a").blueprint.hosts.find((host) => host.name === name);

  it("carry the site's labels, their zone and their roles", () => {
    assert.deepEqual(host("storage-2")?.labels, {
      disk: "nvme",
      "sitewright/storage": "true",
      "topology.kubernetes.io/zone": "rack-2",
    });
  });

  it("without the worker role are tainted for their own", () => {
    const taints = (name: string) =>
      host(name)?.taints.map(({ key, value, effect }) => `${key}=${value}:${effect}`);
    assert.deepEqual(taints("control-1"), ["node-role.kubernetes.io/control-plane=:NoSchedule"]);
    assert.deepEqual(taints("storage-1"), ["sitewright/storage=true:NoSchedule"]);
    assert.deepEqual(taints("edge-1"), ["sitewright/edge=true:NoSchedule"]);
    assert.deepEqual(taints("worker-1"), []);
  });

  it("are all hosts but the registry", () => {
    assert.equal(host("registry-1")?.node, false);
    assert.deepEqual(host("registry-1")?.labels, {});
    assert.equal(sampleSite("site-a").blueprint.hosts.filter(({ node }) => node).length, 11);
  });
});

describe("/etc/hosts", () => {
  const names = (change: (site: ReturnType<typeof smallSite>) => void) =>
    Object.fromEntries(
      blueprintOf(change).baseline.hostsEntries.map(({ address, names }) => [address, names]),
    );

  it("knows every host and the registry by its own name", () => {
    assert.deepEqual(names(() => {})["192.0.2.31"], ["registry-1", "dockerhub.kubekey.local"]);
  });

  it("names the endpoint where one address serves it", () => {
    assert.deepEqual(names(() => {})["192.0.2.11"], ["control-1", "lb.kubesphere.local"]);
    const external = names(({ cluster }) => {
      cluster.endpoint = { mode: "external", address: "192.0.2.100" };
    });
    assert.deepEqual(external["192.0.2.100"], ["lb.kubesphere.local"]);
  });

  it("leaves the endpoint to KubeKey where every node asks its own haproxy", () => {
    const entries = names(({ cluster }) => {
      cluster.endpoint = { mode: "haproxy" };
    });
    assert.doesNotMatch(JSON.stringify(entries), /lb\.kubesphere\.local/);
  });
});

describe("Logins", () => {
  it("are the site's, with a host's own user and port", () => {
    const { hosts } = blueprintOf((site) => {
      site.hosts[1].user = "root";
      site.hosts[2].port = 2222;
    });
    const login = { user: "deliver", port: 22, passwordSecret: "sshPassword", sudo: "password" };
    assert.deepEqual(hosts[0]?.login, login);
    assert.deepEqual(hosts[1]?.login, { ...login, user: "root", sudo: "none" });
    assert.deepEqual(hosts[2]?.login, { ...login, port: 2222 });
  });

  it("go through the jump host with its own secret", () => {
    assert.deepEqual(sampleSite("site-b").blueprint.bastion, {
      address: "198.51.100.5",
      login: { user: "jump", port: 22, passwordSecret: "bastionPassword", sudo: "none" },
    });
  });
});

describe("Workloads of a site", () => {
  const workload = (name: string, difference?: object) =>
    blueprintOf((site) => {
      if (difference !== undefined) site.workloads[name] = difference;
    }).workloads.find((workload) => workload.name === name);

  it("are the release's, with the site's differences on top", () => {
    const api = workload("api", { replicas: 1, env: { EXTRA: "1" }, labels: { tier: "back" } });
    assert.equal(api?.replicas, 1);
    assert.deepEqual(api?.env, { PODINFO_UI_MESSAGE: "parcels", EXTRA: "1" });
    assert.deepEqual(api?.labels, { tier: "back", "app.kubernetes.io/part-of": "parcels" });
  });

  it("have a disruption budget only while there is more than one Pod", () => {
    assert.equal(workload("api")?.maxUnavailable, 1);
    assert.equal(workload("api", { replicas: 1 })?.maxUnavailable, undefined);
    assert.equal(workload("clean-up")?.maxUnavailable, undefined);
  });

  it("come from the site's registry, and every image is listed with its reason", () => {
    const { workloads, images, registry } = blueprintOf();
    const known = new Set(images.map(({ siteImage }) => siteImage));
    for (const { image } of workloads) {
      assert.ok(image.startsWith(`${registry.host}/`));
      assert.ok(known.has(image), image);
    }
    const podinfo = images.find(({ image }) => image.includes("podinfo"));
    assert.equal(podinfo?.neededBy, "workload api, workload worker");
  });

  it("run on schedule in the site's time zone", () => {
    const { workloads } = blueprintOf((site) => {
      site.timezone = "Asia/Tokyo";
    });
    assert.equal(workloads.find(({ kind }) => kind === "CronJob")?.timeZone, "Asia/Tokyo");
  });
});

describe("The cluster's images", () => {
  const images = (mode: string) =>
    blueprintOf(({ cluster }) => {
      cluster.endpoint = { mode };
    }).cluster.images;

  it("are those of the Kubernetes version", () => {
    const found = images("first-control-plane");
    assert.ok(found.includes("docker.io/kubesphere/kube-apiserver:v1.33.4"));
    assert.doesNotMatch(found.join(), /[{}]/);
  });

  it("include haproxy only where it runs", () => {
    assert.equal(images("haproxy").filter((image) => image.includes("/haproxy:")).length, 1);
    assert.doesNotMatch(images("first-control-plane").join(), /haproxy|kube-vip/);
  });
});
