import { type HostFile, writeFilesScript } from "../engine/shell-text";
import { pki } from "./control-plane-pki";
import { daemonFunctions, daemonLine } from "./daemons";
import { etcdCertificateFolder } from "./etcd";
import { type ClusterPlan, type HostPlan, minorOf } from "./plan";

/** A minor that the control plane's binary can act as: its own or one of the three before. */
export function emulatedVersion(kubernetes: string): string {
  return `1.${Math.min(34, Math.max(31, minorOf(kubernetes)))}`;
}

/** The command lines of a control plane's three programs, by the names they run under. */
export function controlPlaneCommands(
  binary: string,
  host: HostPlan,
  plan: ClusterPlan,
): Readonly<Record<string, readonly string[]>> {
  const emulated = `--emulated-version=${emulatedVersion(plan.kubernetes)}`;
  const etcd = plan.groups.etcd.map((each) => `https://${each.internalAddress}:${plan.etcd.port}`);
  const conf = (name: string) => `/etc/kubernetes/${name}.conf`;
  const trusted = (name: string) => [
    `--kubeconfig=${conf(name)}`,
    `--authentication-kubeconfig=${conf(name)}`,
    `--authorization-kubeconfig=${conf(name)}`,
  ];
  return {
    "kube-apiserver": [
      ...[binary, "kube-apiserver", emulated],
      `--advertise-address=${host.internalAddress}`,
      ...["--bind-address=0.0.0.0", "--secure-port=6443", "--allow-privileged=true"],
      ...["--authorization-mode=Node,RBAC", "--enable-admission-plugins=NodeRestriction"],
      // Webhooks are answered by Pods, and no Pod really runs in a rehearsal.
      "--disable-admission-plugins=MutatingAdmissionWebhook,ValidatingAdmissionWebhook",
      ...[`--client-ca-file=${pki}/ca.crt`, "--enable-bootstrap-token-auth=true"],
      `--etcd-servers=${etcd.join(",")}`,
      `--etcd-cafile=${etcdCertificateFolder}/ca.pem`,
      `--etcd-certfile=${etcdCertificateFolder}/node-${host.name}.pem`,
      `--etcd-keyfile=${etcdCertificateFolder}/node-${host.name}-key.pem`,
      `--kubelet-client-certificate=${pki}/apiserver-kubelet-client.crt`,
      `--kubelet-client-key=${pki}/apiserver-kubelet-client.key`,
      "--kubelet-preferred-address-types=InternalDNS,InternalIP,Hostname",
      `--proxy-client-cert-file=${pki}/front-proxy-client.crt`,
      `--proxy-client-key-file=${pki}/front-proxy-client.key`,
      ...[
        "--requestheader-allowed-names=front-proxy-client",
        "--requestheader-username-headers=X-Remote-User",
      ],
      `--requestheader-client-ca-file=${pki}/front-proxy-ca.crt`,
      ...[
        "--requestheader-extra-headers-prefix=X-Remote-Extra-",
        "--requestheader-group-headers=X-Remote-Group",
      ],
      `--service-account-issuer=https://kubernetes.default.svc.${plan.dnsDomain}`,
      ...[
        `--service-account-key-file=${pki}/sa.pub`,
        `--service-account-signing-key-file=${pki}/sa.key`,
      ],
      `--service-cluster-ip-range=${plan.serviceCidr}`,
      ...[`--tls-cert-file=${pki}/apiserver.crt`, `--tls-private-key-file=${pki}/apiserver.key`],
      ...["--profiling=false", "--event-ttl=1h"],
      ...plan.extraArgs.apiserver.map((argument) => `--${argument}`),
    ],
    "kube-controller-manager": [
      ...[binary, "kube-controller-manager", emulated, ...trusted("controller-manager")],
      ...[
        "--allocate-node-cidrs=true",
        `--cluster-cidr=${plan.podCidr}`,
        "--bind-address=127.0.0.1",
      ],
      `--node-cidr-mask-size=${plan.nodeCidrMaskSize}`,
      `--service-cluster-ip-range=${plan.serviceCidr}`,
      ...[`--client-ca-file=${pki}/ca.crt`, `--root-ca-file=${pki}/ca.crt`],
      ...[`--cluster-signing-cert-file=${pki}/ca.crt`, `--cluster-signing-key-file=${pki}/ca.key`],
      `--requestheader-client-ca-file=${pki}/front-proxy-ca.crt`,
      ...[
        `--service-account-private-key-file=${pki}/sa.key`,
        "--use-service-account-credentials=true",
      ],
      ...[
        "--leader-elect=true",
        "--controllers=*,bootstrapsigner,tokencleaner",
        "--profiling=false",
      ],
      ...["--kube-api-qps=200", "--kube-api-burst=400"],
      // kwok does not undo what a node that seemed lost for a moment does to its Pods.
      ...["--node-monitor-period=30s", "--node-monitor-grace-period=24h"],
      ...plan.extraArgs.controllerManager.map((argument) => `--${argument}`),
    ],
    "kube-scheduler": [
      ...[binary, "kube-scheduler", emulated, ...trusted("scheduler")],
      ...["--bind-address=127.0.0.1", "--leader-elect=true", "--profiling=false"],
      ...["--kube-api-qps=200", "--kube-api-burst=400"],
      ...plan.extraArgs.scheduler.map((argument) => `--${argument}`),
    ],
  };
}

/** The static Pod manifests that kubeadm leaves, so that whoever looks for them finds them. */
function manifests(
  commands: Readonly<Record<string, readonly string[]>>,
  plan: ClusterPlan,
): HostFile[] {
  return Object.entries(commands).map(([name, [, ...command]]) => ({
    path: `/etc/kubernetes/manifests/${name}.yaml`,
    mode: "600",
    content: `apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: kube-system, labels: {component: ${name}, tier: control-plane}}
spec:
  hostNetwork: true
  containers:
  - name: ${name}
    image: ${plan.registry.host || "docker.io"}/kubesphere/${name}:${plan.kubernetes}
    command:
${command.map((part) => `    - ${JSON.stringify(part)}\n`).join("")}`,
  }));
}

/** How a control plane's programs are started. */
export interface StartOptions {
  readonly binary: string;
  /** Stops running ones first. */
  readonly restart: boolean;
  readonly waitSeconds: number;
  /** A fault: the API server is started where it can never answer. */
  readonly neverReady: boolean;
}

/** Shell lines that start a control plane's programs and wait for its API server, as kubeadm does. */
export function startControlPlaneScript(
  host: HostPlan,
  plan: ClusterPlan,
  options: StartOptions,
): string {
  const commands = controlPlaneCommands(options.binary, host, plan);
  const names = Object.keys(commands).reverse();
  const start = Object.entries(commands).map(([name, command]) =>
    name === "kube-apiserver" && options.neverReady
      ? daemonLine(name, ["sleep", "infinity"])
      : `GOGC=60 ${daemonLine(name, command)}`,
  );
  const seconds = options.waitSeconds;
  return `set -e
${writeFilesScript(manifests(commands, plan))}
${daemonFunctions}
${options.restart ? names.map((name) => `stop ${name}`).join("\n") : ""}
${start[0] ?? ""}
echo "[wait-control-plane] Waiting for the kubelet to boot up the control plane as static Pods. This can take up to ${seconds}s"
end=$((SECONDS + ${seconds}))
until curl -sk --max-time 3 https://${host.internalAddress}:6443/readyz | grep -qx ok; do
  if ! running kube-apiserver; then tail -n 5 "$logs/kube-apiserver.log" >&2; sleep 1; ${start[0] ?? ""}; fi
  if [ $SECONDS -ge $end ]; then
    echo "[api-check] The API server is not healthy after ${seconds}s"
    echo "Unfortunately, an error has occurred: context deadline exceeded"
    echo "error execution phase wait-control-plane: could not initialize a Kubernetes cluster"
    exit 1
  fi
  sleep 0.3
done
${start.slice(1).join("\n")}
echo "[apiclient] All control plane components are healthy"
`;
}

/** Shell lines of kubeadm's look before it starts: what would be overwritten or is in the way. */
export const preflightScript = `echo "[preflight] Running pre-flight checks"
found=
for name in kube-apiserver kube-controller-manager kube-scheduler; do
  file=/etc/kubernetes/manifests/$name.yaml
  [ ! -e "$file" ] || found="$found
	[ERROR FileAvailable-\${file//\\//-}]: $file already exists"
done
(exec 3<> /dev/tcp/127.0.0.1/6443) 2> /dev/null && found="$found
	[ERROR Port-6443]: Port 6443 is in use"
if [ -n "$found" ]; then
  echo "error execution phase preflight: [preflight] Some fatal errors occurred:$found"
  exit 1
fi
`;

/** Shell lines of \`kubeadm reset -f\`. */
export const resetScript = `${daemonFunctions}
for name in node-ports kube-vip kwok kube-scheduler kube-controller-manager kube-apiserver; do stop "$name"; done
rm -rf /etc/kubernetes/manifests /etc/kubernetes/pki /var/lib/kubelet
rm -f /etc/kubernetes/admin.conf /etc/kubernetes/kubelet.conf /etc/kubernetes/controller-manager.conf \\
  /etc/kubernetes/scheduler.conf /etc/kubernetes/super-admin.conf
`;
