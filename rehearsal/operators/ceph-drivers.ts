import type { KubeApi, KubeObject } from "../kubekey/cluster/kube-api";
import type { Found, Operator } from "./operator";
import { apart, daemonSetOf, deploymentOf, keepRunning } from "./pods";

interface PluginSpec {
  readonly replicas?: number;
  readonly tolerations?: readonly unknown[];
  readonly affinity?: Readonly<Record<string, unknown>>;
  readonly resources?: Readonly<Record<string, unknown>>;
}

interface DriverSpec {
  readonly snapshotPolicy?: string;
  readonly nodePlugin?: PluginSpec;
  readonly controllerPlugin?: PluginSpec;
}

interface OperatorConfig {
  readonly spec?: {
    readonly driverSpecDefaults?: { readonly imageSet?: { readonly name?: string } };
  };
}

/** Containers of a driver's Pods that run with the settings given. */
export function driverContainers(spec: DriverSpec) {
  const snapshots = spec.snapshotPolicy !== undefined && spec.snapshotPolicy !== "none";
  return {
    controller: [
      "plugin",
      "provisioner",
      "attacher",
      "resizer",
      ...(snapshots ? ["snapshotter"] : []),
    ],
    node: ["plugin", "registrar"],
  };
}

async function look({ object }: Found, api: KubeApi): Promise<void> {
  if ("deletionTimestamp" in object.metadata) return;
  const { name, namespace = "" } = object.metadata;
  const image = await pluginImage(api, namespace);
  // Without the images' ConfigMap the real operator starts nothing either.
  if (image === undefined) return;
  const spec = object.spec as DriverSpec;
  const { controller, node } = driverContainers(spec);
  const pods = (
    part: "ctrlplugin" | "nodeplugin",
    plugin: PluginSpec,
    names: readonly string[],
  ) => ({
    name: `${name}-${part}`,
    namespace,
    labels: { app: `${name}-${part}` },
    account: `${name.replaceAll(".", "-")}-${part}-sa`,
    image,
    containers: Object.fromEntries(names.map((each) => [each, plugin.resources?.[each]])),
    tolerations: plugin.tolerations ?? [],
    affinity: { ...plugin.affinity, ...(part === "ctrlplugin" && apart(`${name}-${part}`)) },
  });
  const { controllerPlugin = {}, nodePlugin = {} } = spec;
  const controllers = deploymentOf(
    pods("ctrlplugin", controllerPlugin, controller),
    controllerPlugin.replicas ?? 1,
  );
  await keepRunning(api, object, controllers);
  await keepRunning(api, object, daemonSetOf(pods("nodeplugin", nodePlugin, node)));
}

/** The driver's image, by way of the operator's configuration as the real one finds it. */
async function pluginImage(api: KubeApi, namespace: string): Promise<string | undefined> {
  const configs = await api.get<{ items: readonly (KubeObject & OperatorConfig)[] }>(
    `/apis/csi.ceph.io/v1/namespaces/${namespace}/operatorconfigs`,
  );
  const set = configs?.items[0]?.spec?.driverSpecDefaults?.imageSet?.name;
  if (set === undefined || set === "") return undefined;
  const config = await api.get<{ data?: Readonly<Record<string, string>> }>(
    `/api/v1/namespaces/${namespace}/configmaps/${set}`,
  );
  return config?.data?.plugin;
}

/** Stands for the operator of the CSI drivers. A Driver's status stays empty, as it does in reality. */
export const cephDrivers: Operator = {
  name: "ceph-csi-operator",
  watches: ["/apis/csi.ceph.io/v1/drivers"],
  look,
};
