import fc from "fast-check";
import { podTemplate } from "../../../policies/support/pods";
import { type Mutation, oneOf, withChanged } from "../support/mutation";

export const mutation: Mutation = {
  title: "a token in Pods that have no use for it",
  changed: (site) =>
    fc
      .tuple(
        oneOf(site, ({ object }) => {
          const { automountServiceAccountToken: mounts } = podTemplate(object)?.spec ?? {};
          return mounts === false;
        }),
        fc.constantFrom(true, undefined),
      )
      .map(([target, mounts]) =>
        withChanged(site, target, (properties) => {
          const spec = podTemplate(properties)?.spec;
          if (mounts === undefined) delete spec.automountServiceAccountToken;
          else spec.automountServiceAccountToken = mounts;
        }),
      ),
};
