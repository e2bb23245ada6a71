import fc from "fast-check";
import { type Mutation, oneOf, withAdded } from "../support/mutation";

export const mutation: Mutation = {
  title: "a second route to a host that has one",
  changed: (site) =>
    fc
      .tuple(
        oneOf(site, ({ object }) =>
          ["VirtualService", "IngressRoute"].includes(object?.kind ?? ""),
        ),
        fc.stringMatching(/^[a-z]{3,12}$/),
      )
      .map(([target, name]) => {
        const copy = structuredClone(target.properties);
        const { namespace } = target.object?.metadata ?? {};
        return withAdded(site, { ...copy, metadata: { name: `${name}-again`, namespace } });
      }),
};
