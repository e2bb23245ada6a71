import { groupKind } from "../../../policies/support/objects";
import type { Subject } from "../../../policies/support/subject";

// biome-ignore lint/suspicious/noExplicitAny: mutations spoil it in ways that no type allows
type AnyObject = any;

/** Whether a subject is a claim, or a StatefulSet with claims of its own. */
export function hasClaims({ object }: Subject): boolean {
  if (object === undefined) return false;
  const kind = groupKind(object);
  if (kind === "PersistentVolumeClaim") return true;
  return kind === "apps/StatefulSet" && (object.spec.volumeClaimTemplates ?? []).length > 0;
}

/** What its claims ask for, to be spoilt. */
export function claimSpecs({ spec }: AnyObject): readonly AnyObject[] {
  const templates: readonly AnyObject[] | undefined = spec.volumeClaimTemplates;
  return templates?.map((template) => template.spec) ?? [spec];
}
