import { startControlPlaneScript } from "../cluster/control-plane";
import { listNodes } from "../cluster/nodes";
import { firstControlPlane, type HostPlan, minorOf, nodes } from "../cluster/plan";
import { type Parsed, switchFlag, textFlag } from "../engine/command-line";
import { type Module, task } from "../engine/pipeline";
import type { Session } from "../engine/session";
import { Stop } from "../engine/stop";
import { binaries, unpackArtifact } from "../modules/artifact";
import { clusterDns } from "../modules/control-plane";
import { pullImages } from "../modules/images";
import { kubeBinaries } from "../modules/kube-binaries";
import { ask, greetings, nodePreCheck, type PreCheck } from "../modules/precheck";
import { binaryPaths, supportedKubernetes } from "./versions";

interface UpgradeOptions {
  readonly artifact: string | undefined;
  readonly yes: boolean;
}

/** Compares versions; negative when the first is older. */
export function compareVersions(a: string, b: string): number {
  const parts = (text: string) => text.replace(/^v/, "").split(".").map(Number);
  const [one, other] = [parts(a), parts(b)];
  for (let index = 0; index < 3; index++) {
    const difference = (one[index] ?? 0) - (other[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The versions on the way: the newest patch of each minor between, then the target. */
export function upgradePath(from: string, to: string, supported: readonly string[]): string[] {
  const steps: string[] = [];
  for (let minor = minorOf(from) + 1; minor < minorOf(to); minor++) {
    const newest = supported
      .filter((version) => minorOf(version) === minor)
      .sort(compareVersions)
      .at(-1);
    if (newest !== undefined) steps.push(newest);
  }
  return [...steps, to];
}

/** `upgrade`: minor by minor, control planes one after the other, then workers. */
export function upgradeModules(
  session: Session,
  parsed: Parsed,
  options: UpgradeOptions,
): Module[] {
  const { plan, journal } = session;
  const wanted = textFlag(parsed, "with-kubernetes") ?? plan.kubernetes;
  const target = wanted.startsWith("v") ? wanted : `v${wanted}`;
  const found: PreCheck = new Map();
  let current = target;
  return [
    greetings(session),
    nodePreCheck(session, found),
    {
      name: "ClusterPreCheckModule",
      tasks: () => [
        task<HostPlan>({
          name: "CheckDesiredK8sVersion",
          description: "Check desired Kubernetes version",
          hosts: [firstControlPlane(plan)],
          run: async () => {
            if (!supportedKubernetes.includes(target))
              throw new Error(`does not support upgrade to Kubernetes version ${target}`);
            const versions = (await listNodes(await session.api())).flatMap(
              (node) => node.status?.nodeInfo?.kubeletVersion ?? [],
            );
            current = versions.sort(compareVersions)[0] ?? target;
          },
        }),
        task({
          name: "GetKubernetesNodesStatus",
          description: "Get kubernetes nodes status",
          run: async () => {
            if (compareVersions(current, target) <= 0) return;
            journal.print(
              `The current version (${current}) is newer than the target version (${target})`,
            );
            throw new Stop(0);
          },
        }),
      ],
    },
    {
      name: "UpgradeConfirmModule",
      skip: options.yes,
      tasks: () => [
        task({
          name: "ConfirmForm",
          description: "Display confirmation form",
          run: async () => {
            journal.print(`Upgrade Confirmation:\nkubernetes version: ${current} to ${target}\n`);
            ask(session, "Continue upgrading cluster? [yes/no]: ");
          },
        }),
      ],
    },
    unpackArtifact(session, options.artifact),
    binaries(session, "NodeBinariesModule", (arch) => binaryPaths(target, arch)),
    pullImages(session, switchFlag(parsed, "skip-pull-images")),
    kubeBinaries(session),
    {
      name: "ProgressiveUpgradeModule 2/2",
      tasks: () =>
        upgradePath(current, target, supportedKubernetes).flatMap((version) =>
          stepTasks(session, version),
        ),
    },
    clusterDns(session),
  ];
}

function stepTasks(session: Session, version: string) {
  const { plan } = session;
  const stepPlan = { ...plan, kubernetes: version };
  const mark = async (host: HostPlan) => {
    const api = await session.api();
    await api.patch(`/api/v1/nodes/${host.name}/status`, {
      status: { nodeInfo: { kubeletVersion: version, kubeProxyVersion: version } },
    });
  };
  const behind = async (host: HostPlan) => {
    const node = (await listNodes(await session.api())).find(
      (each) => each.metadata.name === host.name,
    );
    return compareVersions(node?.status?.nodeInfo?.kubeletVersion ?? version, version) < 0;
  };
  return [
    task({
      name: "CalculateNextVersion",
      description: "Calculate next upgrade version",
      run: async () =>
        session.journal.info(`message: [LocalHost]\nkubernetes version: next ${version}`),
    }),
    task<HostPlan>({
      name: "UpgradeClusterOnMaster",
      description: `Upgrade cluster on master (to ${version})`,
      hosts: plan.groups.controlPlane,
      serial: true,
      when: behind,
      run: async (host) => {
        session.forgetApi();
        const options = {
          binary: session.programs.controlPlane,
          restart: true,
          waitSeconds: 240,
          neverReady: false,
        };
        await session.sudo(
          host,
          `kubeadm upgrade apply ${version}`,
          startControlPlaneScript(host, stepPlan, options),
        );
        await mark(host);
      },
    }),
    task<HostPlan>({
      name: "UpgradeClusterOnWorker",
      description: `Upgrade cluster on worker (to ${version})`,
      hosts: nodes(plan).filter((host) => !plan.groups.controlPlane.includes(host)),
      serial: true,
      when: behind,
      run: mark,
    }),
  ];
}
