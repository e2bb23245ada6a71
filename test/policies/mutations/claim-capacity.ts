import fc from "fast-check";
import { claimSpecs, hasClaims } from "../support/claim-mutations";
import { type Mutation, oneOf, withChanged } from "../support/mutation";

export const mutation: Mutation = {
  title: "a claim that is larger than the site's disks are together",
  changed: (site) =>
    fc.tuple(oneOf(site, hasClaims), fc.integer({ min: 3, max: 900 })).map(([target, tebibytes]) =>
      withChanged(site, target, (properties) => {
        for (const spec of claimSpecs(properties)) {
          spec.resources.requests.storage = `${tebibytes}Ti`;
        }
      }),
    ),
};
