/** An address that moves between hosts: one VRRP instance, alike on every member but for its priority. */
export interface VirtualAddress {
  /** Name of the instance in keepalived's configuration, unique on a host. */
  readonly name: string;
  readonly address: string;
  /** VRRP router id, unique in the network. */
  readonly routerId: number;
  /** Network interface; absent means the one that has the host's own address. */
  readonly interface?: string;
  readonly members: readonly {
    readonly host: string;
    readonly address: string;
    readonly priority: number;
  }[];
  /**
   * `stay`: whoever has it keeps it until it fails. `home`: it returns to the host of the highest priority, after a pause.
   * `healthiest`: it goes to a host whose check passes, and among equals it stays.
   */
  readonly moves: "stay" | "home" | "healthiest";
}

/** What keeps one or more virtual addresses on hosts that can serve them. */
export interface KeepalivedBlueprint {
  /** Name of the fragment of keepalived's configuration and of its check: `edge` or `control-plane`. */
  readonly name: "edge" | "control-plane";
  readonly addresses: readonly VirtualAddress[];
  /** What a host must answer itself to have an address: its proxy's monitor, or its API server. */
  readonly check: { readonly kind: "proxy" | "api-server"; readonly port: number };
}

/** Machines that take a port's connections. */
export interface EdgeBackend {
  readonly hosts: readonly { readonly host: string; readonly address: string }[];
  readonly nodePort: number;
  /** Where it says whether it is ready; absent: a connection is proof enough. */
  readonly health?: { readonly port: number; readonly path: string };
}

/** A port that clients use. */
export interface EdgePort {
  readonly name: string;
  readonly port: number;
  readonly gateway: EdgeBackend;
  /** Takes over while no gateway is ready; absent where nothing stands by. */
  readonly standby?: EdgeBackend;
}

/** haproxy as every edge host runs it. */
export interface ProxyBlueprint {
  /** Port on the loopback interface that says whether the proxy itself works. */
  readonly monitorPort: number;
  readonly stats: { readonly port: number; readonly allow: readonly string[] };
  readonly limits: { readonly connections: number; readonly connectionsPer10Seconds: number };
  readonly timeouts: {
    readonly connectSeconds: number;
    readonly idleSeconds: number;
    /** For connections that have become a two-way stream, such as web sockets. */
    readonly tunnelSeconds: number;
  };
}

/** How clients reach the cluster's ingress. */
export interface EdgeBlueprint {
  readonly mode: "keepalived" | "external";
  /** Addresses that clients use: one, or two that share the work. */
  readonly addresses: readonly string[];
  readonly ports: readonly EdgePort[];
  /** Whether gateways and standby get, and must expect, PROXY protocol v2 on all NodePorts of theirs. */
  readonly proxyProtocol: boolean;
  /** Addresses that connections to the NodePorts come from; empty where the customer's balancer makes them. */
  readonly proxyAddresses: readonly string[];
  /** Hosts that gateways run on: the edge hosts, else the workers. */
  readonly gatewayHosts: readonly string[];
  /** Hosts that the standby ingress runs on. */
  readonly standbyHosts: readonly string[];
  /** With mode `keepalived` only. */
  readonly own?: { readonly proxy: ProxyBlueprint; readonly keepalived: KeepalivedBlueprint };
}

/** One thing that a balancer has to do, in words that a person or a table can use. */
export interface EdgeForward {
  readonly name: string;
  /** `192.0.2.40:443` */
  readonly from: string;
  /** `192.0.2.41:30443`, in the order of preference-free balancing. */
  readonly to: readonly string[];
  /** Used only while none of `to` is ready. */
  readonly standby: readonly string[];
  /** `GET http://…:30021/healthz/ready is 200`, or `accepts a connection`. */
  readonly readyWhen: string;
}
