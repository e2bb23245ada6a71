import fc from "fast-check";
import { type Mutation, oneOf, withChanged } from "../support/mutation";

/** Takes protection away, or lets volumes go with what uses them. */
export const mutation: Mutation = {
  title: "data that a line left out would delete",
  changed: (site) =>
    fc.oneof(
      oneOf(site, ({ protect, retain, object }) => {
        const isHeld = object?.kind === "Namespace" || object?.kind === "PersistentVolumeClaim";
        return isHeld && (protect || retain === true);
      }).map((target) =>
        site.subjects.map((one) =>
          one === target ? { ...one, protect: false, retain: false } : one,
        ),
      ),
      fc
        .tuple(
          oneOf(
            site,
            ({ object }) =>
              object?.kind === "StatefulSet" && object.spec?.volumeClaimTemplates !== undefined,
          ),
          fc.constantFrom("whenDeleted", "whenScaled"),
        )
        .map(([target, when]) =>
          withChanged(site, target, ({ spec }) => {
            spec.persistentVolumeClaimRetentionPolicy = { [when]: "Delete" };
          }),
        ),
    ),
};
