import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { isMap, type KubeObject, pluckMaps, pluckString, uidOf } from "../objects/kube-object";
import type { Api } from "./api";
import { ApiError } from "./api-error";

/** Called whenever something among the watched objects changed. */
export type Listener = () => void;

/** How long a watch that nobody needs is kept for whoever asks next. */
const LINGER_MILLISECONDS = 5_000;

/** The objects of one kind in one namespace, kept up to date by a watch. */
export class Informer {
  readonly #api: Api;
  readonly #path: string;
  readonly #objects = new Map<string, KubeObject>();
  readonly #listeners = new Set<Listener>();
  readonly #stop = new AbortController();
  #synced = false;

  constructor(api: Api, path: string) {
    this.#api = api;
    this.#path = path;
    void this.#run();
  }

  /** True once the first list is in. */
  get synced(): boolean {
    return this.#synced;
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  /** The objects as last heard of. */
  objects(): KubeObject[] {
    return [...this.#objects.values()];
  }

  /** The object of that name, if there is one. */
  named(name: string): KubeObject | undefined {
    return this.objects().find((object) => pluckString(object, "metadata", "name") === name);
  }

  add(listener: Listener): void {
    this.#listeners.add(listener);
  }

  remove(listener: Listener): void {
    this.#listeners.delete(listener);
  }

  stop(): void {
    this.#stop.abort();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    let version = "";
    while (!signal.aborted) {
      try {
        if (version === "") version = await this.#list(signal);
        version = await this.#follow(version, signal);
      } catch (error) {
        if (signal.aborted) return;
        // The version is too old to go on from: begin again with a list.
        if (error instanceof ApiError && error.httpStatus !== 429) version = "";
        await sleep(500, undefined, { signal }).catch(() => {});
      }
    }
  }

  async #list(signal: AbortSignal): Promise<string> {
    const list = await this.#api.call({ method: "GET", path: this.#path, signal });
    const kind = pluckString(list, "kind").replace(/List$/, "");
    const apiVersion = pluckString(list, "apiVersion");
    this.#objects.clear();
    for (const item of pluckMaps(list, "items"))
      this.#objects.set(uidOf(item), { apiVersion, kind, ...item });
    this.#synced = true;
    this.#tell();
    return pluckString(list, "metadata", "resourceVersion");
  }

  async #follow(from: string, signal: AbortSignal): Promise<string> {
    let version = from;
    const query = { resourceVersion: from, allowWatchBookmarks: "true", timeoutSeconds: "240" };
    const stream = await this.#api.watch(this.#path, query, signal);
    for await (const line of createInterface({
      input: stream,
      crlfDelay: Number.POSITIVE_INFINITY,
    })) {
      if (line === "") continue;
      const event: unknown = JSON.parse(line);
      const object = isMap(event) ? event.object : undefined;
      if (!isMap(event) || !isMap(object)) continue;
      if (event.type === "ERROR") throw new ApiError(410, object);
      version = pluckString(object, "metadata", "resourceVersion") || version;
      if (event.type === "DELETED") this.#objects.delete(uidOf(object));
      else if (event.type !== "BOOKMARK") this.#objects.set(uidOf(object), object);
      if (event.type !== "BOOKMARK") this.#tell();
    }
    return version;
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** Watches shared by everyone who waits for objects of the same kind and namespace. */
export class InformerPool {
  readonly #api: Api;
  readonly #informers = new Map<string, Informer>();

  constructor(api: Api) {
    this.#api = api;
  }

  /** The watch of a path, started if need be; give it back with {@link leave}. */
  join(path: string, listener: Listener): Informer {
    const informer = this.#informers.get(path) ?? new Informer(this.#api, path);
    this.#informers.set(path, informer);
    informer.add(listener);
    return informer;
  }

  /** Says that the listener needs the watch no longer. */
  leave(path: string, listener: Listener): void {
    const informer = this.#informers.get(path);
    if (informer === undefined) return;
    informer.remove(listener);
    setTimeout(() => {
      if (informer.listeners > 0 || this.#informers.get(path) !== informer) return;
      this.#informers.delete(path);
      informer.stop();
    }, LINGER_MILLISECONDS).unref();
  }

  /** Stops every watch. */
  close(): void {
    for (const informer of this.#informers.values()) informer.stop();
    this.#informers.clear();
  }
}
