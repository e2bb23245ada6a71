import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { parse } from "yaml";
import { trackLabel } from "../../../cli/workloads/objects";
import type { Wanted } from "../../../cli/workloads/status";
import { type ControlPlane, freePorts } from "./plugins/control-plane";

/** The API of a control plane on loopback as its administrator or by another token; every connection to it is counted. */
export function accessOf(plane: ControlPlane, token?: string) {
  const { clusters, users } = parse(readFileSync(plane.kubeconfig, "utf8"));
  const { server, "certificate-authority-data": ca } = clusters[0].cluster;
  const { hostname, port } = new URL(server);
  const dialled = { times: 0 };
  const access = {
    ca: Buffer.from(ca, "base64"),
    serverName: "kubernetes",
    authorization: `Bearer ${token ?? users[0].user.token}`,
    dial: async () => {
      dialled.times++;
      return connect(Number(port), hostname);
    },
  };
  return { access, dialled };
}

/** A node of kwok's whose kubelet is asked for on loopback; without a port nobody listens there. */
export async function answeredBy(plane: ControlPlane, node: string, port?: number): Promise<void> {
  const [nobody] = port === undefined ? await freePorts(1) : [port];
  const status = {
    addresses: [{ type: "InternalIP", address: "127.0.0.1" }],
    daemonEndpoints: { kubeletEndpoint: { Port: nobody } },
  };
  await plane.api(
    "PATCH",
    `/api/v1/nodes/${node}/status`,
    { status },
    "application/merge-patch+json",
  );
}

const paths: Readonly<Record<Wanted["kind"], string>> = {
  Deployment: "apps/v1/namespaces/{}/deployments",
  StatefulSet: "apps/v1/namespaces/{}/statefulsets",
  DaemonSet: "apps/v1/namespaces/{}/daemonsets",
  Job: "batch/v1/namespaces/{}/jobs",
  CronJob: "batch/v1/namespaces/{}/cronjobs",
};

/** Makes what starts a workload's Pods, with the labels that the product's have; `canary` makes the one beside it. */
export async function start(
  plane: ControlPlane,
  workload: Wanted,
  { canary = false, spec = {} }: { readonly canary?: boolean; readonly spec?: object } = {},
): Promise<void> {
  const { namespace, name, kind, replicas, schedule } = workload;
  const labels = { ...labelsOf(workload), ...(canary && { [trackLabel]: "canary" }) };
  const once = kind === "Job" || kind === "CronJob";
  const template = {
    metadata: { labels },
    spec: {
      automountServiceAccountToken: false,
      restartPolicy: once ? "Never" : "Always",
      containers: [{ name, image: workload.image }],
      ...spec,
    },
  };
  const matchLabels = canary
    ? { "app.kubernetes.io/name": name, [trackLabel]: "canary" }
    : { "app.kubernetes.io/name": name };
  const served = { selector: { matchLabels }, template, ...(kind !== "DaemonSet" && { replicas }) };
  const metadata = { name: canary ? `${name}-canary` : name, labels };
  const specs: Readonly<Record<Wanted["kind"], object>> = {
    Deployment: served,
    StatefulSet: { ...served, serviceName: name },
    DaemonSet: served,
    Job: { template },
    CronJob: { schedule, jobTemplate: { spec: { template } } },
  };
  const answer = await plane.api("POST", `/apis/${paths[kind].replace("{}", namespace)}`, {
    metadata,
    spec: specs[kind],
  });
  if ((answer as { kind: string }).kind === "Status") throw new Error(JSON.stringify(answer));
}

/** Starts a Pod on a node, as one of a workload's. */
export async function startPod(
  plane: ControlPlane,
  workload: Wanted,
  name: string,
  nodeName: string,
): Promise<void> {
  const { namespace, name: container, image } = workload;
  const spec = {
    nodeName,
    automountServiceAccountToken: false,
    containers: [{ name: container, image }],
  };
  const metadata = { name, labels: labelsOf(workload) };
  await plane.api("POST", `/api/v1/namespaces/${namespace}/pods`, { metadata, spec });
}

function labelsOf({ name, version }: Wanted) {
  return {
    "app.kubernetes.io/name": name,
    "app.kubernetes.io/version": version,
    "app.kubernetes.io/part-of": "parcels",
  };
}
