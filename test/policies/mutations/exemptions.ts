import fc from "fast-check";
import { exemptionPrefix } from "../../../site/exemptions";
import { type Mutation, oneOf, withChanged } from "../support/mutation";

const annotations = [
  ["probe", "until 2099-12: nobody could say what this is for"],
  ["probes", "for ever"],
  ["probes", "until 2026-10: it was to be mended by then"],
  ["pod-spread", "until 2026-11: it is to be mended by then"],
] as const;

export const mutation: Mutation = {
  title: "an exemption from no rule, for no reason, or at its end",
  changed: (site) =>
    fc
      .tuple(
        oneOf(site, ({ object }) => object?.metadata?.namespace === "parcels"),
        fc.constantFrom(...annotations),
      )
      .map(([target, [rule, text]]) =>
        withChanged(site, target, ({ metadata }) => {
          metadata.annotations = { ...metadata.annotations, [`${exemptionPrefix}${rule}`]: text };
        }),
      ),
};
