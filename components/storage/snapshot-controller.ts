import * as pulumi from "@pulumi/pulumi";
import type { SnapshotControllerBlueprint } from "../../site/platform/storage-types";
import { placementOf } from "./ceph-placement";
import { installProgram, type Program, rule } from "./program";

export interface SnapshotControllerArgs {
  readonly snapshotController: SnapshotControllerBlueprint;
}

/** Turns requests for snapshots into work for the CSI drivers; shared by all drivers, so no driver's chart brings it. */
export class SnapshotController extends pulumi.ComponentResource {
  static readonly type = "sitewright:storage:SnapshotController";

  constructor(name: string, args: SnapshotControllerArgs, opts?: pulumi.ComponentResourceOptions) {
    super(SnapshotController.type, name, {}, opts);
    installProgram(name, snapshotProgram(args.snapshotController), { parent: this });
    this.registerOutputs({});
  }
}

export function snapshotProgram(blueprint: SnapshotControllerBlueprint): Program {
  const { namespace, image, replicas, placement, resources } = blueprint;
  const group = "snapshot.storage.k8s.io";
  const all = ["create", "get", "list", "watch", "update", "delete", "patch"];
  return {
    name: "snapshot-controller",
    namespace,
    replicas,
    image,
    args: ["--v=2", "--leader-election=true"],
    env: {},
    resources,
    volumes: [],
    placement: placementOf(placement),
    clusterRules: [
      rule("", ["persistentvolumes"]),
      rule("", ["persistentvolumeclaims"], "get", "list", "watch", "update"),
      rule("", ["events"], "list", "watch", "create", "update", "patch"),
      rule(group, ["volumesnapshotclasses"]),
      rule(group, ["volumesnapshotcontents", "volumesnapshots"], ...all),
      rule(group, ["volumesnapshotcontents/status", "volumesnapshots/status"], "update", "patch"),
    ],
    ownRules: [
      rule("coordination.k8s.io", ["leases"], "get", "watch", "list", "delete", "update", "create"),
    ],
  };
}
