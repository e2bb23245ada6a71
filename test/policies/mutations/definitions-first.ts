import fc from "fast-check";
import { type Mutation, oneOf, withAdded } from "../support/mutation";

/** Lets an object come as it likes, or brings one of a kind that nobody knows. */
export const mutation: Mutation = {
  title: "an object that waits for nothing, or of a kind that nothing defines",
  changed: (site) => {
    const top = site.subjects.find(({ type }) => type === "sitewright:site:Site")?.id ?? "";
    return fc.oneof(
      oneOf(site, ({ object }) =>
        /^(cert-manager\.io|traefik\.io|networking\.istio\.io|monitoring\.coreos\.com)\//.test(
          object?.apiVersion ?? "",
        ),
      ).map((target) =>
        site.subjects.map((one) => (one === target ? { ...one, parent: top, dependsOn: [] } : one)),
      ),
      fc.constantFrom("example.com/v1", "unknown.example.org/v1beta1").map((apiVersion) =>
        withAdded(site, {
          apiVersion,
          kind: "Widget",
          metadata: { name: "unknown", namespace: "parcels" },
        }),
      ),
    );
  },
};
