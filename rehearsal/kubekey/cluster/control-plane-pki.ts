import { certificatesScript, kubeadmSuffixes, type Leaf } from "./certificates";
import type { ClusterPlan, HostPlan } from "./plan";

/** Where a control plane keeps its keys and certificates. */
export const pki = "/etc/kubernetes/pki";

/** Files that control planes share: made on the first, copied to those that join. */
export const sharedPki: readonly string[] = [
  ...["ca.crt", "ca.key", "front-proxy-ca.crt", "front-proxy-ca.key", "sa.key", "sa.pub"],
].map((name) => `${pki}/${name}`);

/** Shell lines that make what kubeadm makes below /etc/kubernetes on a control plane, where it is missing. */
export function controlPlanePkiScript(host: HostPlan, plan: ClusterPlan): string {
  const client = (path: string, commonName: string, organization?: string): Leaf => ({
    authority: `${pki}/ca`,
    path,
    commonName,
    ...(organization === undefined ? {} : { organization }),
    server: false,
    client: true,
    names: [],
  });
  const scratch = "/etc/kubernetes/.clients";
  const leaves: Leaf[] = [
    {
      ...client(`${pki}/apiserver`, "kube-apiserver"),
      server: true,
      client: false,
      names: [...plan.certificateNames, host.name, host.internalAddress],
    },
    client(`${pki}/apiserver-kubelet-client`, "kube-apiserver-kubelet-client", "system:masters"),
    {
      ...client(`${pki}/front-proxy-client`, "front-proxy-client"),
      authority: `${pki}/front-proxy-ca`,
    },
    client(`${scratch}/admin`, "kubernetes-admin", "system:masters"),
    client(`${scratch}/controller-manager`, "system:kube-controller-manager"),
    client(`${scratch}/scheduler`, "system:kube-scheduler"),
    client(`${scratch}/kubelet`, `system:node:${host.name}`, "system:nodes"),
  ];
  const endpoint = `https://${plan.endpoint.domain}:${plan.endpoint.port}`;
  const own = `https://${host.internalAddress}:6443`;
  return `set -e
${certificatesScript(
  kubeadmSuffixes,
  [
    { path: `${pki}/ca`, commonName: "kubernetes" },
    { path: `${pki}/front-proxy-ca`, commonName: "front-proxy-ca" },
  ],
  leaves,
)}
if [ ! -s ${pki}/sa.key ]; then
  openssl ecparam -name prime256v1 -genkey -noout -out ${pki}/sa.key.part
  openssl ec -in ${pki}/sa.key.part -pubout -out ${pki}/sa.pub 2> /dev/null
  mv ${pki}/sa.key.part ${pki}/sa.key
fi
kubeconfig() { # file, user, server
  [ -s "/etc/kubernetes/$1.conf" ] && return 0
  {
    printf 'apiVersion: v1\\nkind: Config\\nclusters:\\n- name: ${plan.clusterName}\\n  cluster:\\n'
    printf '    certificate-authority-data: %s\\n    server: %s\\n' "$(base64 -w0 < ${pki}/ca.crt)" "$3"
    printf 'contexts:\\n- name: %s@${plan.clusterName}\\n  context:\\n' "$2"
    printf '    cluster: ${plan.clusterName}\\n    user: %s\\ncurrent-context: %s@${plan.clusterName}\\n' "$2" "$2"
    printf 'users:\\n- name: %s\\n  user:\\n    client-certificate-data: %s\\n    client-key-data: %s\\n' \\
      "$2" "$(base64 -w0 < ${scratch}/$1.crt)" "$(base64 -w0 < ${scratch}/$1.key)"
  } > "/etc/kubernetes/$1.conf.part"
  mv "/etc/kubernetes/$1.conf.part" "/etc/kubernetes/$1.conf"
}
kubeconfig admin kubernetes-admin ${endpoint}
kubeconfig controller-manager system:kube-controller-manager ${own}
kubeconfig scheduler system:kube-scheduler ${own}
kubeconfig kubelet system:node:${host.name} ${endpoint}
rm -rf ${scratch}
`;
}
