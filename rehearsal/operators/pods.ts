import { createHash } from "node:crypto";
import type { KubeApi, KubeObject } from "../kubekey/cluster/kube-api";

/** Workloads that an operator's stand-in makes, so that the real scheduler places their Pods. */

type Plain = Readonly<Record<string, unknown>>;

/** Where the digest of an object's wanted shape stands: what has not changed is not sent again. */
const digestKey = "sitewright/stand-in-digest";

/** Pods of one workload, as an operator would start them. */
export interface PodsWish {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly account: string;
  readonly image: string;
  /** Requests and limits of each container, by its name. */
  readonly containers: Readonly<Record<string, unknown>>;
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly tolerations?: unknown;
  readonly affinity?: unknown;
}

function template(wish: PodsWish): Plain {
  return {
    metadata: { labels: wish.labels },
    spec: {
      serviceAccountName: wish.account,
      nodeSelector: wish.nodeSelector ?? {},
      tolerations: wish.tolerations ?? [],
      affinity: wish.affinity ?? {},
      containers: Object.entries(wish.containers).map(([name, resources]) => ({
        name,
        image: wish.image,
        resources: resources ?? {},
      })),
    },
  };
}

export function deploymentOf(wish: PodsWish, replicas: number): KubeObject {
  const { name, namespace, labels } = wish;
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace, labels },
    spec: { replicas, selector: { matchLabels: labels }, template: template(wish) },
  };
}

export function daemonSetOf(wish: PodsWish): KubeObject {
  const { name, namespace, labels } = wish;
  return {
    apiVersion: "apps/v1",
    kind: "DaemonSet",
    metadata: { name, namespace, labels },
    spec: { selector: { matchLabels: labels }, template: template(wish) },
  };
}

/** No two Pods with this label on one node. */
export function apart(app: string): Plain {
  return {
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [
        {
          topologyKey: "kubernetes.io/hostname",
          labelSelector: { matchLabels: { app } },
        },
      ],
    },
  };
}

/**
 * Makes an object, or brings it to its wanted shape; it goes with its owner.
 * @returns the object as it was found, undefined when it was not there.
 */
export async function keep(
  api: KubeApi,
  owner: KubeObject,
  path: string,
  object: KubeObject,
): Promise<KubeObject | undefined> {
  const digest = createHash("sha256").update(JSON.stringify(object)).digest("hex").slice(0, 16);
  const found = await api.get<KubeObject>(path);
  if (found?.metadata.annotations?.[digestKey] === digest) return found;
  const { uid } = owner.metadata as unknown as { uid?: string };
  const { apiVersion, kind } = owner;
  const metadata = {
    ...object.metadata,
    annotations: { ...object.metadata.annotations, [digestKey]: digest },
    ...(uid !== undefined && {
      ownerReferences: [{ apiVersion, kind, name: owner.metadata.name, uid }],
    }),
  };
  await api.apply({ ...object, metadata });
  return found;
}

/** Keeps a Deployment or DaemonSet; true once all its Pods are there. */
export async function keepRunning(
  api: KubeApi,
  owner: KubeObject,
  object: KubeObject,
): Promise<boolean> {
  const plural = `${object.kind.toLowerCase()}s`;
  const { namespace, name } = object.metadata;
  const path = `/apis/apps/v1/namespaces/${namespace}/${plural}/${name}`;
  const found = (await keep(api, owner, path, object)) as
    | { status?: Readonly<Record<string, number>>; spec?: { replicas?: number } }
    | undefined;
  if (found === undefined) return false;
  const { status = {}, spec } = found;
  const wanted = status.desiredNumberScheduled ?? spec?.replicas ?? 1;
  return (status.numberReady ?? status.availableReplicas ?? 0) >= wanted && wanted > 0;
}
