import type { CrossCheck } from "../check-input";
import { nearest } from "../nearest";
import { type Problem, show, siteProblem } from "../problems";

const versionPath = ["cluster", "kubernetes"];
const kubekeyPath = ["cluster", "kubekey"];
const endpointPath = ["cluster", "endpoint"];

/** The KubeKey version installs the Kubernetes version: others have no checksums in it and fail at the site. */
export const supportedVersion: CrossCheck = {
  reads: [versionPath, kubekeyPath],
  find: ({ site: { cluster }, catalogue }) => {
    const minors = catalogue.kubernetes.kubekey[cluster.kubekey] ?? {};
    const versions = Object.values(minors).flatMap((pins) => pins.versions);
    if (versions.includes(cluster.kubernetes)) return [];
    const others = Object.entries(catalogue.kubernetes.kubekey)
      .filter(([, known]) =>
        Object.values(known).some((pins) => pins.versions.includes(cluster.kubernetes)),
      )
      .map(([kubekey]) => kubekey);
    const meant = nearest(cluster.kubernetes, versions);
    const next =
      others.length > 0
        ? `use kubekey ${others.join(" or ")}`
        : `write ${meant ?? versions.at(-1)}`;
    const needed = `a version that KubeKey ${cluster.kubekey} installs: ${versions.join(", ")}`;
    return [siteProblem(versionPath, needed, cluster.kubernetes, next)];
  },
};

/** KubeKey v3 gives kube-vip a file that may no longer do its work from Kubernetes 1.29 on. */
export const kubeVipSupport: CrossCheck = {
  reads: [versionPath, kubekeyPath, [...endpointPath, "mode"]],
  find: ({ site: { cluster } }) => {
    const minor = Number(cluster.kubernetes.split(".")[1]);
    const refused =
      cluster.endpoint.mode === "kube-vip" && cluster.kubekey === "v3.1.12" && minor >= 29;
    if (!refused) return [];
    const needed =
      "another mode: kube-vip does not start with KubeKey v3.1.12 and Kubernetes 1.29 or later";
    return [
      siteProblem(
        [...endpointPath, "mode"],
        needed,
        "kube-vip",
        "use haproxy, keepalived, external, or kubekey v4.0.6",
      ),
    ];
  },
};

/** The endpoint's mode and its address and port fit together. */
export const endpointAddress: CrossCheck = {
  reads: [endpointPath],
  find: ({ hosts, site }) => {
    const { mode, address, port } = site.cluster.endpoint;
    const own = mode === "kube-vip" || mode === "keepalived" || mode === "external";
    const answers = mode === "external" ? "the customer's balancer" : mode;
    const taken = hosts.find(({ host }) => host.address === address)?.host.name;
    const path = [...endpointPath, "address"];
    const problems: Problem[] = [];
    if (own && address === undefined) {
      problems.push(siteProblem(path, `the address that ${answers} answers on`, "nothing"));
    }
    if (!own && address !== undefined) {
      const needed = `no address with mode ${mode}`;
      problems.push(siteProblem(path, needed, show(address), "remove it, or use mode external"));
    }
    if (own && taken !== undefined) {
      problems.push(
        siteProblem(path, "a free address", `${show(address)}, which is host ${taken}`),
      );
    }
    if (mode !== "external" && port !== 6443) {
      const needed = `6443 with mode ${mode}`;
      problems.push(siteProblem([...endpointPath, "port"], needed, show(port), "remove it"));
    }
    for (const key of ["routerId", "interface"] as const) {
      const value = site.cluster.endpoint[key];
      if (mode === "keepalived" || value === undefined) continue;
      const needed = `nothing with mode ${mode}`;
      problems.push(siteProblem([...endpointPath, key], needed, show(value), "remove it"));
    }
    return problems;
  },
};

/** More than one control-plane host needs something that spreads requests over them. */
export const endpointMode: CrossCheck = {
  reads: [["hosts"], [...endpointPath, "mode"]],
  find: ({ hosts, site }) => {
    const { mode } = site.cluster.endpoint;
    const count = hosts.filter(({ host }) => host.roles.includes("control-plane")).length;
    if (mode !== "first-control-plane" || count < 2) return [];
    const needed = `a mode that serves ${count} control-plane hosts: the loss of the first would stop them all`;
    return [
      siteProblem(
        [...endpointPath, "mode"],
        needed,
        mode,
        "use haproxy, kube-vip, keepalived or external",
      ),
    ];
  },
};
