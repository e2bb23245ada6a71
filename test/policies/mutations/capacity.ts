import fc from "fast-check";
import { podTemplate } from "../../../policies/support/pods";
import type { Subject } from "../../../policies/support/subject";
import { type Mutation, withChanged } from "../support/mutation";

/** Workloads of the product with a Pod for each worker. */
const isWide = ({ object }: Subject) =>
  object?.metadata?.namespace === "parcels" && podTemplate(object)?.replicas === 3;

export const mutation: Mutation = {
  title: "Pods of the product that grow until those of a lost node have no place left",
  changed: (site) =>
    fc.integer({ min: 3000, max: 4000 }).map((millis) =>
      site.subjects.filter(isWide).reduce(
        (subjects, target) =>
          withChanged({ ...site, subjects }, target, (properties) => {
            const [first] = podTemplate(properties)?.spec.containers ?? [];
            first.resources.requests.cpu = `${millis}m`;
            first.resources.limits.cpu = `${millis}m`;
          }),
        site.subjects,
      ),
    ),
};
