import { jobs } from "../jobs";
import type { RuleGroup } from "../rule-types";
import { systemAlert } from "./rule";

/** Claims and volumes, whatever storage they come from. */

const kubelet = `job="${jobs.kubelet}"`;
const state = `job="${jobs.clusterState}"`;

const left = `kubelet_volume_stats_available_bytes{${kubelet}} / kubelet_volume_stats_capacity_bytes{${kubelet}}`;
const claim = "{{ $labels.namespace }}/{{ $labels.persistentvolumeclaim }}";

const larger = [
  "`kubectl -n <namespace> exec <pod> -- df -h`, then `du`: what takes the room, and may some of it go?",
  "A claim of the release: raise its `sizeGiB` there or at the site, and deploy; volumes of Ceph grow while they are used.",
  "Storage that cannot grow: copy the data to a larger volume.",
];

export const volumeRules: RuleGroup = {
  name: "volumes",
  rules: [
    systemAlert({
      alert: "VolumeAlmostFull",
      severity: "critical",
      minutes: 5,
      expr: `${left} < 0.05 and kubelet_volume_stats_used_bytes{${kubelet}} > 0`,
      summary: `The volume ${claim} has {{ $value | humanizePercentage }} of its room left`,
      description: "What writes there stops soon.",
      runbook: larger,
    }),
    systemAlert({
      alert: "VolumeFullSoon",
      severity: "warning",
      minutes: 60,
      expr: `${left} < 0.2 and predict_linear(kubelet_volume_stats_available_bytes{${kubelet}}[6h], 4 * 86400) < 0`,
      summary: `The volume ${claim} will be full within four days`,
      description: "As it has been filling for the last six hours.",
      runbook: larger,
    }),
    systemAlert({
      alert: "VolumeFilesRunOut",
      severity: "warning",
      minutes: 30,
      expr: `kubelet_volume_stats_inodes_free{${kubelet}} / (kubelet_volume_stats_inodes{${kubelet}} > 0) < 0.05`,
      summary: `The volume ${claim} can hold few more files`,
      description: "There is room, but no file can be made any more once its inodes are used up.",
      runbook: ["Remove small files that nobody needs, or copy the data to a larger volume."],
    }),
    systemAlert({
      alert: "ClaimWaits",
      severity: "warning",
      minutes: 15,
      expr: `kube_persistentvolumeclaim_status_phase{${state},phase=~"Pending|Lost"} == 1`,
      summary: `The claim ${claim} is {{ $labels.phase }}`,
      description: "Its Pod does not start, or lost its data.",
      runbook: [
        "`kubectl -n <namespace> describe pvc`: does its class exist, does the storage answer? Some classes wait for the first Pod.",
        "Lost: the volume behind it was deleted; restore from a backup.",
      ],
    }),
    systemAlert({
      alert: "VolumeFailed",
      severity: "warning",
      minutes: 5,
      expr: `kube_persistentvolume_status_phase{${state},phase="Failed"} == 1`,
      summary: "The volume {{ $labels.persistentvolume }} failed",
      description: "The storage could not give it back; it still takes room.",
      runbook: [
        "`kubectl describe pv`: the storage's own words.",
        "Once its data is not needed: remove it there, then `kubectl delete pv`.",
      ],
    }),
  ],
};
