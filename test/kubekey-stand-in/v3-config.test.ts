import { strict as assert } from "node:assert";
import { stringify } from "yaml";
import { Stop } from "../../rehearsal/kubekey/engine/stop";
import { readConfig } from "../../rehearsal/kubekey/v3/config";
import { expandRange } from "../../rehearsal/kubekey/v3/plan";
import { type Loose, v3Cluster } from "./support/cluster";

function read(change: (cluster: Loose) => void = () => undefined) {
  const cluster = v3Cluster();
  change(cluster);
  return readConfig(stringify(cluster));
}

function stopOf(text: string): Stop {
  try {
    readConfig(text);
  } catch (error) {
    assert.ok(error instanceof Stop, String(error));
    return error;
  }
  return assert.fail("the config was accepted");
}

describe("kk v3's config", () => {
  it("is accepted when nothing is wrong with it", () => {
    const { plan } = read();
    assert.equal(plan.kubernetes, "v1.33.4");
    assert.deepEqual(
      plan.groups.controlPlane.map((host) => host.name),
      ["control-1"],
    );
    assert.equal(plan.endpoint.address, "192.0.2.11");
  });

  const silent: readonly (readonly [
    title: string,
    change: (cluster: Loose) => void,
    text: RegExp,
  ])[] = [
    [
      "another apiVersion",
      (c) => {
        c.apiVersion = "v1";
      },
      /apiVersion must be/,
    ],
    [
      "another kind",
      (c) => {
        c.kind = "Clusters";
      },
      /kind must be Cluster/,
    ],
    [
      "an unknown key at the top",
      (c) => {
        c.specs = {};
      },
      /unknown key specs/,
    ],
    [
      "an unknown key of the spec",
      (c) => {
        c.spec.network.podCidr = "10.0.0.0/8";
      },
      /unknown key spec\.network\.podCidr/,
    ],
    [
      "auth instead of auths",
      (c) => {
        c.spec.registry.auth = {};
      },
      /unknown key spec\.registry\.auth/,
    ],
    [
      "a network that is none",
      (c) => {
        c.spec.network.kubePodsCIDR = "10.233.64.0/33";
      },
      /is no subnet/,
    ],
    [
      "a subnet with host bits",
      (c) => {
        c.spec.network.kubePodsCIDR = "10.233.64.1/18";
      },
      /is no subnet/,
    ],
    [
      "overlapping networks",
      (c) => {
        c.spec.network.kubePodsCIDR = "10.233.0.0/17";
      },
      /overlap/,
    ],
    [
      "a host inside the Pods' network",
      (c) => {
        c.spec.network.kubePodsCIDR = "192.0.2.0/24";
      },
      /is inside/,
    ],
    [
      "two hosts of one name",
      (c) => {
        c.spec.hosts[1].name = "control-1";
        c.spec.roleGroups.worker = [];
      },
      /two hosts have the name/,
    ],
    [
      "two hosts of one address",
      (c) => {
        c.spec.hosts[1].internalAddress = "192.0.2.11";
      },
      /two hosts have the address/,
    ],
    [
      "an upper-case name",
      (c) => {
        c.spec.hosts[1].name = "Worker";
        c.spec.roleGroups.worker = ["Worker"];
      },
      /RFC 1123/,
    ],
    [
      "an even number of etcd members",
      (c) => {
        c.spec.roleGroups.etcd = ["control-1", "worker-1"];
      },
      /odd number/,
    ],
    [
      "a host in no group",
      (c) => {
        c.spec.roleGroups.worker = [];
      },
      /in no group/,
    ],
    [
      "an unknown container manager",
      (c) => {
        c.spec.kubernetes.containerManager = "podman";
      },
      /containerManager must be one of/,
    ],
    [
      "a version that cannot be parsed",
      (c) => {
        c.spec.kubernetes.version = "latest";
      },
      /becomes v1\.23\.17/,
    ],
    [
      "kube-vip without an address",
      (c) => {
        c.spec.controlPlaneEndpoint = { internalLoadbalancer: "kube-vip" };
      },
      /kube-vip needs/,
    ],
    [
      "an unknown architecture",
      (c) => {
        c.spec.hosts[0].arch = "x86_64";
      },
      /arch must be/,
    ],
    [
      "a password that the shell would break",
      (c) => {
        c.spec.hosts[0].password = "a$b";
      },
      /shell quoting/,
    ],
  ];
  for (const [title, change, text] of silent) {
    it(`is refused for ${title}, with a word that the real one would ignore it`, () => {
      const cluster = v3Cluster();
      change(cluster);
      const stop = stopOf(stringify(cluster));
      assert.equal(stop.exitCode, 1);
      assert.match(stop.message, /^\[rehearsal\] real kk would ignore this: /);
      assert.match(stop.message, text);
    });
  }

  const loud: readonly (readonly [
    title: string,
    change: (cluster: Loose) => void,
    code: number,
    text: RegExp,
  ])[] = [
    [
      "haproxy with an address",
      (c) => {
        c.spec.controlPlaneEndpoint = { internalLoadbalancer: "haproxy", address: "192.0.2.9" };
      },
      0,
      /at the same time/,
    ],
    [
      "no metadata",
      (c) => {
        delete c.metadata;
      },
      2,
      /^panic: /,
    ],
    [
      "audit without autoRenewCerts",
      (c) => {
        c.spec.kubernetes.audit = { enabled: true };
        delete c.spec.kubernetes.autoRenewCerts;
      },
      2,
      /nil pointer/,
    ],
    [
      "no control plane",
      (c) => {
        delete c.spec.roleGroups["control-plane"];
      },
      1,
      /master\/control-plane cannot be 0/,
    ],
    [
      "no etcd",
      (c) => {
        delete c.spec.roleGroups.etcd;
      },
      1,
      /number of etcd cannot be 0/,
    ],
    [
      "an unknown host in a group",
      (c) => {
        c.spec.roleGroups.worker = ["nobody"];
      },
      1,
      /\[nobody\] is in \[worker\] group/,
    ],
    [
      "a port that is a text",
      (c) => {
        c.spec.hosts[0].port = "22";
      },
      1,
      /error unmarshaling/,
    ],
  ];
  for (const [title, change, code, text] of loud) {
    it(`ends with ${code} for ${title}, as the real one`, () => {
      const cluster = v3Cluster();
      change(cluster);
      const stop = stopOf(stringify(cluster));
      assert.equal(stop.exitCode, code);
      assert.match(stop.message, text);
    });
  }

  it("ends with 1 for text that is no YAML", () => {
    assert.equal(stopOf("spec: [").exitCode, 1);
  });

  it("names every fault at once", () => {
    const cluster = v3Cluster();
    cluster.kind = "X";
    cluster.spec.roleGroups.worker = [];
    assert.equal(stopOf(stringify(cluster)).message.split("\n").length, 2);
  });

  it("takes the first control plane from a random group unless every group begins with it", () => {
    const firsts = new Set<string>();
    for (let time = 0; time < 40; time++) {
      const { plan } = read((cluster) => {
        cluster.spec.hosts.push({
          ...cluster.spec.hosts[0],
          name: "control-2",
          address: "192.0.2.12",
          internalAddress: "192.0.2.12",
        });
        cluster.spec.roleGroups["control-plane"] = ["control-1", "control-2"];
        cluster.spec.roleGroups.worker = ["control-2", "worker-1"];
        cluster.spec.controlPlaneEndpoint = { internalLoadbalancer: "haproxy" };
      });
      firsts.add(plan.groups.controlPlane[0]?.name ?? "");
    }
    assert.deepEqual([...firsts].sort(), ["control-1", "control-2"]);
  });

  it("spells out ranges of hosts", () => {
    assert.deepEqual(expandRange("node[2:4]"), ["node2", "node3", "node4"]);
    assert.deepEqual(expandRange("node2"), ["node2"]);
    assert.deepEqual(expandRange("node[1:999999999999]"), ["node[1:999999999999]"]);
    assert.deepEqual(expandRange("node[4:2]"), ["node[4:2]"]);
  });
});
