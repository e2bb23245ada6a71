import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { ProviderFailure } from "../protocol/failure";
import { Cluster } from "./client/cluster";
import { accessOf, type ClusterAccess, readKubeconfig } from "./client/kubeconfig";
import {
  apiVersionFor,
  type GroupVersionKind,
  isKnownApiVersion,
  isNamespacedKnown,
} from "./objects/kinds";
import { type KubeObject, pluckString } from "./objects/kube-object";
import type { Schemas } from "./objects/schema";
import type { Settings } from "./settings";

/** Where a cluster is reachable, or why it is not. */
type Reach = { cluster: Cluster; access: ClusterAccess } | { reason: string };

/** One configured provider: its settings and, when it can be reached, its cluster. */
export class Session {
  readonly settings: Settings;
  /** For objects that name no namespace; "" when nothing says which. */
  readonly defaultNamespace: string;
  /** The server's version such as "v1.34.2"; "" when it cannot be reached. */
  readonly version: string;
  readonly #reach: Reach;
  /** Scopes of CRDs that the program is about to make: "group/Kind" to whether namespaced. */
  readonly #comingKinds = new Map<string, boolean>();

  private constructor(settings: Settings, reach: Reach, defaultNamespace: string, version: string) {
    this.settings = settings;
    this.#reach = reach;
    this.defaultNamespace = defaultNamespace;
    this.version = version;
  }

  /** Connects. A cluster that cannot be reached is no error here: previews go on without it. */
  static async open(settings: Settings, signal: AbortSignal): Promise<Session> {
    let access: ClusterAccess;
    try {
      const { config, folder } = readKubeconfig(settings.kubeconfig || usualKubeconfig());
      access = accessOf(config, folder, { context: settings.context, cluster: settings.cluster });
    } catch (error) {
      const reason = `failed to parse kubeconfig data in \`kubernetes:config:kubeconfig\`- ${messageOf(error)}`;
      return new Session(settings, { reason }, settings.namespace, "");
    }
    const namespace = settings.namespace || access.namespace || "default";
    const cluster = new Cluster(access, settings.client);
    try {
      const version = await cluster.version(signal);
      await cluster.discovery.apiVersions(signal);
      return new Session(settings, { cluster, access }, namespace, version);
    } catch (error) {
      signal.throwIfAborted();
      cluster.close();
      const reason = `unable to load schema information from the API server: ${messageOf(error)}`;
      return new Session(settings, { reason }, namespace, "");
    }
  }

  /** The cluster, or undefined when it cannot be reached. */
  get cluster(): Cluster | undefined {
    return "cluster" in this.#reach ? this.#reach.cluster : undefined;
  }

  /** Why the cluster cannot be reached; "" when it can. */
  get unreachableReason(): string {
    return "reason" in this.#reach ? this.#reach.reason : "";
  }

  /** The cluster. Errors when it cannot be reached. */
  need(): Cluster {
    if ("cluster" in this.#reach) return this.#reach.cluster;
    throw new ProviderFailure(
      `configured Kubernetes cluster is unreachable: ${this.#reach.reason}`,
    );
  }

  /** Notes a CRD that the program makes, so that its objects can be placed before it exists. */
  expectKind(crd: KubeObject): void {
    const key = `${pluckString(crd, "spec", "group")}/${pluckString(crd, "spec", "names", "kind")}`;
    this.#comingKinds.set(key, pluckString(crd, "spec", "scope") === "Namespaced");
  }

  /** Whether objects of the kind live in a namespace; undefined when nobody can say. */
  async isNamespaced(gvk: GroupVersionKind, signal: AbortSignal): Promise<boolean | undefined> {
    const known = isNamespacedKnown(gvk) ?? this.#comingKinds.get(`${gvk.group}/${gvk.kind}`);
    return known ?? (await this.cluster?.discovery.isNamespaced(gvk, signal));
  }

  /** True when the cluster can be reached and serves the kind. */
  async serves(gvk: GroupVersionKind, signal: AbortSignal): Promise<boolean> {
    return (await this.cluster?.discovery.knows(gvk, signal)) ?? false;
  }

  /** The schemas by which objects of an API version are spelled; undefined for custom resources. */
  async schemasFor(gvk: GroupVersionKind, signal: AbortSignal): Promise<Schemas | undefined> {
    const apiVersion = apiVersionFor(gvk);
    if (!isKnownApiVersion(apiVersion)) return undefined;
    return await this.cluster?.discovery.schemasOf(apiVersion, signal);
  }

  /** Hangs up. */
  close(): void {
    this.cluster?.close();
  }
}

/** The kubeconfig that kubectl would use. */
function usualKubeconfig(): string {
  const named = (process.env.KUBECONFIG ?? "")
    .split(":")
    .find((path) => path !== "" && existsSync(path));
  return named ?? join(homedir(), ".kube", "config");
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
