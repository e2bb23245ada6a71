import { stringify } from "yaml";
import { nightingaleService } from "../../../site/platform/nightingale-place";
import type { Programs } from "../engine/session";
import { writeFilesScript } from "../engine/shell-text";
import { daemonFunctions, daemonLine } from "./daemons";
import { portForwards } from "./pod-ports";

/** The annotation by which kwok knows its nodes. */
export const kwokAnnotation = { "kwok.x-k8s.io/node": "fake" } as const;

/** Where kwok answers as the kubelet of every node. */
export const kwokPort = 10247;

const configFile = "/etc/kubekey/kwok/kwok.yaml";

const nodeReady = `{{ $now := Now }}
conditions:
- {type: Ready, status: "True", reason: KubeletReady, message: kubelet is posting ready status, lastHeartbeatTime: {{ $now | Quote }}, lastTransitionTime: {{ $now | Quote }}}
- {type: NetworkUnavailable, status: "False", reason: CalicoIsUp, message: Calico is running on this node, lastHeartbeatTime: {{ $now | Quote }}, lastTransitionTime: {{ $now | Quote }}}
`;

const podRunning = `{{ $now := Now }}
phase: Running
startTime: {{ $now | Quote }}
hostIP: {{ NodeIPWith .spec.nodeName | Quote }}
podIP: {{ PodIPWith .spec.nodeName ( or .spec.hostNetwork false ) ( or .metadata.uid "" ) ( or .metadata.name "" ) ( or .metadata.namespace "" ) | Quote }}
conditions:
{{ range $type := list "PodReadyToStartContainers" "Initialized" "Ready" "ContainersReady" }}
- {type: {{ $type }}, status: "True", lastTransitionTime: {{ $now | Quote }}}
{{ end }}
{{ range .spec.readinessGates }}
- {type: {{ .conditionType | Quote }}, status: "True", lastTransitionTime: {{ $now | Quote }}}
{{ end }}
containerStatuses:
{{ range .spec.containers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  imageID: {{ .image | Quote }}
  ready: true
  started: true
  restartCount: 0
  state: {running: {startedAt: {{ $now | Quote }}}}
{{ end }}
initContainerStatuses:
{{ range .spec.initContainers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  imageID: {{ .image | Quote }}
  ready: true
  restartCount: 0
{{ if eq ( or .restartPolicy "" ) "Always" }}
  started: true
  state: {running: {startedAt: {{ $now | Quote }}}}
{{ else }}
  state: {terminated: {exitCode: 0, reason: Completed, startedAt: {{ $now | Quote }}, finishedAt: {{ $now | Quote }}}}
{{ end }}
{{ end }}
`;

const podCompleted = `{{ $now := Now }}
phase: Succeeded
conditions:
- {type: Ready, status: "False", reason: PodCompleted, lastTransitionTime: {{ $now | Quote }}}
- {type: ContainersReady, status: "False", reason: PodCompleted, lastTransitionTime: {{ $now | Quote }}}
containerStatuses:
{{ range .spec.containers }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  imageID: {{ .image | Quote }}
  ready: false
  started: false
  restartCount: 0
  state: {terminated: {exitCode: 0, reason: Completed, startedAt: {{ $now | Quote }}, finishedAt: {{ $now | Quote }}}}
{{ end }}
`;

interface Requirement {
  readonly key: string;
  readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
  readonly values?: readonly string[];
}

const alive: Requirement = { key: ".metadata.deletionTimestamp", operator: "DoesNotExist" };

function stage(
  name: string,
  kind: "Node" | "Pod",
  matchExpressions: readonly Requirement[],
  delayMilliseconds: { readonly least: number; readonly most: number },
  next: unknown,
) {
  return {
    apiVersion: "kwok.x-k8s.io/v1alpha1",
    kind: "Stage",
    metadata: { name },
    spec: {
      resourceRef: { apiGroup: "v1", kind },
      selector: { matchExpressions },
      delay: {
        durationMilliseconds: delayMilliseconds.least,
        jitterDurationMilliseconds: delayMilliseconds.most,
      },
      next,
    },
  };
}

/** kwok's configuration: how nodes and Pods live, quick but never at once, and where ports of Pods lead. */
export function kwokConfig(): string {
  const stages = [
    stage(
      "node-ready",
      "Node",
      [
        {
          key: '.status.conditions.[] | select( .type == "Ready" ) | .status',
          operator: "NotIn",
          values: ["True"],
        },
      ],
      { least: 300, most: 900 },
      { statusTemplate: nodeReady },
    ),
    stage(
      "pod-ready",
      "Pod",
      [alive, { key: ".status.podIP", operator: "DoesNotExist" }],
      { least: 200, most: 800 },
      { statusTemplate: podRunning },
    ),
    stage(
      "pod-complete",
      "Pod",
      [
        alive,
        { key: ".status.phase", operator: "In", values: ["Running"] },
        { key: ".metadata.ownerReferences.[].kind", operator: "In", values: ["Job"] },
      ],
      { least: 500, most: 1500 },
      { statusTemplate: podCompleted },
    ),
    stage(
      "pod-delete",
      "Pod",
      [{ key: ".metadata.deletionTimestamp", operator: "Exists" }],
      { least: 100, most: 500 },
      { finalizers: { empty: true }, delete: true },
    ),
  ];
  return [...stages, ...portForwards()].map((each) => stringify(each)).join("---\n");
}

const adminConf = "/etc/kubernetes/admin.conf";

/** What the program that stands for Nightingale's Pods keeps, as long as the host lives. */
const nightingaleFile = "/var/lib/sitewright/nightingale.json";

/**
 * Shell lines that start kwok on a control plane, where it plays every node's kubelet, and beside it what stands for
 * the operators that would run in Pods, and for Pods whose ports are forwarded.
 */
export function startKwokScript({
  kwok,
  operators,
  nightingale,
}: Pick<Programs, "kwok" | "operators" | "nightingale">): string {
  const [annotation, value] = Object.entries(kwokAnnotation)[0] ?? ["", ""];
  return `set -e
${writeFilesScript([{ path: configFile, content: kwokConfig() }])}
${daemonFunctions}
GOGC=60 ${daemonLine("kwok", [
    kwok,
    `--kubeconfig=${adminConf}`,
    `--config=${configFile}`,
    `--manage-nodes-with-annotation-selector=${annotation}=${value}`,
    // Renewed at a quarter of this. A kwok that is started again waits for as long, its predecessor holding the nodes.
    "--node-lease-duration-seconds=20",
    // API servers of the other control planes ask here too.
    `--server-address=0.0.0.0:${kwokPort}`,
  ])}
${daemonLine("operators", [...operators, adminConf])}
${daemonLine("nightingale", [...nightingale, String(nightingaleService.port), nightingaleFile])}
`;
}
