import type { GroupVersionKind } from "../objects/kinds";
import type { KubeObject } from "../objects/kube-object";

/** What is known at one moment about an object that is waited for. */
export interface Scene {
  /** The live object. */
  object: KubeObject;
  /** The object before this update; undefined when it is new. */
  before: KubeObject | undefined;
  /** The API version it was first made with. */
  initialApiVersion: string;
  /** Objects of a kind that the awaiter asked for, in the object's namespace. */
  related(kind: string): KubeObject[];
  /** Seconds for which a related object has not changed; Infinity when only looking once. */
  quietSeconds(object: KubeObject): number;
  /** Seconds since the wait began; Infinity when only looking once. */
  elapsedSeconds: number;
}

/** Whether an object is ready, and if not, why. */
export interface Verdict {
  ready: boolean;
  /** True when it never will be, so that waiting longer is no use. */
  failed?: boolean;
  /** What is happening now, for the progress view. */
  progress: string[];
  /** What is wrong, for the user to read when the wait ends without success. */
  reasons: string[];
}

/** How to tell that objects of a kind are ready. */
export interface Awaiter {
  /** Kinds to look at besides the object itself, in its namespace. */
  related: readonly GroupVersionKind[];
  /** True when a refresh judges, too; the others are ready once they exist. */
  judgesRead: boolean;
  judge(scene: Scene): Verdict;
}

export const READY: Verdict = { ready: true, progress: [], reasons: [] };

/** Not ready yet. */
export function waiting(progress: string, reasons: string[] = []): Verdict {
  return { ready: false, progress: [progress], reasons };
}

/** Kinds that several awaiters look at. */
export const KINDS = {
  pod: { group: "", version: "v1", kind: "Pod" },
  endpoints: { group: "", version: "v1", kind: "Endpoints" },
  service: { group: "", version: "v1", kind: "Service" },
  claim: { group: "", version: "v1", kind: "PersistentVolumeClaim" },
  replicaSet: { group: "apps", version: "v1", kind: "ReplicaSet" },
} as const satisfies Record<string, GroupVersionKind>;
