/** Affinity of Pods that should not share a host with their likes, or with `required` never do. */
export function keepApart(
  matchLabels: Readonly<Record<string, string>>,
  how: "preferred" | "required" = "preferred",
) {
  const term = { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels } };
  return {
    podAntiAffinity:
      how === "required"
        ? { requiredDuringSchedulingIgnoredDuringExecution: [term] }
        : {
            preferredDuringSchedulingIgnoredDuringExecution: [
              { weight: 100, podAffinityTerm: term },
            ],
          },
  };
}
