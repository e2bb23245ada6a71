import fc from "fast-check";
import { parse, stringify } from "yaml";
import { type Mutation, oneOf, withChanged } from "../support/mutation";

const file = "alertmanager.yaml";

/** Changes what Alertmanager is configured by, or where an alert leads by its labels. */
export const mutation: Mutation = {
  title: "alerts that lead to nobody, or to a receiver that is not there",
  changed: (site) =>
    fc.oneof(
      fc
        .tuple(
          oneOf(site, ({ object }) => object?.metadata?.name === "alertmanager-config"),
          fc.constantFrom(
            (config: { receivers: unknown[] }) => {
              config.receivers = config.receivers.slice(0, 1);
            },
            (config: { route: { routes?: unknown } }) => {
              delete config.route.routes;
            },
          ),
        )
        .map(([target, change]) =>
          withChanged(site, target, ({ stringData }) => {
            const config = parse(stringData[file]);
            change(config);
            stringData[file] = stringify(config);
          }),
        ),
      oneOf(
        site,
        ({ object }) =>
          object?.kind === "PrometheusRule" &&
          object.spec.groups[0].rules[0].labels?.severity === "critical",
      ).map((target) =>
        withChanged(site, target, ({ spec }) => {
          spec.groups[0].rules[0].labels.sitewright_test = "nobody-at-all";
        }),
      ),
    ),
};
