import type { Resources } from "../pod-types";
import type { RedirectBlueprint, RouteBlueprint } from "./ingress-types";
import type { ChartBlueprint, PlatformPart } from "./part-types";
import type { TenantNamespace } from "./tenancy-types";

/** What deploys from repositories, and what is deployed from which. */
export interface DeliveryBlueprint extends PlatformPart {
  readonly argo: ArgoBlueprint;
  /** Who may deploy what into which namespaces: one for each configuration repository. */
  readonly projects: readonly ProjectBlueprint[];
  readonly runners: readonly RunnerBlueprint[];
}

/** Argo CD. */
export interface ArgoBlueprint {
  readonly namespace: string;
  readonly chart: ChartBlueprint;
  /** Of the pages and of what reads repositories; the controller is one, since more would only share out clusters. */
  readonly replicas: number;
  /** Three caches with a proxy before them, where there are hosts for them. */
  readonly highlyAvailable: boolean;
  /** Whether no two Pods of a program may share a host. */
  readonly ownHosts: boolean;
  /** The same for the proxies before the caches, of which there are three. */
  readonly ownCacheHosts: boolean;
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly resources: Readonly<
    Record<"controller" | "server" | "repoServer" | "cache" | "helper", Resources>
  >;
  /** Host name of its pages; absent where the site has no ingress. */
  readonly domain?: string;
  readonly route?: RouteBlueprint;
  /** Absent where nothing is sent on to HTTPS by the standby. */
  readonly redirect?: RedirectBlueprint;
  /** Authorities of Git servers by host name. */
  readonly authorities: Readonly<Record<string, string>>;
  /** Lines for known_hosts. */
  readonly hostKeys: readonly string[];
}

/** One owner of namespaces that deploys from one repository. */
export interface ProjectBlueprint {
  readonly name: string;
  readonly description: string;
  readonly repository: RepositoryBlueprint;
  readonly applications: readonly ApplicationBlueprint[];
  /** What may be deployed: kinds by API group, or everything of a namespace but some. */
  readonly kinds: { readonly only: readonly KindOf[] } | { readonly allBut: readonly KindOf[] };
}

export interface KindOf {
  readonly group: string;
  readonly kind: string;
}

export interface RepositoryBlueprint {
  readonly url: string;
  /** What reads it; absent where anybody may. */
  readonly access?: {
    readonly secret: string;
    /** Whom a password belongs to; absent: the secret is a private key. */
    readonly user?: string;
  };
}

/** What Argo CD keeps as the repository has it: one namespace. */
export interface ApplicationBlueprint {
  readonly name: string;
  /** Name in Kubernetes. */
  readonly namespace: string;
  /** Folder of the repository. */
  readonly path: string;
  readonly revision: string;
}

/** A GitLab runner of one workspace. */
export interface RunnerBlueprint {
  readonly workspace: string;
  /** Its own, in which its jobs run too. */
  readonly namespace: TenantNamespace;
  readonly chart: ChartBlueprint;
  readonly url: string;
  /** Host of the URL. */
  readonly host: string;
  /** Authority of GitLab's certificate; absent where everybody knows it. */
  readonly ca?: string;
  readonly tokenSecret: string;
  readonly concurrent: number;
  /** In the site's registry, like everything that a job may start. */
  readonly image: string;
  readonly helperImage: string;
  /** Patterns of images that jobs and their services may name. */
  readonly allowedImages: readonly string[];
  readonly resources: Resources;
  /** Of each container of a job. */
  readonly jobResources: Resources;
  /** Account that jobs run as. */
  readonly account: string;
  /** Namespaces of the workspace, which jobs may look at; deploying is Argo CD's alone. */
  readonly watched: readonly string[];
  /** Name of the ClusterRole that is bound in them. */
  readonly watchRole: string;
}
