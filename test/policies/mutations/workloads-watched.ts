import fc from "fast-check";
import { type Mutation, oneOf, withChanged } from "../support/mutation";

/** Lets go of what watches the product, one thing of each kind at a time. */
export const mutation: Mutation = {
  title: "a workload of the product whose monitor, probe or alerts are another's",
  changed: (site) =>
    fc.oneof(
      oneOf(
        site,
        ({ object }) => object?.kind === "PodMonitor" && object.metadata?.namespace === "parcels",
      ).map((target) =>
        withChanged(site, target, ({ spec }) => {
          spec.selector = { matchLabels: { "app.kubernetes.io/name": "nobody" } };
        }),
      ),
      oneOf(
        site,
        ({ object }) =>
          object?.kind === "Probe" && object.metadata?.name === "parcels-tracking-grpc",
      ).map((target) =>
        withChanged(site, target, ({ spec }) => {
          spec.targets.staticConfig.labels.workload = "nobody";
        }),
      ),
      oneOf(
        site,
        ({ object }) => object?.kind === "PrometheusRule" && object.metadata?.name === "workloads",
      ).map((target) =>
        withChanged(site, target, (properties) =>
          JSON.parse(JSON.stringify(properties).replaceAll('\\"parcels\\"', '\\"nobody\\"')),
        ),
      ),
    ),
};
