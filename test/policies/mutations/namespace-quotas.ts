import fc from "fast-check";
import { type Mutation, oneOf, withChanged } from "../support/mutation";

export const mutation: Mutation = {
  title: "a tenant's namespace without its bounds, or with others",
  changed: (site) =>
    fc.oneof(
      oneOf(site, ({ object }) => object?.metadata?.name === "quota").map((target) =>
        site.subjects.filter((one) => one !== target),
      ),
      fc
        .tuple(
          oneOf(site, ({ object }) => object?.metadata?.name === "quota"),
          fc.constantFrom("limits.cpu", "limits.memory", "requests.storage"),
          fc.integer({ min: 1000, max: 9000 }),
        )
        .map(([target, key, amount]) =>
          withChanged(site, target, ({ spec }) => {
            spec.hard[key] = `${amount}Gi`;
          }),
        ),
      fc
        .tuple(
          oneOf(site, ({ object }) => object?.kind === "LimitRange"),
          fc.constantFrom("default", "defaultRequest", "max"),
        )
        .map(([target, key]) =>
          withChanged(site, target, ({ spec }) => {
            delete spec.limits[0][key];
          }),
        ),
    ),
};
