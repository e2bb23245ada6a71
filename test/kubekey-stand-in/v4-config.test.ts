import { strict as assert } from "node:assert";
import { stringify } from "yaml";
import { Stop } from "../../rehearsal/kubekey/engine/stop";
import { readFiles } from "../../rehearsal/kubekey/v4/config";
import { knownMinor } from "../../rehearsal/kubekey/v4/plan";
import type { Loose } from "./support/cluster";
import { v4Files } from "./support/inventory";

function read(change: (files: { inventory: Loose; config: Loose }) => void = () => undefined) {
  const files = v4Files();
  change(files);
  return readFiles(stringify(files.inventory), stringify(files.config), "/w");
}

describe("kk v4's inventory and config", () => {
  it("are accepted when nothing is wrong with them", () => {
    const { plan } = read();
    assert.equal(plan.kubernetes, "v1.34.2");
    assert.deepEqual(
      plan.groups.worker.map((host) => host.name),
      ["worker-1"],
    );
    assert.equal(plan.registry.auths["dockerhub.kubekey.local"]?.caFile, "/w/kubekey/pki/root.crt");
  });

  it("carry labels and taints of a host to its node", () => {
    const { plan } = read(({ inventory }) => {
      inventory.spec.hosts["worker-1"].custom_labels = { disk: "nvme" };
      inventory.spec.hosts["worker-1"].custom_taints = ["storage=yes:NoSchedule"];
    });
    const [worker] = plan.groups.worker;
    assert.deepEqual(worker?.labels, { disk: "nvme" });
    assert.deepEqual(worker?.taints, [{ key: "storage", value: "yes", effect: "NoSchedule" }]);
  });

  const refused: readonly (readonly [
    title: string,
    change: (files: { inventory: Loose; config: Loose }) => void,
    text: RegExp,
  ])[] = [
    [
      "another kind",
      ({ config }) => {
        config.kind = "Inventory";
      },
      /Config: kind is "Inventory"/,
    ],
    [
      "an unknown key",
      ({ config }) => {
        config.spec.kubernetes.version = "v1";
      },
      /unknown key Config\.spec\.kubernetes\.version/,
    ],
    [
      "an unknown group member",
      ({ inventory }) => {
        inventory.spec.groups.etcd.hosts = ["nobody"];
      },
      /group etcd names the unknown host nobody/,
    ],
    [
      "a connector without type",
      ({ inventory }) => {
        delete inventory.spec.hosts["worker-1"].connector.type;
      },
      /may run on the installer itself/,
    ],
    [
      "a network that is none",
      ({ config }) => {
        config.spec.cni.pod_cidr = "x";
      },
      /x is no subnet/,
    ],
    [
      "no time zone",
      ({ config }) => {
        delete config.spec.native.timezone;
      },
      /becomes Asia\/Shanghai/,
    ],
    [
      "clocks left to the default",
      ({ config }) => {
        delete config.spec.native.ntp;
      },
      /becomes cn\.pool\.ntp\.org/,
    ],
    [
      "two hosts of one address",
      ({ inventory }) => {
        inventory.spec.hosts["worker-1"].internal_ipv4 = "192.0.2.11";
      },
      /two hosts have the address/,
    ],
  ];
  for (const [title, change, text] of refused) {
    it(`are refused for ${title}, with a word that the real one would ignore it`, () => {
      assert.throws(
        () => read(change),
        (error) =>
          error instanceof Stop &&
          error.exitCode === 1 &&
          /real kk would ignore this/.test(error.message) &&
          text.test(error.message),
      );
    });
  }

  const minors = [
    ["v1.22.1", false],
    ["v1.23.0", true],
    ["v1.34.3", true],
    ["v1.35.0", false],
  ] as const;
  for (const [version, known] of minors) {
    it(`${known ? "may" : "may not"} ask for ${version}`, () => {
      assert.equal(knownMinor(version), known);
    });
  }
});
