import { describeCases } from "../support/cross-check-cases";

describeCases("the mesh", [
  {
    title: "a namespace that the release does not have",
    spoil: (site) => {
      for (const host of site.hosts) Object.assign(host, { cpus: 16, memoryGiB: 64 });
      site.mesh = { namespaces: { parcel: false } };
    },
    problems: ["mesh.namespaces.parcel: a namespace of release 2026.11: parcels"],
  },
  {
    title: "a workload that joins where there is none",
    spoil: (site) => {
      site.workloads.web.mesh = true;
    },
    problems: ["workloads.web.mesh: a site with a mesh"],
  },
  {
    title: "proxies that ask for more than they may use",
    spoil: (site) => {
      for (const host of site.hosts) Object.assign(host, { cpus: 16, memoryGiB: 64 });
      const amounts = { cpu: "100m", memory: "128Mi" };
      site.mesh = { proxy: { requests: amounts, limits: { ...amounts, cpu: "50m" } } };
    },
    problems: ["mesh.proxy.limits.cpu: at least the request of 100m"],
  },
  {
    title: "an Istio that the cluster's Kubernetes is too old for",
    spoil: (site) => {
      for (const host of site.hosts) Object.assign(host, { cpus: 16, memoryGiB: 64 });
      site.cluster.kubernetes = "v1.31.12";
      site.mesh = {};
    },
    problems: Array.from({ length: 4 }, () => "mesh: Kubernetes 1.32 or later for "),
  },
  {
    title: "proxies that no worker has room for",
    spoil: (site) => {
      const amounts = { cpu: "3", memory: "2Gi" };
      site.mesh = { proxy: { requests: amounts, limits: amounts } };
    },
    // Of the workers, and of all nodes together, since the mesh's network plugin runs on each.
    problems: ["capacity: room for workloads", "capacity: room for workloads"],
  },
]);
