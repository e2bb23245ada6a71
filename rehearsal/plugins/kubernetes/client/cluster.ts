import { apiVersionFor, type GroupVersionKind, gvkOf } from "../objects/kinds";
import {
  type KubeObject,
  nameOf,
  namespaceOf,
  pluckMaps,
  pluckString,
} from "../objects/kube-object";
import { Api, type ClientSettings } from "./api";
import { Discovery } from "./discovery";
import { InformerPool } from "./informer";
import type { ClusterAccess } from "./kubeconfig";

/** Server-side apply: who applies, whether to take fields over, whether only to try. */
export interface ApplyOptions {
  fieldManager: string;
  force: boolean;
  dryRun: boolean;
}

/** A cluster: its objects, kinds and watches. */
export class Cluster {
  readonly api: Api;
  readonly discovery: Discovery;
  readonly informers: InformerPool;

  constructor(access: ClusterAccess, settings: ClientSettings) {
    this.api = new Api(access, settings);
    this.discovery = new Discovery(this.api);
    this.informers = new InformerPool(this.api);
  }

  /** The live object of the same kind, namespace and name. */
  async get(object: KubeObject, signal: AbortSignal): Promise<KubeObject> {
    return await this.api.call({ method: "GET", path: await this.pathOf(object, signal), signal });
  }

  /** Makes the object, or with `dryRun` says what it would be. */
  async create(object: KubeObject, fieldManager: string, dryRun: boolean, signal: AbortSignal) {
    const path = await this.collectionPath(gvkOf(object), namespaceOf(object), signal);
    const query = { fieldManager, ...dry(dryRun) };
    return await this.api.call({
      method: "POST",
      path,
      query,
      body: object,
      repeatable: dryRun,
      signal,
    });
  }

  /** Applies the object on the server side. */
  async apply(object: KubeObject, options: ApplyOptions, signal: AbortSignal): Promise<KubeObject> {
    return await this.api.call({
      method: "PATCH",
      path: await this.pathOf(object, signal),
      query: {
        fieldManager: options.fieldManager,
        force: String(options.force),
        ...dry(options.dryRun),
      },
      contentType: "application/apply-patch+yaml",
      body: object,
      signal,
    });
  }

  /** Puts the object in the place of the live one. */
  async replace(object: KubeObject, fieldManager: string, dryRun: boolean, signal: AbortSignal) {
    const path = await this.pathOf(object, signal);
    const query = { fieldManager, ...dry(dryRun) };
    return await this.api.call({ method: "PUT", path, query, body: object, signal });
  }

  /** Changes the live object by a JSON patch (RFC 6902) or a merge patch. */
  async patch(
    object: KubeObject,
    body: unknown,
    contentType: "application/json-patch+json" | "application/merge-patch+json",
    query: Record<string, string>,
    signal: AbortSignal,
  ): Promise<KubeObject> {
    const path = await this.pathOf(object, signal);
    return await this.api.call({ method: "PATCH", path, query, contentType, body, signal });
  }

  /** Asks for the object's deletion. */
  async delete(object: KubeObject, propagationPolicy: string, signal: AbortSignal): Promise<void> {
    const path = await this.pathOf(object, signal);
    await this.api.call({
      method: "DELETE",
      path,
      body: { kind: "DeleteOptions", apiVersion: "v1", propagationPolicy },
      signal,
    });
  }

  /** Every object of a kind in a namespace. */
  async list(gvk: GroupVersionKind, namespace: string, signal: AbortSignal): Promise<KubeObject[]> {
    const path = await this.collectionPath(gvk, namespace, signal);
    const { kind, ...gv } = gvk;
    const items = pluckMaps(await this.api.call({ method: "GET", path, signal }), "items");
    return items.map((item) => ({ apiVersion: apiVersionFor(gv), kind, ...item }));
  }

  /** The server's version, such as "v1.34.2". */
  async version(signal: AbortSignal): Promise<string> {
    return pluckString(
      await this.api.call({ method: "GET", path: "/version", signal }),
      "gitVersion",
    );
  }

  /** The path of an object in the API; without a namespace that of namespace "default". */
  async pathOf(object: KubeObject, signal: AbortSignal): Promise<string> {
    const collection = await this.collectionPath(gvkOf(object), namespaceOf(object), signal);
    return `${collection}/${encodeURIComponent(nameOf(object))}`;
  }

  /** The path of a kind's objects in the API. */
  async collectionPath(
    gvk: GroupVersionKind,
    namespace: string,
    signal: AbortSignal,
  ): Promise<string> {
    const { plural, namespaced } = await this.discovery.find(gvk, signal);
    const root = gvk.group === "" ? `/api/${gvk.version}` : `/apis/${gvk.group}/${gvk.version}`;
    const within = namespaced ? `/namespaces/${encodeURIComponent(namespace || "default")}` : "";
    return `${root}${within}/${plural}`;
  }

  /** Stops every watch and hangs up. */
  close(): void {
    this.informers.close();
    this.api.close();
  }
}

const dry = (dryRun: boolean): Record<string, string> => (dryRun ? { dryRun: "All" } : {});
