import * as pulumi from "@pulumi/pulumi";
import { compareReleases } from "../site/release/names";
import type { NotUndone } from "../site/release/rollback";
import { lastOutputs } from "./support/last-outputs";

export interface RollbackNoticeArgs {
  readonly site: string;
  /** Release that the site names now. */
  readonly release: string;
  /** What going back from another release does not undo. */
  readonly notUndoneFrom: (release: string) => readonly NotUndone[];
}

/** Says in a preview what going back to an earlier release leaves behind. Nothing of it is a resource. */
export async function noticeRollback(
  args: RollbackNoticeArgs,
  resource: pulumi.Resource,
): Promise<void> {
  if (!pulumi.runtime.isDryRun()) return;
  const { release: last } = await lastOutputs();
  const text = rollbackText(args, typeof last === "string" ? last : undefined);
  if (text !== undefined) await pulumi.log.warn(text, resource);
}

/** The notice; undefined when the site does not go back, or nothing is left behind. */
export function rollbackText(
  { site, release, notUndoneFrom }: RollbackNoticeArgs,
  last: string | undefined,
): string | undefined {
  if (last === undefined || compareReleases(release, last) >= 0) return undefined;
  const left = notUndoneFrom(last);
  if (left.length === 0) return undefined;
  const width = Math.max(...left.map(({ what }) => what.length));
  const lines = left.map(({ what, stays }) => `  ${what.padEnd(width)}  ${stays}`);
  return [`going back from ${last} to ${release} does not undo at ${site}:`, ...lines].join("\n");
}
