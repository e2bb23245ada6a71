import type { PolicyBlueprint } from "../platform/tenancy-types";
import type { PortProtocol } from "../schema/workload-network";

/** What a namespace of the product has to do with the world outside the cluster. */
export interface NamespaceNetwork {
  readonly externals: readonly ExternalBlueprint[];
  /** What the mesh's proxies know of the world outside. */
  readonly serviceEntries: readonly ServiceEntryBlueprint[];
  /** Closes every way out but those stated; absent where tenancy does so, or none is stated. */
  readonly policy?: PolicyBlueprint;
}

/** A service outside the cluster under a name within it. */
export interface ExternalBlueprint {
  readonly name: string;
  readonly namespace: string;
  readonly ports: readonly ExternalPort[];
  /** Where it stands: addresses, or a name. */
  readonly at: { readonly addresses: readonly string[] } | { readonly domain: string };
}

export interface ExternalPort {
  readonly name: string;
  readonly port: number;
  readonly protocol: PortProtocol;
}

/** What the mesh's proxies know of something outside the cluster. */
export interface ServiceEntryBlueprint {
  readonly name: string;
  readonly namespace: string;
  readonly hosts: readonly string[];
  /** Addresses or networks; empty where names lead there. */
  readonly addresses: readonly string[];
  /** `NONE`: on to where the client wanted to go; `DNS`: to what the name leads to. */
  readonly resolution: "NONE" | "DNS";
  readonly ports: readonly ExternalPort[];
  /** Namespaces that see it; `.` for its own. */
  readonly exportTo: readonly string[];
}
