import assert from "node:assert/strict";
import { awaiterOf } from "../../../../rehearsal/plugins/kubernetes/awaiters/awaiter-of";
import type { Scene, Verdict } from "../../../../rehearsal/plugins/kubernetes/awaiters/verdict";
import type { KubeObject } from "../../../../rehearsal/plugins/kubernetes/objects/kube-object";

/** Objects that an object is judged together with, by kind. */
export type Related = Record<string, KubeObject[]>;

/** What an awaiter sees of an object. */
export const scene = (object: KubeObject, related: Related = {}, quietSeconds = 60): Scene => ({
  object,
  before: undefined,
  initialApiVersion: "v1",
  related: (kind) => related[kind] ?? [],
  quietSeconds: () => quietSeconds,
  elapsedSeconds: quietSeconds,
});

/** The verdict of the awaiter of the object's kind. */
export function judge(object: KubeObject, related?: Related, quietSeconds?: number): Verdict {
  const verdict = awaiterOf(object)?.judge(scene(object, related, quietSeconds));
  assert.ok(verdict, "the kind has an awaiter");
  return verdict;
}

/** An object named shop/it whose UID is "uid-" and its kind. */
export const object = (
  apiVersion: string,
  kind: string,
  rest: KubeObject = {},
  metadata: KubeObject = {},
): KubeObject => ({
  apiVersion,
  kind,
  metadata: { name: "it", namespace: "shop", uid: `uid-${kind}`, ...metadata },
  ...rest,
});
/** Metadata of an object that the other kind's controller made. */
export const ownedBy = (kind: string) => ({ ownerReferences: [{ uid: `uid-${kind}` }] });
/** One condition of a status. */
export const condition = (type: string, status: string, reason = "", message = "") => ({
  type,
  status,
  reason,
  message,
});

/** One object and what is to be thought of it. */
export interface Row {
  title: string;
  object: KubeObject;
  related?: Related;
  quietSeconds?: number;
  ready: boolean;
  failed?: true;
  reason?: RegExp;
}

/** Makes a test of each row. */
export function judgesRows(rows: readonly Row[]): void {
  for (const row of rows) {
    const word = row.ready ? "is ready" : row.failed ? "has failed" : "is waited for";
    it(`${row.title} ${word}`, () => {
      const verdict = judge(row.object, row.related, row.quietSeconds);
      assert.equal(verdict.ready, row.ready);
      assert.equal(verdict.failed, row.failed);
      if (row.reason !== undefined) assert.match(verdict.reasons.join("\n"), row.reason);
    });
  }
}
