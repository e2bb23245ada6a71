import fc from "fast-check";
import { podTemplate } from "../../../policies/support/pods";
import { type Mutation, oneOf, withChanged } from "../support/mutation";

const shown = fc.constantFrom(
  { name: "DB_PASSWORD", value: "Hunter2" },
  { name: "API_TOKEN", value: "0123456789abcdef" },
  { name: "QUEUE", value: "amqp://app:Hunter2@queue:5672" },
);

export const mutation: Mutation = {
  title: "a secret that a variable or a ConfigMap shows",
  changed: (site) =>
    fc
      .tuple(
        oneOf(
          site,
          ({ object }) =>
            podTemplate(object) !== undefined ||
            (object?.kind === "ConfigMap" && object.data !== undefined),
        ),
        shown,
      )
      .map(([target, { name, value }]) =>
        withChanged(site, target, (properties) => {
          const [first] = podTemplate(properties)?.spec.containers ?? [];
          if (first === undefined) properties.data[name] = value;
          else first.env = [...(first.env ?? []), { name, value }];
        }),
      ),
};
