import fc from "fast-check";
import { type Mutation, oneOf, withChanged } from "../support/mutation";

const worse = [
  { maxUnavailable: 0 },
  { maxUnavailable: "100%" },
  { minAvailable: "100%" },
  { minAvailable: 0 },
  { maxUnavailable: 1, selector: { matchLabels: { "app.kubernetes.io/name": "nobody" } } },
];

export const mutation: Mutation = {
  title: "a budget that blocks a drain, lets every Pod go or selects none",
  changed: (site) =>
    fc
      .tuple(
        oneOf(
          site,
          // Pods of a chart's are not to be seen here.
          ({ object, name }) =>
            object?.kind === "PodDisruptionBudget" && !name.endsWith("csi-budget"),
        ),
        fc.constantFrom(...worse),
      )
      .map(([target, spec]) =>
        withChanged(site, target, (properties) => {
          properties.spec = { selector: properties.spec.selector, ...spec };
        }),
      ),
};
