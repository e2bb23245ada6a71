import fc from "fast-check";
import { podTemplate } from "../../../policies/support/pods";
import { type Mutation, oneOf, withChanged } from "../support/mutation";

const worse = [
  (spec: { affinity?: unknown; topologySpreadConstraints?: unknown }) => {
    delete spec.affinity;
    delete spec.topologySpreadConstraints;
  },
  (spec: { affinity?: unknown; topologySpreadConstraints?: unknown }) => {
    const elsewhere = { matchLabels: { "app.kubernetes.io/name": "another" } };
    const term = { topologyKey: "kubernetes.io/hostname", labelSelector: elsewhere };
    delete spec.topologySpreadConstraints;
    spec.affinity = {
      podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] },
    };
  },
];

export const mutation: Mutation = {
  title: "Pods side by side that nothing keeps apart",
  changed: (site) =>
    fc
      .tuple(
        oneOf(site, ({ object }) => {
          const { endless = false, replicas = 1 } = podTemplate(object) ?? {};
          return endless && replicas > 1 && Number.isFinite(replicas);
        }),
        fc.constantFrom(...worse),
      )
      .map(([target, spoil]) =>
        withChanged(site, target, (properties) => spoil(podTemplate(properties)?.spec)),
      ),
};
