import assert from "node:assert/strict";
import { type Case, control, describeCases, worker } from "../support/cross-check-cases";
import { problemsOf, smallSite } from "../support/sites";

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
    problems: [
      "workloads.clean-up.replicas: nothing: a CronJob has no replicas, only a Deployment or StatefulSet has",
    ],
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

describeCases("the cluster", cluster);
describeCases("logins", access);
describeCases("workloads", workloads);

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
