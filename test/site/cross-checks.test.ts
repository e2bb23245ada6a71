import assert from "node:assert/strict";
import { problemsOf, smallSite } from "../support/sites";

type AnySite = ReturnType<typeof smallSite>;

interface Case {
  readonly title: string;
  readonly spoil: (site: AnySite) => void;
  /** Path, then the beginning of what is needed there, of every problem expected. */
  readonly problems: readonly string[];
}

const control = (name: string, address: string, roles: readonly string[]) => ({
  ...smallSite().hosts[0],
  name,
  address,
  roles,
});
const worker = (name: string, address: string, more: object = {}) => ({
  ...smallSite().hosts[1],
  name,
  address,
  ...more,
});

const hosts: readonly Case[] = [
  {
    title: "two hosts with one name",
    spoil: ({ hosts }) => {
      hosts[2].name = "worker-1";
    },
    problems: ["hosts[2].name: a name that no other host has"],
  },
  {
    title: "two hosts with one address",
    spoil: ({ hosts }) => {
      hosts[3].address = "192.0.2.11";
    },
    problems: ["hosts[3].address: an address that no other host has"],
  },
  {
    title: "a host at the jump host's address",
    spoil: ({ access }) => {
      access.bastion = { address: "192.0.2.21", user: "jump", passwordSecret: "sshPassword" };
    },
    problems: ["hosts[1].address: an address that no other host has"],
  },
  {
    title: "a host named as host keys call the jump host",
    spoil: ({ hosts }) => {
      hosts[1].name = "bastion";
    },
    problems: ["hosts[1].name: a name other than that of the jump host"],
  },
  {
    title: "a registry with a host's name",
    spoil: (site) => {
      site.registry = { host: "registry-1" };
    },
    problems: ["registry.host: a name that neither a host nor registry nor endpoint has"],
  },
  {
    title: "an endpoint with the registry's name",
    spoil: ({ cluster }) => {
      cluster.endpoint = { domain: "dockerhub.kubekey.local" };
    },
    problems: ["cluster.endpoint.domain: a name that neither"],
  },
  {
    title: "a label that Sitewright sets itself",
    spoil: ({ hosts }) => {
      hosts[1].labels = { "topology.kubernetes.io/zone": "a", disk: "ssd" };
    },
    problems: ['hosts[1].labels["topology.kubernetes.io/zone"]: a label that Sitewright does not'],
  },
  {
    title: "one taint twice",
    spoil: ({ hosts }) => {
      hosts[0].taints = [{ key: "a" }, { key: "a", value: "b" }];
    },
    problems: ["hosts[0].taints[1].key: each key and effect once"],
  },
  {
    title: "zones on some nodes only",
    spoil: ({ hosts }) => {
      hosts[0].zone = "rack-1";
      hosts[1].zone = "rack-2";
    },
    problems: ["hosts[2].zone: a zone, since other nodes state one"],
  },
  {
    title: "an installer that is no host",
    spoil: (site) => {
      site.installer = "laptop";
    },
    problems: ["installer: the name of a host"],
  },
  {
    title: "a host without a role",
    spoil: ({ hosts }) => {
      hosts.push(worker("spare", "192.0.2.40", { roles: [] }));
    },
    problems: ["hosts[4].roles: a role, or the host to be the installer"],
  },
];

const roles: readonly Case[] = [
  {
    title: "no control plane",
    spoil: ({ hosts }) => {
      hosts[0].roles = ["etcd"];
    },
    problems: ["hosts: at least one host with the role control-plane"],
  },
  {
    title: "no etcd",
    spoil: ({ hosts }) => {
      hosts[0].roles = ["control-plane"];
    },
    problems: ["hosts: at least one host with the role etcd"],
  },
  {
    title: "an even number of etcd hosts",
    spoil: ({ hosts }) => {
      hosts.push(control("etcd-2", "192.0.2.12", ["etcd"]));
    },
    problems: ["hosts: an odd number of hosts with the role etcd"],
  },
  {
    title: "no worker",
    spoil: ({ hosts }) => {
      hosts.splice(1, 2);
    },
    problems: [
      "hosts: at least one host with the role worker",
      "hosts: a node with the role worker for workload api",
      "hosts: a node with the role worker for workload clean-up",
      "hosts: a node with the role worker for workload web",
      "hosts: a node with the role worker for workload worker",
    ],
  },
  {
    title: "no registry",
    spoil: ({ hosts }) => {
      hosts.splice(3, 1);
    },
    problems: ["hosts: exactly one host with the role registry"],
  },
  {
    title: "two storage hosts",
    spoil: ({ hosts }) => {
      hosts.push(worker("s1", "192.0.2.41", { roles: ["storage"] }));
      hosts.push(worker("s2", "192.0.2.42", { roles: ["storage"] }));
    },
    problems: ["hosts: no host or at least three with the role storage"],
  },
  {
    title: "a registry on a worker",
    spoil: ({ hosts }) => {
      hosts[3].roles = ["registry", "worker"];
    },
    problems: ["hosts[3].roles: registry as the only role"],
  },
  {
    title: "a role stated twice",
    spoil: ({ hosts }) => {
      hosts[1].roles = ["worker", "worker"];
    },
    problems: ["hosts[1].roles: each role once"],
  },
  {
    title: "control-plane hosts none of which can lead every group",
    spoil: ({ hosts, cluster }) => {
      hosts[0].roles = ["control-plane", "etcd"];
      hosts.push(control("control-2", "192.0.2.12", ["control-plane", "worker"]));
      cluster.endpoint = { mode: "haproxy" };
    },
    problems: ["hosts: one control-plane host with every further role"],
  },
];

const cluster: readonly Case[] = [
  {
    title: "a Kubernetes version that no KubeKey knows",
    spoil: ({ cluster }) => {
      cluster.kubernetes = "v1.33.9";
    },
    problems: ["cluster.kubernetes: a version that KubeKey v3.1.12 installs"],
  },
  {
    title: "a Kubernetes version of the other KubeKey",
    spoil: ({ cluster }) => {
      cluster.kubernetes = "v1.34.3";
    },
    problems: ["cluster.kubernetes: a version that KubeKey v3.1.12 installs"],
  },
  {
    title: "kube-vip with KubeKey v3",
    spoil: ({ cluster }) => {
      cluster.endpoint = { mode: "kube-vip", address: "192.0.2.100" };
    },
    problems: ["cluster.endpoint.mode: another mode"],
  },
  {
    title: "several control-plane hosts and nothing that spreads requests",
    spoil: ({ hosts }) => {
      hosts.push(control("control-2", "192.0.2.12", ["control-plane"]));
    },
    problems: ["cluster.endpoint.mode: a mode that serves 2 control-plane hosts"],
  },
  {
    title: "haproxy with an address",
    spoil: ({ cluster }) => {
      cluster.endpoint = { mode: "haproxy", address: "192.0.2.100" };
    },
    problems: ["cluster.endpoint.address: no address with mode haproxy"],
  },
  {
    title: "an external balancer without an address",
    spoil: ({ cluster }) => {
      cluster.endpoint = { mode: "external" };
    },
    problems: ["cluster.endpoint.address: the address that the customer's balancer answers on"],
  },
  {
    title: "an external balancer on a host of the site",
    spoil: ({ cluster }) => {
      cluster.endpoint = { mode: "external", address: "192.0.2.11" };
    },
    problems: ["cluster.endpoint.address: a free address"],
  },
  {
    title: "an API server on another port",
    spoil: ({ cluster }) => {
      cluster.endpoint = { port: 8443 };
    },
    problems: ["cluster.endpoint.port: 6443 with mode first-control-plane"],
  },
  {
    title: "Services within the Pods' network",
    spoil: ({ cluster }) => {
      cluster.serviceCidr = "10.233.96.0/24";
    },
    problems: ["cluster.serviceCidr: a network apart from that of Pods"],
  },
  {
    title: "a host in the Pods' network",
    spoil: ({ hosts }) => {
      hosts[1].address = "10.233.70.1";
    },
    problems: ["hosts[1].address: an address outside podCidr"],
  },
  {
    title: "a time server in the Services' network",
    spoil: (site) => {
      site.ntpServers = ["10.233.0.1"];
    },
    problems: ["ntpServers[0]: an address outside serviceCidr"],
  },
  {
    title: "a Pod network with room for two nodes only",
    spoil: ({ cluster }) => {
      cluster.podCidr = "10.10.0.0/23";
    },
    problems: ["cluster.podCidr: a network with a /24 for each of 3 nodes, that is /22 or larger"],
  },
  {
    title: "a Service network that Kubernetes does not take",
    spoil: ({ cluster }) => {
      cluster.serviceCidr = "10.0.0.0/29";
    },
    problems: ["cluster.serviceCidr: a network from /12 to /28"],
  },
];

const access: readonly Case[] = [
  {
    title: "nothing to log in with",
    spoil: ({ access }) => {
      access.passwordSecret = undefined;
      access.sudo = "nopasswd";
    },
    problems: ["access: passwordSecret or privateKeySecret"],
  },
  {
    title: "a jump host without a secret",
    spoil: ({ access }) => {
      access.bastion = { address: "192.0.2.5", user: "jump" };
    },
    problems: ["access.bastion: passwordSecret or privateKeySecret"],
  },
  {
    title: "a user that cannot become root",
    spoil: ({ access }) => {
      access.sudo = "none";
    },
    problems: ["access.sudo: nopasswd or password, since user deliver is not root"],
  },
  {
    title: "one host's own user that cannot become root",
    spoil: ({ access, hosts }) => {
      access.user = "root";
      access.sudo = "none";
      hosts[2].user = "admin";
    },
    problems: ["access.sudo: nopasswd or password, since user admin is not root"],
  },
  {
    title: "sudo that asks for a password which is not there",
    spoil: ({ access }) => {
      access.passwordSecret = undefined;
      access.privateKeySecret = "sshPassword";
    },
    problems: ["access.passwordSecret: the secret with the password that sudo asks for"],
  },
  {
    title: "a secret that the stack does not hold",
    spoil: (site) => {
      site.registry = { passwordSecret: "registryPassword" };
    },
    problems: ["registry.passwordSecret: an entry of sitewright:secrets"],
  },
];

const workloads: readonly Case[] = [
  {
    title: "a workload that the release does not have",
    spoil: ({ workloads }) => {
      workloads.wbe = { replicas: 1 };
    },
    problems: ["workloads.wbe: a workload of release 2026.11"],
  },
  {
    title: "a workload named like something that every object has",
    spoil: ({ workloads }) => {
      workloads.constructor = { replicas: 1 };
    },
    problems: ["workloads.constructor: a workload of release 2026.11"],
  },
  {
    title: "a number of Pods for a CronJob",
    spoil: ({ workloads }) => {
      workloads["clean-up"] = { replicas: 2 };
    },
    problems: ["workloads.clean-up.replicas: no number of Pods"],
  },
  {
    title: "a limit below the request",
    spoil: ({ workloads }) => {
      const requests = { cpu: "500m", memory: "1Gi" };
      workloads.api = { resources: { requests, limits: { cpu: "0.4", memory: "1000Mi" } } };
    },
    problems: [
      "workloads.api.resources.limits.cpu: at least the request of 500m",
      "workloads.api.resources.limits.memory: at least the request of 1Gi",
    ],
  },
  {
    title: "more Pods than hosts where each needs one",
    spoil: ({ workloads }) => {
      workloads.web = {};
    },
    problems: ["workloads.web.replicas: at most 2 for workload web"],
  },
  {
    title: "a Pod that fits on no node",
    spoil: ({ workloads }) => {
      const amount = { cpu: "3.8", memory: "1Gi" };
      workloads.api = { replicas: 0 };
      workloads.worker = { resources: { requests: amount, limits: amount } };
    },
    problems: [
      "workloads.worker.resources: requests for workload worker that fit on one node",
      "capacity: room for workloads",
    ],
  },
  {
    title: "a node selector that no node meets",
    spoil: ({ workloads }) => {
      workloads.api = { nodeSelector: { disk: "nvme" } };
    },
    problems: ["hosts: a node with the role worker and the labels disk=nvme for workload api"],
  },
  {
    title: "no room with one worker lost",
    spoil: ({ workloads }) => {
      const amount = { cpu: "700m", memory: "128Mi" };
      workloads.api = { replicas: 5, resources: { requests: amount, limits: amount } };
    },
    problems: ["capacity: room for workloads"],
  },
];

for (const [group, cases] of Object.entries({ hosts, roles, cluster, access, workloads })) {
  describe(`Cross-checks of ${group} find`, () => {
    for (const { title, spoil, problems } of cases) {
      it(title, () => {
        const site = smallSite();
        spoil(site);
        const found = problemsOf(site);
        const wanted = problems.map((problem) => `sitewright:site.${problem}`);
        assert.deepEqual(
          found.map((text, at) => text.slice(0, wanted[at]?.length)),
          wanted,
          found.join("\n"),
        );
      });
    }
  });
}

describe("Cross-checks find nothing in", () => {
  it("the small site that the cases above spoil", () => {
    assert.deepEqual(problemsOf(smallSite()), []);
  });

  it("an installer without a role, which is what KubeKey then runs on", () => {
    const site = smallSite();
    site.hosts.push(worker("installer", "192.0.2.40", { roles: [] }));
    site.installer = "installer";
    assert.deepEqual(problemsOf(site), []);
  });

  it("a node whose only taint prefers others", () => {
    const site = smallSite();
    site.hosts[1].taints = [{ key: "slow", effect: "PreferNoSchedule" }];
    assert.deepEqual(problemsOf(site), []);
  });

  it("the same demand when no worker is to be spared", () => {
    const site = smallSite();
    const amount = { cpu: "700m", memory: "128Mi" };
    site.workloads.api = { replicas: 5, resources: { requests: amount, limits: amount } };
    site.capacity = { spareNodes: 0 };
    assert.deepEqual(problemsOf(site), []);
  });
});
