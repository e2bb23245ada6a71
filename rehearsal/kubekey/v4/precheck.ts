import { isIPv4 } from "node:net";
import { type HostPlan, nodes } from "../cluster/plan";
import { type Module, task } from "../engine/pipeline";
import { runLocally, type Session } from "../engine/session";
import { knownMinor } from "./plan";

/** Sudo finds kk's own programs; changed on every host and on kk's own machine, precheck included. */
const securePathScript = `set -e
command -v sudo > /dev/null || { echo "sudo: command not found"; exit 127; }
PATH=$PATH:/usr/sbin:/sbin
command -v visudo > /dev/null || { echo "visudo: command not found"; exit 127; }
# Only a simulated host has a root of its own over the machine's.
[ "$(stat -f -c %T /)" = overlayfs ] || exit 0
grep -q '^Defaults.*secure_path.*/usr/local/bin' /etc/sudoers && exit 0
umask 227
sed '/^Defaults.*secure_path/d' /etc/sudoers > /etc/sudoers.kk-part
echo 'Defaults secure_path="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"' >> /etc/sudoers.kk-part
visudo -cqf /etc/sudoers.kk-part && mv -f /etc/sudoers.kk-part /etc/sudoers
`;

/** What every playbook does first, whatever it is for. */
export function rootModules(session: Session): Module[] {
  const { hosts } = session.plan;
  return [
    {
      name: "gather_facts",
      tasks: () => [
        task<HostPlan>({
          name: "gather_facts",
          description: "gather_facts",
          hosts,
          // The real one counts a host that cannot be reached as a success, and stumbles later.
          run: async (host) => {
            await session.sudo(host, "gather facts", "uname -a").catch(() => undefined);
          },
        }),
      ],
    },
    {
      name: "native/root",
      tasks: () => [
        task({
          name: "AddSecurePathLocal",
          description: "OS | Add sudo secure path",
          run: async () => {
            runLocally("OS | Add sudo secure path", securePathScript);
          },
        }),
        task<HostPlan>({
          name: "AddSecurePath",
          description: "OS | Add sudo secure path",
          hosts,
          run: async (host) => {
            await session.sudo(host, "secure path", securePathScript);
          },
        }),
      ],
    },
    {
      name: "defaults",
      tasks: () => [
        task<HostPlan>({
          name: "ResetTemporaryDirectory",
          description: "Defaults | Reset temporary directory",
          hosts,
          run: async (host) => {
            await session.sudo(
              host,
              "rm /tmp/kubekey",
              "find /tmp/kubekey -mindepth 1 ! -name '*.sh' -delete",
            );
          },
        }),
      ],
    },
  ];
}

/** The asserts of role precheck that can fail on a simulated site. */
export function precheckModule(session: Session): Module {
  const { plan } = session;
  return {
    name: "precheck",
    tasks: () => [
      task({
        name: "Kubernetes",
        description: "Kubernetes | Fail if unsupported Kubernetes version",
        run: async () => {
          if (!knownMinor(plan.kubernetes)) {
            const minor = plan.kubernetes.split(".").slice(0, 2).join(".");
            throw new Error(`open roles/defaults/vars/${minor}.yaml: file does not exist`);
          }
          const { address, loadBalancer } = plan.endpoint;
          if (
            loadBalancer === "kube-vip" &&
            (!isIPv4(address) || plan.hosts.some((host) => host.internalAddress === address))
          ) {
            throw new Error(
              'The value of "kubernetes.control_plane_endpoint.kube_vip.address" must be an IP address that is not currently assigned to any node.',
            );
          }
        },
      }),
      task({
        name: "ETCD",
        description: "ETCD | Fail if the number of etcd nodes is even or zero",
        run: async () => {
          if (plan.groups.etcd.length % 2 === 0)
            throw new Error("The number of etcd nodes must be odd and greater than zero.");
        },
      }),
      task<HostPlan>({
        name: "OS",
        description: "OS | Fail if operating system is not supported",
        hosts: plan.hosts,
        run: async (host) => {
          const facts = await session.sudo(
            host,
            "os-release",
            '. /etc/os-release; echo "$ID $(uname -m)"',
          );
          const [id = "", machine = ""] = facts.split(" ");
          if (!["x86_64", "aarch64"].includes(machine))
            throw new Error(`The system architecture "${machine}" is not supported.`);
          if (!["ubuntu", "centos", "kylin", "rocky"].includes(id)) {
            // A simulated host shows this machine's system, which says nothing of the site's.
            session.journal.warn(`[rehearsal] real kk would refuse a host that runs "${id}"`);
          }
        },
      }),
      task<HostPlan>({
        name: "KubeletService",
        description: "Kubernetes | Validate Kubernetes service status and version",
        hosts: nodes(plan),
        run: async (host) => {
          const script = `[ -e /etc/systemd/system/kubelet.service ] || { echo not-found; exit 0; }
[ -s /etc/kubernetes/kubelet.conf ] && echo active || echo inactive
/usr/local/bin/kubelet --version`;
          const [state = "", version = ""] = (await session.sudo(host, "kubelet", script)).split(
            "\n",
          );
          if (state === "not-found") return;
          if (state !== "active")
            throw new Error("The kubelet service must be running and active when it is loaded.");
          const installed = version.replace("Kubernetes ", "");
          if (installed !== plan.kubernetes) {
            throw new Error(
              `The installed Kubernetes version (${installed}) does not match the expected version (${plan.kubernetes}).`,
            );
          }
        },
      }),
    ],
  };
}
