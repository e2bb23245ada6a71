import assert from "node:assert/strict";
import fc from "fast-check";
import { parse } from "yaml";
import type { KubeKeyDriver } from "../../components/cluster/kubekey/driver";
import { driverFor } from "../../components/cluster/kubekey/driver-for";
import { fillSecrets, secretNamesIn } from "../../components/cluster/kubekey/secrets";
import { v3Driver } from "../../components/cluster/kubekey/v3";
import { leading } from "../../components/cluster/kubekey/v3-cluster";
import { v3Manifest, v3ManifestProblems } from "../../components/cluster/kubekey/v3-manifest";
import { v4Driver } from "../../components/cluster/kubekey/v4";
import type { KubeKeyView } from "../../components/cluster/kubekey/view";
import { toYaml } from "../../components/cluster/kubekey/yaml-text";
import { host, view, withCluster } from "./view-for-tests";

const secrets = { sshPassword: "host-Pass.1", registryPassword: "registry-Pass1" };

function problems(driver: KubeKeyDriver, of: KubeKeyView): string {
  return driver.validate(driver.renderFiles("cluster", of)).join("\n");
}

/** The text of the only file of a v3 site with one piece replaced. */
function spoilt(from: string | RegExp, to: string): string {
  const [file] = v3Driver.renderFiles("cluster", view);
  const content = (file?.content ?? "").replace(from, to);
  assert.notEqual(content, file?.content, `nothing to replace: ${from}`);
  return v3Driver.validate([{ path: "cluster.yaml", mode: 0o600, content }]).join("\n");
}

describe("KubeKey's files", () => {
  for (const driver of [v3Driver, v4Driver]) {
    describe(driver.version, () => {
      it("are found sound as rendered, for the cluster and for its registry", () => {
        for (const purpose of ["cluster", "registry"] as const) {
          const files = driver.renderFiles(purpose, view);
          assert.deepEqual(driver.validate(files), []);
          assert.deepEqual(driver.validate(fillSecrets(files, secrets)), []);
        }
      });

      it("hold no secret before they are filled", () => {
        const files = driver.renderFiles("cluster", view);
        assert.deepEqual(secretNamesIn(files), ["registryPassword", "sshPassword"]);
      });

      it("do not change for the registry when a worker joins", () => {
        const more: KubeKeyView = {
          ...withCluster({
            groups: { ...view.cluster.groups, worker: ["worker-1", "worker-2"] },
          }),
          hosts: [...view.hosts, host("worker-2", "192.0.2.22")],
        };
        assert.deepEqual(
          driver.renderFiles("registry", more),
          driver.renderFiles("registry", view),
        );
        assert.notDeepEqual(
          driver.renderFiles("cluster", more),
          driver.renderFiles("cluster", view),
        );
      });

      const faults: [string, KubeKeyView, RegExp][] = [
        [
          "even etcd",
          withCluster({ groups: { ...view.cluster.groups, etcd: ["cp-1", "cp-2"] } }),
          /odd number of members, 2 given/,
        ],
        [
          "no control plane",
          withCluster({ groups: { ...view.cluster.groups, controlPlane: [] } }),
          /at least one/,
        ],
        [
          "a member that is no host",
          withCluster({ groups: { ...view.cluster.groups, worker: ["worker-9"] } }),
          /worker-9, which is no host/,
        ],
        [
          "a host in no group",
          { ...view, hosts: [...view.hosts, host("spare", "192.0.2.50")] },
          /spare is in no group/,
        ],
        [
          "two hosts at one address",
          { ...view, hosts: [...view.hosts.slice(0, 4), host("registry-1", "192.0.2.21")] },
          /192\.0\.2\.21 is given twice/,
        ],
        [
          "the registry inside the cluster",
          withCluster({ groups: { ...view.cluster.groups, worker: ["worker-1", "registry-1"] } }),
          /registry-1 must not be a node/,
        ],
        ["overlapping networks", withCluster({ serviceCidr: "10.233.64.0/20" }), /overlap/],
        ["a network that is none", withCluster({ podCidr: "10.233.64.0" }), /is no network/],
        [
          "a host inside the pod network",
          withCluster({ podCidr: "192.0.2.0/24" }),
          /lies in the pod network/,
        ],
        ["a version that is none", withCluster({ kubernetes: "latest" }), /Kubernetes latest/],
        ["a version nobody lists", withCluster({ kubernetes: "v1.35.0" }), /Kubernetes v1.35.0/],
        [
          "an upper-case host name",
          { ...view, hosts: [...view.hosts, host("Node", "192.0.2.51")] },
          /RFC 1123|Node/,
        ],
      ];
      for (const [what, of, expected] of faults) {
        it(`are refused with ${what}`, () => {
          assert.match(problems(driver, of), expected);
        });
      }

      it("refuse a secret that is not given, by name", () => {
        const files = driver.renderFiles("cluster", view);
        assert.throws(() => fillSecrets(files, { sshPassword: "x" }), /registryPassword/);
      });

      for (const [password, fits] of [
        ["Harbor12345", true],
        ["a_b-C", true],
        ["a b", false],
        ["a$b", false],
        ['a"b', false],
        ["{{x}}", false],
        ["", false],
      ] as const) {
        it(`${fits ? "takes" : "refuses"} the registry password ${JSON.stringify(password)}`, () => {
          const files = driver.renderFiles("cluster", view);
          const fill = () => fillSecrets(files, { ...secrets, registryPassword: password });
          if (fits)
            assert.match(
              fill()
                .map((file) => file.content)
                .join(),
              new RegExp(password),
            );
          else
            assert.throws(fill, (error: Error) => {
              assert.match(error.message, /registryPassword has characters/);
              return password === "" || !error.message.includes(password);
            });
        });
      }
    });
  }

  it("keep every password one scalar, whatever YAML 1.1 would make of it", () => {
    const files = v3Driver.renderFiles("cluster", view);
    const odd = fc.oneof(
      fc.constantFrom(
        "yes",
        "no",
        "null",
        "~",
        "12:30:00",
        "0x1F",
        "1_000",
        "-",
        "#x",
        "*a",
        "&a",
        "!t",
      ),
      fc
        .stringMatching(/^[A-Za-z0-9_.,:;#!%&*()=+?@^~<>|/[\]{}-]{1,30}$/)
        .filter((s) => !s.includes("{{")),
    );
    fc.assert(
      fc.property(odd, (sshPassword) => {
        const [file] = fillSecrets(files, { ...secrets, sshPassword });
        const read = parse(file?.content ?? "", { version: "1.1" });
        assert.equal(read.spec.hosts[0].password, sshPassword);
      }),
    );
  });

  it("carry a private key with its line ends", () => {
    const key = "-----BEGIN OPENSSH PRIVATE KEY-----\nabc+/=\n-----END OPENSSH PRIVATE KEY-----\n";
    const login = { user: "root", port: 2222, privateKeySecret: "sshKey", sudo: "none" } as const;
    const keyed = { ...view, hosts: view.hosts.map((one) => ({ ...one, login })) };
    const [file] = fillSecrets(v3Driver.renderFiles("cluster", keyed), { ...secrets, sshKey: key });
    const read = parse(file?.content ?? "");
    assert.equal(read.spec.hosts[0].privateKey, key);
    assert.equal(read.spec.hosts[0].password, undefined);
    assert.equal(read.spec.hosts[0].port, 2222);
  });
});

describe("the v3 config", () => {
  const spoilers: [string, string | RegExp, string, RegExp][] = [
    ["an unknown key", "addons: []", "addons: []\n  auth: {}", /does not know the key auth/],
    ["a wrong apiVersion", "v1alpha2", "v1alpha1", /apiVersion/],
    ["a wrong kind", '"Cluster"', '"Clusters"', /kind/],
    ["a port that is text", "port: 6443", 'port: "6443"', /port/],
    [
      "an address beside haproxy",
      'address: ""',
      'address: "192.0.2.11"',
      /haproxy takes no address/,
    ],
    [
      "an override of image namespaces",
      'namespaceOverride: ""',
      'namespaceOverride: "kubesphereio"',
      /namespaceOverride/,
    ],
    [
      "auditing without certificate renewal",
      "autoRenewCerts: true",
      "autoRenewCerts: false\n    audit:\n      enabled: true",
      /audit needs autoRenewCerts/,
    ],
    ["no YAML at all", "apiVersion", "{", /is no YAML/],
  ];
  for (const [what, from, to, expected] of spoilers) {
    it(`is refused with ${what}`, () => assert.match(spoilt(from, to), expected));
  }

  it("refuses kube-vip from Kubernetes 1.29 on", () => {
    const endpoint = { ...view.cluster.endpoint, mode: "kube-vip", address: "192.0.2.99" } as const;
    assert.match(
      problems(v3Driver, withCluster({ endpoint })),
      /kube-vip fails on Kubernetes 1\.29/,
    );
    assert.equal(problems(v3Driver, withCluster({ endpoint, kubernetes: "v1.28.15" })), "");
    const four = withCluster({ endpoint, kubekey: "v4.0.6" });
    assert.equal(problems(v4Driver, four), "");
  });

  it("refuses a group that begins with another control plane", () => {
    const [file] = v3Driver.renderFiles("cluster", view);
    const swapped = (file?.content ?? "").replace(
      /etcd:\n(\s+)- "cp-1"\n\s+- "cp-2"/,
      'etcd:\n$1- "cp-2"\n$1- "cp-1"',
    );
    assert.match(
      v3Driver.validate([{ path: "c", mode: 0, content: swapped }]).join(),
      /group etcd must begin with cp-1/,
    );
  });

  it("puts the first control plane first in every group that has it, and loses nobody", () => {
    const names = fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "e"));
    fc.assert(
      fc.property(names, names, (group, controlPlane) => {
        const led = leading(group, controlPlane);
        assert.deepEqual([...led].sort(), [...group].sort());
        const first = controlPlane[0];
        if (first !== undefined && group.includes(first)) assert.equal(led[0], first);
      }),
    );
  });
});

describe("the v3 manifest", () => {
  const input = {
    name: "r",
    arches: ["amd64"],
    kubernetes: "v1.33.4",
    images: ["docker.io/calico/node:v3.27.4"],
    systems: [],
  } as const;

  it("is found sound as rendered", () => {
    assert.deepEqual(v3ManifestProblems("m", toYaml(v3Manifest(input))), []);
  });

  for (const image of [
    "nginx:1",
    "docker.io/library/nginx",
    `docker.io/library/nginx:1@sha256:${"0".repeat(64)}`,
  ]) {
    it(`refuses the image ${image.slice(0, 40)}`, () => {
      const text = toYaml(v3Manifest({ ...input, images: [image] }));
      assert.match(v3ManifestProblems("m", text).join(), /needs the form host\/project\/name:tag/);
    });
  }

  it("refuses components that the kk was not compiled with", () => {
    const text = toYaml(v3Manifest(input)).replace("v3.5.24", "v3.5.25");
    assert.match(v3ManifestProblems("m", text).join(), /it would try the Internet/);
  });
});

describe("the drivers' calls of kk", () => {
  const place = { workDir: "/var/lib/sitewright/site-t" };
  const runs = (driver: KubeKeyDriver) => [
    driver.initOs(place),
    driver.initRegistry(place),
    driver.pushImages(place),
    driver.createCluster(place),
    driver.addNodes(place, view, ["worker-1"]),
    driver.deleteNode(place, "worker-1"),
    driver.deleteCluster(place),
    driver.renewCertificates(place),
  ];

  it("create a cluster exactly so", () => {
    const dir = place.workDir;
    assert.deepEqual(v3Driver.createCluster(place).argv, [
      ...[`${dir}/kk`, "create", "cluster", "-f", `${dir}/cluster.yaml`],
      ...["-a", `${dir}/kubekey-artifact.tar.gz`, "--with-packages", "--skip-push-images", "-y"],
    ]);
  });

  for (const driver of [v3Driver, v4Driver]) {
    it(`name kk by its absolute path, say how success looks and end some day (${driver.version})`, () => {
      for (const run of runs(driver)) {
        assert.match(run.argv[0] ?? "", /^\/var\/lib\/sitewright\/site-t\/kk$/);
        assert.ok(run.successMarkers.length > 0, run.name);
        assert.ok(run.timeoutSeconds > 0 && run.timeoutSeconds <= 6 * 3600, run.name);
        assert.match(run.name, /^[a-z0-9-]+$/);
      }
    });
  }

  it("never ask (v3) and always name their folder (v4)", () => {
    for (const run of runs(v3Driver)) assert.equal(run.argv.at(-1), "-y", run.name);
    for (const run of runs(v4Driver)) {
      assert.ok(run.argv.includes("--workdir") && !run.argv.includes("--set"), run.name);
    }
  });

  it("sort added nodes into their groups (v4)", () => {
    const { argv } = v4Driver.addNodes(place, view, ["worker-1", "cp-3"]);
    assert.equal(argv[argv.indexOf("--worker") + 1], "worker-1");
    assert.equal(argv[argv.indexOf("--control-plane") + 1], "cp-3");
    assert.equal(argv[argv.indexOf("--etcd") + 1], "cp-3");
  });

  it("say plainly that v4.0.6 has no upgrade", () => {
    const answer = driverFor("v4.0.6").upgrade(place, "v1.34.3");
    assert.ok("unsupported" in answer);
    assert.match(answer.unsupported, /v4\.0\.6 has no upgrade/);
  });
});
