import { setTimeout as sleep } from "node:timers/promises";
import { apiVersionFor, type GroupVersionKind, isNamespacedKnown } from "../objects/kinds";
import { type KubeObject, pluckMaps, pluckString } from "../objects/kube-object";
import { Schemas } from "../objects/schema";
import type { Api } from "./api";
import { NoSuchKind } from "./api-error";

/** How a kind is addressed in the API. */
export interface ResourceKind {
  /** Such as "deployments". */
  plural: string;
  namespaced: boolean;
}

const ACCEPT = ["v2", "v2beta1"]
  .map((v) => `application/json;g=apidiscovery.k8s.io;v=${v};as=APIGroupDiscoveryList`)
  .join(",");
/** A kind that is missing is asked for at most this often, since many objects ask at once. */
const LEAST_MILLISECONDS_BETWEEN = 250;

/** What kinds the API server knows: asked once, and again when a kind is missing. */
export class Discovery {
  readonly #api: Api;
  #kinds: Promise<Map<string, ResourceKind>> | undefined;
  #apiVersions: string[] = [];
  #askedAt = 0;
  #documents: Promise<KubeObject> | undefined;
  readonly #schemas = new Map<string, Promise<Schemas | undefined>>();

  constructor(api: Api) {
    this.#api = api;
  }

  /** How to address the kind. Errors with NoSuchKind when the server does not know it. */
  async find(gvk: GroupVersionKind, signal: AbortSignal): Promise<ResourceKind> {
    const known = (await this.#current(signal)).get(keyOf(gvk));
    if (known !== undefined) return known;
    const askedAt = this.#askedAt;
    const wait = askedAt + LEAST_MILLISECONDS_BETWEEN - Date.now();
    if (wait > 0) await sleep(wait, undefined, { signal });
    // Another object may have asked meanwhile; then its answer serves for this one, too.
    if (this.#askedAt === askedAt) this.forget();
    const fresh = (await this.#current(signal)).get(keyOf(gvk));
    if (fresh === undefined) throw new NoSuchKind(gvk);
    return fresh;
  }

  /** True when the server knows the kind. */
  async knows(gvk: GroupVersionKind, signal: AbortSignal): Promise<boolean> {
    try {
      await this.find(gvk, signal);
      return true;
    } catch (error) {
      if (error instanceof NoSuchKind) return false;
      throw error;
    }
  }

  /** Whether objects of the kind live in a namespace; undefined when nobody can say. */
  async isNamespaced(gvk: GroupVersionKind, signal: AbortSignal): Promise<boolean | undefined> {
    const known = isNamespacedKnown(gvk);
    if (known !== undefined) return known;
    try {
      return (await this.find(gvk, signal)).namespaced;
    } catch (error) {
      if (error instanceof NoSuchKind) return undefined;
      throw error;
    }
  }

  /** Every API version that is served, and every kind in it: "apps/v1", "apps/v1/Deployment". */
  async apiVersions(signal: AbortSignal): Promise<string[]> {
    const kinds = await this.#current(signal);
    return [...this.#apiVersions, ...[...kinds.keys()].map((key) => key.replace(/^\//, ""))];
  }

  /** The schemas of an API version; undefined when the server publishes none. */
  async schemasOf(apiVersion: string, signal: AbortSignal): Promise<Schemas | undefined> {
    let schemas = this.#schemas.get(apiVersion);
    if (schemas === undefined) {
      schemas = this.#loadSchemas(apiVersion, signal);
      this.#schemas.set(apiVersion, schemas);
      schemas.catch(() => this.#schemas.delete(apiVersion));
    }
    return await schemas;
  }

  /** Forgets what was learnt, for example after a CRD was made. */
  forget(): void {
    this.#kinds = undefined;
    this.#documents = undefined;
  }

  #current(signal: AbortSignal): Promise<Map<string, ResourceKind>> {
    if (this.#kinds === undefined) {
      const kinds = this.#ask(signal);
      this.#kinds = kinds;
      kinds.catch(() => {
        if (this.#kinds === kinds) this.#kinds = undefined;
      });
    }
    return this.#kinds;
  }

  async #ask(signal: AbortSignal): Promise<Map<string, ResourceKind>> {
    const [core, groups] = await Promise.all(
      ["/api", "/apis"].map((path) =>
        this.#api.call({ method: "GET", path, accept: ACCEPT, signal }),
      ),
    );
    const kinds = new Map<string, ResourceKind>();
    const served: string[] = [];
    for (const group of [...pluckMaps(core, "items"), ...pluckMaps(groups, "items")]) {
      const groupName = pluckString(group, "metadata", "name");
      for (const version of pluckMaps(group, "versions")) {
        const gv = { group: groupName, version: pluckString(version, "version") };
        served.push(apiVersionFor(gv));
        for (const resource of pluckMaps(version, "resources")) {
          const kind = pluckString(resource, "responseKind", "kind");
          kinds.set(keyOf({ ...gv, kind }), {
            plural: pluckString(resource, "resource"),
            namespaced: pluckString(resource, "scope") === "Namespaced",
          });
        }
      }
    }
    this.#apiVersions = served;
    this.#askedAt = Date.now();
    return kinds;
  }

  async #loadSchemas(apiVersion: string, signal: AbortSignal): Promise<Schemas | undefined> {
    this.#documents ??= this.#api.call({ method: "GET", path: "/openapi/v3", signal });
    const path = apiVersion.includes("/") ? `apis/${apiVersion}` : `api/${apiVersion}`;
    const relative = pluckString(await this.#documents, "paths", path, "serverRelativeURL");
    if (relative === "") return undefined;
    const [route = "", query = ""] = relative.split("?");
    const document = await this.#api.call({
      method: "GET",
      path: route,
      query: Object.fromEntries(new URLSearchParams(query)),
      signal,
    });
    return new Schemas(document);
  }
}

const keyOf = (gvk: GroupVersionKind): string => `${gvk.group}/${gvk.version}/${gvk.kind}`;
