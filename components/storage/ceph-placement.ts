import type { CephPlacement } from "../../site/platform/storage-types";

/** Where Ceph's Pods go, in the words of Kubernetes and of Rook's placements alike. */
export function placementOf(placement: CephPlacement) {
  const { key, value } = placement.nodeLabel;
  return {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key, operator: "In", values: [value] }] }],
      },
    },
    tolerations: tolerationsOf(placement),
  };
}

/** Whatever value a taint has: only its key keeps others away. */
export function tolerationsOf({ tolerates }: CephPlacement) {
  return tolerates.map((key) => ({ key, operator: "Exists" }));
}

/** Pods with this label are spread over hosts as far as there are any. */
export function antiAffinity(app: string) {
  return {
    preferredDuringSchedulingIgnoredDuringExecution: [
      {
        weight: 100,
        podAffinityTerm: {
          topologyKey: "kubernetes.io/hostname",
          labelSelector: { matchLabels: { app } },
        },
      },
    ],
  };
}
