import { isMap, type PropertyMap } from "../protocol/values";

/** How to reach one host. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string | undefined;
  readonly privateKey: string | undefined;
  readonly privateKeyPassword: string | undefined;
  readonly agentSocketPath: string | undefined;
  /** Failed attempts to put up with before giving up; -1 for any number. */
  readonly dialErrorLimit: number;
  /** Limit for one attempt; 0 for none. */
  readonly perDialTimeoutSeconds: number;
  /** Public key in authorized_keys format; undefined takes whatever key the host shows. */
  readonly hostKey: string | undefined;
}

/** How to reach a host, directly or through a bastion. */
export interface Connection extends Endpoint {
  readonly proxy: Endpoint | undefined;
}

/** The connection of checked inputs, secrets unwrapped. */
export function connectionOf(inputs: PropertyMap): Connection {
  const given = isMap(inputs.connection) ? inputs.connection : {};
  return { ...endpointOf(given), proxy: isMap(given.proxy) ? endpointOf(given.proxy) : undefined };
}

function endpointOf(given: PropertyMap): Endpoint {
  const text = (name: string) => (typeof given[name] === "string" ? given[name] : undefined);
  const number = (name: string, usual: number) =>
    typeof given[name] === "number" ? given[name] : usual;
  return {
    host: text("host") ?? "",
    port: Math.trunc(number("port", 22)),
    user: text("user") ?? "root",
    password: text("password"),
    privateKey: text("privateKey"),
    privateKeyPassword: text("privateKeyPassword"),
    agentSocketPath: text("agentSocketPath") ?? process.env.SSH_AUTH_SOCK,
    dialErrorLimit: Math.trunc(number("dialErrorLimit", 10)),
    perDialTimeoutSeconds: number("perDialTimeout", 15),
    hostKey: text("hostKey"),
  };
}
