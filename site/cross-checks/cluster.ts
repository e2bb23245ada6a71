import type { CrossCheck } from "../check-input";
import { nearest } from "../nearest";
import { show, siteProblem } from "../problems";

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
        "use haproxy, external, or kubekey v4.0.6",
      ),
    ];
  },
};

/** The endpoint's mode, its address and the number of control-plane hosts fit together. */
export const endpointShape: CrossCheck = {
  reads: [["hosts"], endpointPath],
  find: ({ hosts, site }) => {
    const { mode, address, port } = site.cluster.endpoint;
    const own = mode === "kube-vip" || mode === "external";
    const controlPlane = hosts.filter(({ host }) => host.roles.includes("control-plane")).length;
    const taken = hosts.find(({ host }) => host.address === address)?.host.name;
    const addressPath = [...endpointPath, "address"];
    const shown = show(address);
    return [
      ...(own && address === undefined
        ? [
            siteProblem(
              addressPath,
              `the address that ${mode === "external" ? "the customer's balancer" : "kube-vip"} answers on`,
              "nothing",
            ),
          ]
        : []),
      ...(!own && address !== undefined
        ? [
            siteProblem(
              addressPath,
              `no address with mode ${mode}: KubeKey refuses it, silently`,
              shown,
              "remove it, or use external",
            ),
          ]
        : []),
      ...(own && taken !== undefined
        ? [siteProblem(addressPath, "a free address", `${shown}, which is host ${taken}`)]
        : []),
      ...(mode === "first-control-plane" && controlPlane > 1
        ? [
            siteProblem(
              [...endpointPath, "mode"],
              `a mode that serves ${controlPlane} control-plane hosts: the loss of the first would stop them all`,
              mode,
              "use haproxy, kube-vip or external",
            ),
          ]
        : []),
      ...(mode !== "external" && port !== 6443
        ? [
            siteProblem(
              [...endpointPath, "port"],
              `6443 with mode ${mode}`,
              show(port),
              "remove it",
            ),
          ]
        : []),
    ];
  },
};
