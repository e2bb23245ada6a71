import type { EngineLog } from "../../protocol/engine-log";
import { ProviderFailure } from "../../protocol/failure";
import type { Cluster } from "../client/cluster";
import type { Informer } from "../client/informer";
import { ANNOTATION, isAnnotated } from "../objects/annotations";
import { gvkOf } from "../objects/kinds";
import {
  generationOf,
  type KubeObject,
  nameOf,
  namespaceOf,
  pluckString,
  uidOf,
} from "../objects/kube-object";
import { awaiterOf } from "./awaiter-of";
import { warningsAbout } from "./events";
import { readyConditionAwaiter } from "./ready-condition";
import type { Awaiter, Scene, Verdict } from "./verdict";
import { waitForOf } from "./wait-for";

/** An object to wait for. */
export interface Wait {
  cluster: Cluster;
  /** As the API server answered when it was made or changed. */
  object: KubeObject;
  /** As it was before this change; undefined when it is new. */
  before: KubeObject | undefined;
  /** What the user asked for; its annotations steer the wait. */
  inputs: KubeObject;
  initialApiVersion: string;
  timeoutSeconds: number;
  log: EngineLog;
  signal: AbortSignal;
}

/** The object exists, but it did not get ready in time, failed, or the run was cancelled. */
export class NotReady extends ProviderFailure {
  readonly object: KubeObject;
  readonly reasons: string[];
  constructor(message: string, object: KubeObject, reasons: string[]) {
    super(message);
    this.name = "NotReady";
    this.object = object;
    this.reasons = [...new Set(reasons)];
  }
}

/** How often to look again without news, since some waits are for quiet. */
const LOOK_MILLISECONDS = 500;

/** Waits until the object is ready and gives it as it then is. Errors with NotReady. */
export async function waitUntilReady(wait: Wait): Promise<KubeObject> {
  if (isAnnotated(wait.inputs, ANNOTATION.skipAwait)) return wait.object;
  const awaiter = waitForOf(wait.object) ?? awaiterOf(wait.object) ?? genericAwaiter();
  if (awaiter === undefined) return wait.object;
  // Most objects are ready as soon as they are made; those need no watch.
  if (awaiter.related.length === 0 && awaiter.judge(sceneOf(wait, wait.object)).ready)
    return wait.object;
  return await new Watcher(wait, awaiter).ready();
}

/** Judges the object once, as a refresh does; undefined when it is ready. */
export async function readinessOf(wait: Wait): Promise<NotReady | undefined> {
  const awaiter = awaiterOf(wait.object);
  if (
    awaiter === undefined ||
    !awaiter.judgesRead ||
    isAnnotated(wait.inputs, ANNOTATION.skipAwait)
  ) {
    return undefined;
  }
  const namespace = namespaceOf(wait.object);
  const related = new Map<string, KubeObject[]>();
  await Promise.all(
    awaiter.related.map(async (gvk) => {
      related.set(gvk.kind, await wait.cluster.list(gvk, namespace, wait.signal));
    }),
  );
  const verdict = awaiter.judge({
    ...sceneOf(wait, wait.object),
    related: (kind) => related.get(kind) ?? [],
  });
  if (verdict.ready) return undefined;
  const message = `Resource '${nameOf(wait.object)}' was created but failed to initialize`;
  return new NotReady(message, wait.object, verdict.reasons);
}

function genericAwaiter(): Awaiter | undefined {
  return process.env.PULUMI_K8S_AWAIT_ALL === "true" ? readyConditionAwaiter : undefined;
}

function sceneOf(wait: Wait, object: KubeObject): Scene {
  return {
    object,
    before: wait.before,
    initialApiVersion: wait.initialApiVersion,
    related: () => [],
    quietSeconds: () => Number.POSITIVE_INFINITY,
    elapsedSeconds: Number.POSITIVE_INFINITY,
  };
}

/** Follows an object and its relations until it is ready. */
class Watcher {
  readonly #wait: Wait;
  readonly #awaiter: Awaiter;
  readonly #startedAt = performance.now();
  readonly #told = new Set<string>();
  readonly #seen = new Map<string, { version: string; since: number }>();
  #wake: () => void = () => {};

  constructor(wait: Wait, awaiter: Awaiter) {
    this.#wait = wait;
    this.#awaiter = awaiter;
  }

  async ready(): Promise<KubeObject> {
    const { cluster, object, signal } = this.#wait;
    const joined: string[] = [];
    const listener = () => this.#wake();
    const join = async (gvk: ReturnType<typeof gvkOf>): Promise<Informer> => {
      const path = await cluster.collectionPath(gvk, namespaceOf(object), signal);
      joined.push(path);
      return cluster.informers.join(path, listener);
    };
    signal.addEventListener("abort", listener);
    try {
      const own = await join(gvkOf(object));
      const related = new Map<string, Informer>();
      for (const gvk of this.#awaiter.related) related.set(gvk.kind, await join(gvk));
      return await this.#follow(own, related);
    } finally {
      signal.removeEventListener("abort", listener);
      for (const path of joined) cluster.informers.leave(path, listener);
    }
  }

  async #follow(own: Informer, related: Map<string, Informer>): Promise<KubeObject> {
    let latest = this.#wait.object;
    let verdict: Verdict = { ready: false, progress: [], reasons: [] };
    for (;;) {
      const synced = own.synced && [...related.values()].every((informer) => informer.synced);
      const seen = own.named(nameOf(latest));
      if (seen !== undefined && generationOf(seen) >= generationOf(this.#wait.object))
        latest = seen;
      if (synced && seen !== undefined) {
        verdict = this.#awaiter.judge({
          ...sceneOf(this.#wait, latest),
          related: (kind) => related.get(kind)?.objects() ?? [],
          quietSeconds: (object) => this.#quietSeconds(object),
          elapsedSeconds: this.#elapsedSeconds(),
        });
        this.#tell(verdict.progress);
        if (verdict.ready && generationOf(seen) >= generationOf(this.#wait.object)) return latest;
      } else if (synced) {
        verdict = {
          ready: false,
          progress: [],
          reasons: ["the object was deleted while it was waited for"],
        };
      }
      await this.#stopIfOver(latest, verdict, related);
      await this.#news();
    }
  }

  async #stopIfOver(
    latest: KubeObject,
    verdict: Verdict,
    related: Map<string, Informer>,
  ): Promise<void> {
    const name = nameOf(latest);
    if (this.#wait.signal.aborted) {
      throw new NotReady(`Resource operation was cancelled for "${name}"`, latest, verdict.reasons);
    }
    const isOver = this.#elapsedSeconds() >= this.#wait.timeoutSeconds;
    if (!isOver && verdict.failed !== true) return;
    const about = new Set([uidOf(latest), ...this.#family(latest, related)]);
    const warnings = await warningsAbout(
      this.#wait.cluster,
      namespaceOf(latest),
      about,
      this.#wait.signal,
    );
    const message =
      verdict.failed === true
        ? `Resource '${name}' was created but failed to initialize`
        : `'${name}' timed out waiting to be Ready`;
    throw new NotReady(message, latest, [...verdict.reasons, ...warnings]);
  }

  /** What the object owns, directly or through what it owns. */
  #family(object: KubeObject, related: Map<string, Informer>): string[] {
    const candidates = [...related.values()].flatMap((informer) => informer.objects());
    const family = new Set([uidOf(object)]);
    for (let grown = true; grown; ) {
      const before = family.size;
      for (const item of candidates) {
        const owners = item.metadata === undefined ? [] : ownersOf(item);
        if (owners.some((uid) => family.has(uid))) family.add(uidOf(item));
      }
      grown = family.size > before;
    }
    return [...family];
  }

  #quietSeconds(object: KubeObject): number {
    const version = pluckString(object, "metadata", "resourceVersion");
    const known = this.#seen.get(uidOf(object));
    if (known?.version === version) return (performance.now() - known.since) / 1000;
    this.#seen.set(uidOf(object), { version, since: performance.now() });
    return 0;
  }

  #elapsedSeconds(): number {
    return (performance.now() - this.#startedAt) / 1000;
  }

  /** Until something changes, or some time has passed. */
  #news(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, LOOK_MILLISECONDS);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #tell(progress: string[]): void {
    for (const message of progress) {
      if (this.#told.has(message)) continue;
      this.#told.add(message);
      this.#wait.log.status(message);
    }
  }
}

function ownersOf(object: KubeObject): string[] {
  const metadata = object.metadata;
  const owners =
    typeof metadata === "object" && metadata !== null && "ownerReferences" in metadata
      ? metadata.ownerReferences
      : [];
  return Array.isArray(owners) ? owners.map((owner) => pluckString(owner, "uid")) : [];
}
