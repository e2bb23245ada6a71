import fc from "fast-check";
import { subject } from "../../../policies/support/subject";
import { type Mutation, oneOf, withChanged } from "../support/mutation";
import type { SampleSite } from "../support/site-subjects";

const isWorkload =
  (kind: string, name: string) =>
  (one: {
    readonly object?: {
      readonly kind: string;
      readonly metadata?: { readonly namespace?: string; readonly name?: string };
    };
  }) =>
    one.object?.kind === kind &&
    one.object.metadata?.namespace === "parcels" &&
    one.object.metadata.name === name;

/** Images of the release that a workload has no container of. */
function imagesBeside({ blueprint }: SampleSite, name: string): readonly string[] {
  const own = blueprint.workloads.find((one) => one.name === name);
  const ownImages = [own?.image, ...(own?.init ?? []).map(({ image }) => image)];
  return blueprint.workloads
    .map(({ image }) => image)
    .filter((image) => !ownImages.includes(image));
}

/** A hand between files and stack: another image of the bundle, another count, another parent. */
export const mutation: Mutation = {
  title: "an image or a count that no file states, or an object beside the site",
  changed: (site) =>
    fc.oneof(
      fc
        .tuple(
          oneOf(site, isWorkload("Deployment", "labels")),
          fc.constantFrom(...imagesBeside(site, "labels")),
        )
        .map(([target, image]) =>
          withChanged(site, target, ({ spec }) => {
            spec.template.spec.containers[0].image = image;
          }),
        ),
      oneOf(site, isWorkload("Deployment", "tracking")).map((target) =>
        withChanged(site, target, ({ spec }) => {
          spec.replicas += 1;
        }),
      ),
      oneOf(site, ({ object }) => object?.kind === "ConfigMap").map((target) => {
        const id = `urn:pulumi:test::sitewright::${target.type}::${target.name}`;
        const { parent: _, ...alone } = target;
        return site.subjects.map((one) => (one === target ? subject({ ...alone, id }) : one));
      }),
    ),
};
