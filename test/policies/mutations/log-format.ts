import fc from "fast-check";
import { podTemplate } from "../../../policies/support/pods";
import { logFormatLabel } from "../../../site/workload/logs";
import { type Mutation, oneOf, withChanged } from "../support/mutation";

export const mutation: Mutation = {
  title: "Pods of the product that do not say how their lines are read",
  changed: (site) =>
    fc
      .tuple(
        oneOf(site, ({ object }) => {
          const template = podTemplate(object);
          return template !== undefined && object?.metadata?.namespace === "parcels";
        }),
        fc.constantFrom(undefined, "", "xml", "JSON"),
      )
      .map(([target, format]) =>
        withChanged(site, target, (properties) => {
          const labels = podTemplate(properties)?.metadata.labels as Record<string, unknown>;
          if (format === undefined) delete labels[logFormatLabel];
          else labels[logFormatLabel] = format;
        }),
      ),
};
