import { type Case, control, describeCases, worker } from "../support/cross-check-cases";

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

describeCases("hosts", hosts);
describeCases("roles", roles);
