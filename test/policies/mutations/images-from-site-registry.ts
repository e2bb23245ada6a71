import fc from "fast-check";
import { podTemplate } from "../../../policies/support/pods";
import { type Mutation, oneOf, withChanged } from "../support/mutation";

const worse = [
  (image: string) => image.replace(/^[^/]+/, "docker.io"),
  (image: string) => image.replace(/:[^:@/]+@/, ":latest@"),
  (image: string) => image.replace(/@.*/, ""),
];

export const mutation: Mutation = {
  title: "an image of the product from elsewhere, of no version or without digest",
  changed: (site) =>
    fc
      .tuple(
        oneOf(site, ({ object }) => {
          const [first] = podTemplate(object)?.spec.containers ?? [];
          return first?.image.includes("@") ?? false;
        }),
        fc.constantFrom(...worse),
      )
      .map(([target, change]) =>
        withChanged(site, target, (properties) => {
          const [first] = podTemplate(properties)?.spec.containers ?? [];
          first.image = change(first.image);
        }),
      ),
};
