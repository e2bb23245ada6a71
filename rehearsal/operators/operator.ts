import type { KubeApi, KubeObject } from "../kubekey/cluster/kube-api";

/** What stands for one operator of the platform, since no container runs in a rehearsal. */
export interface Operator {
  /** Name in the log. */
  readonly name: string;
  /** Collections that it looks at, as paths of the API: `/apis/ceph.rook.io/v1/cephclusters`. */
  readonly watches: readonly string[];
  /**
   * Called again and again for every object found. Does, at once, what the real operator would do over minutes:
   * writes a status, makes a Secret. Does nothing when it is done already.
   */
  readonly look: (found: Found, api: KubeApi) => Promise<void>;
}

/** An object with its own path of the API. */
export interface Found {
  readonly object: KubeObject;
  readonly path: string;
}

/** Writes a status where the object's own differs in any of these keys. */
export async function writeStatus(
  api: KubeApi,
  { object, path }: Found,
  status: Readonly<Record<string, unknown>>,
): Promise<void> {
  const now = (object.status ?? {}) as Record<string, unknown>;
  const same = Object.entries(status).every(
    ([key, value]) => JSON.stringify(now[key]) === JSON.stringify(value),
  );
  if (!same) await api.patchStatus(path, status);
}
