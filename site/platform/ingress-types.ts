import type { Resources } from "../pod-types";
import type { PlatformPart } from "./part-types";

export interface IngressBlueprint extends PlatformPart {
  /** What follows names of the site, such as `apps.site-a.example`; absent where the site states no names. */
  readonly domain?: string;
  /** The ingress that stands by; absent where the site wants none. */
  readonly standby?: StandbyBlueprint;
}

/** Traefik. */
export interface StandbyBlueprint {
  readonly namespace: string;
  readonly ingressClass: string;
  readonly replicas: number;
  readonly resources: Resources;
  readonly nodePorts: { readonly http: number; readonly https: number; readonly ping: number };
  readonly trafficPolicy: "Local" | "Cluster";
  /** Who may say by PROXY protocol whose connection it is; absent: nobody does. */
  readonly proxyProtocol?: "anyone" | readonly string[];
  /** Networks whose X-Forwarded headers hold: the gateway hands requests over. */
  readonly forwardedFrom: readonly string[];
  /** Secret with the certificate for every name; absent: plain HTTP only. */
  readonly certificateSecret?: string;
  /** Whether anything encrypted comes in. */
  readonly secure: boolean;
}

/** A port of the gateway's own, with the NodePort that leads there. */
export interface GatewayListener {
  readonly port: number;
  readonly nodePort: number;
}

/** How clients reach one port of a workload. */
export interface RouteBlueprint {
  /** Name of its objects, beside the workload. */
  readonly name: string;
  /** What is passed on: requests, encrypted connections by the name that the client asks for, or any connection. */
  readonly kind: "http" | "tls" | "tcp";
  /** Empty for `tcp`. */
  readonly hosts: readonly string[];
  /** What paths begin with; `/` for all. */
  readonly path: string;
  /** Service of the workload, and its port. */
  readonly service: string;
  readonly port: number;
  /** Who serves it. */
  readonly via: "gateway" | "standby";
  /** On the mesh's gateway; absent where the site has no mesh. */
  readonly gateway?: {
    /** The Gateway object, with its namespace. */
    readonly server: string;
    /** Where it leads: the workload, or the standby that serves it. */
    readonly host: string;
    readonly port: number;
    /** The gateway's own port, where hosts do not say which route it is. */
    readonly listener?: number;
  };
  /** On the standby; absent where none is installed. */
  readonly standby?: {
    readonly ingressClass: string;
    readonly secure: boolean;
    /** How it speaks to the workload; absent: plain HTTP/1.1. */
    readonly scheme?: "h2c";
    /** Middleware that sends plain HTTP on to HTTPS; absent where nothing is sent on. */
    readonly redirect?: string;
  };
  /** What clients type. */
  readonly urls: readonly string[];
}

/** The object of a namespace that sends plain HTTP on to HTTPS. */
export interface RedirectBlueprint {
  readonly name: string;
  /** Absent: HTTPS's own port. */
  readonly port?: number;
}
