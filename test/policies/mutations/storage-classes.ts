import fc from "fast-check";
import { claimSpecs, hasClaims } from "../support/claim-mutations";
import { type Mutation, oneOf, withChanged } from "../support/mutation";

const worse = [
  { storageClassName: "gp2" },
  { storageClassName: "ceph-bucket" },
  { storageClassName: "" },
  { storageClassName: "ceph-block", accessModes: ["ReadWriteMany"] },
];

export const mutation: Mutation = {
  title: "a claim of a class that is not the site's, or of what its class cannot do",
  changed: (site) =>
    fc.tuple(oneOf(site, hasClaims), fc.constantFrom(...worse)).map(([target, change]) =>
      withChanged(site, target, (properties) => {
        for (const spec of claimSpecs(properties)) Object.assign(spec, change);
      }),
    ),
};
