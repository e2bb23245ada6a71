import { local } from "@pulumi/command";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { siteImage } from "../../site/images";
import type { ChartBlueprint } from "../../site/platform/part-types";
import type { CephBlueprint, StorageBlueprint } from "../../site/platform/storage-types";
import { installChart } from "../support/chart";
import { type StepSource, stepCommandArgs, stepRequest } from "../support/step-command";
import {
  clusterValues,
  csiDrivers,
  csiOperatorBudget,
  driversValues,
  operatorValues,
} from "./ceph-values";
import { hasVolumes } from "./volume-check";

export interface CephArgs extends StepSource {
  readonly storage: StorageBlueprint;
  readonly ceph: CephBlueprint;
  readonly erase: boolean;
}

/** Kinds that hold data or lead to it. */
const holdingData = ["CephCluster", "CephBlockPool", "CephFilesystem", "CephObjectStore"];

/** The same with what is there as soon as it is accepted. */
const protectedKinds = [...holdingData, "CephFilesystemSubVolumeGroup"];

/** Bound for Ceph to come up or to be upgraded, disk after disk. */
const patience = { create: "45m", update: "120m", delete: "30m" };

/**
 * Ceph by Rook: the operator, the CSI drivers and the cluster, each in place before the next, and at the end a look
 * whether it does what it is there for. Before an operator is changed, what runs is asked whether it may be.
 */
export class Ceph extends pulumi.ComponentResource {
  static readonly type = "sitewright:storage:Ceph";

  constructor(name: string, args: CephArgs, opts?: pulumi.ComponentResourceOptions) {
    super(Ceph.type, name, {}, opts);
    const { ceph, erase, storage } = args;
    const { controlPlane } = args.blueprint.cluster.groups;
    const { namespace, rook } = ceph;
    const image = siteImage(ceph.image, args.blueprint.registry.host);
    const chart = (wanted: string) => chartOf(storage, wanted);

    const allowed = new local.Command(
      `${name}-upgrade`,
      stepCommandArgs(args, {
        step: "storage-upgrade",
        request: stepRequest(args, controlPlane, {
          cephUpgrade: { controlPlane, namespace, rook, image },
        }),
      }),
      { parent: this },
    );
    const operator = installChart(
      `${name}-operator`,
      { chart: chart("rook-ceph"), values: operatorValues(ceph) },
      { parent: this, dependsOn: allowed },
    );
    new k8s.policy.v1.PodDisruptionBudget(`${name}-csi-budget`, csiOperatorBudget(ceph), {
      parent: this,
      dependsOn: allowed,
    });
    const drivers = installChart(
      `${name}-drivers`,
      { chart: chart("ceph-csi-drivers"), values: driversValues(ceph) },
      { parent: this, dependsOn: operator },
    );
    const cluster = installChart(
      `${name}-cluster`,
      {
        chart: chart("rook-ceph-cluster"),
        values: clusterValues(ceph, erase),
        waitFor: Object.fromEntries(
          holdingData.map((kind) => [kind, "jsonpath={.status.phase}=Ready"]),
        ),
        protects: erase ? [] : protectedKinds,
      },
      { parent: this, dependsOn: drivers, transforms: [patiently] },
    );
    new local.Command(
      `${name}-ready`,
      stepCommandArgs(args, {
        step: "storage-ready",
        request: stepRequest(args, controlPlane, {
          storageReady: {
            controlPlane,
            namespace,
            classes: hasVolumes(storage.classes),
            ceph: {
              image,
              disks: Object.fromEntries(ceph.hosts.map((host) => [host.name, host.devices.length])),
              drivers: csiDrivers(ceph),
            },
          },
        }),
      }),
      { parent: this, dependsOn: cluster },
    );
    this.registerOutputs({});
  }
}

function chartOf({ charts }: StorageBlueprint, name: string): ChartBlueprint {
  const found = charts.find(({ chart }) => chart === name);
  if (found === undefined) throw new Error(`the blueprint of storage has no chart ${name}`);
  return found;
}

/** Ten minutes, the provider's own bound, are too few for disks to be prepared and images to be pulled. */
function patiently({ type, props, opts }: pulumi.ResourceTransformArgs) {
  const kind = type.slice(type.lastIndexOf(":") + 1);
  if (!holdingData.includes(kind)) return undefined;
  return { props, opts: { ...opts, customTimeouts: patience } };
}
