import type { Duplex } from "node:stream";
import {
  type AnyAuthMethod,
  Client,
  type ConnectConfig,
  type ParsedKey,
  type ServerHostKeyAlgorithm,
  utils,
} from "ssh2";
import { ProviderFailure } from "../protocol/failure";
import type { Endpoint } from "./connection";

/** Everything about an endpoint that can be judged before dialling. */
export interface Login {
  readonly endpoint: Endpoint;
  readonly methods: readonly AnyAuthMethod[];
  readonly hostKey: { readonly type: string; readonly data: Buffer } | undefined;
}

/** Judges keys and names the ways to authenticate. A bad key is an error without any attempt. */
export function loginFor(endpoint: Endpoint): Login {
  return { endpoint, methods: methodsFor(endpoint), hostKey: hostKeyOf(endpoint.hostKey) };
}

/**
 * Connects and authenticates once.
 *
 * @param through a stream to the host, from a bastion; undefined connects directly.
 * @throws Error in the words of the real provider.
 */
export async function connect(
  login: Login,
  through: Duplex | undefined,
  signal: AbortSignal,
): Promise<Client> {
  const { endpoint, methods, hostKey } = login;
  const tried: string[] = [];
  let keyMismatch = false;
  const config: ConnectConfig = {
    host: endpoint.host,
    port: endpoint.port,
    username: endpoint.user,
    readyTimeout: endpoint.perDialTimeoutSeconds * 1_000,
    authHandler: (_left, _partial, next) => {
      const method = methods[tried.length];
      if (method === undefined) return next(false as unknown as AnyAuthMethod);
      tried.push(method.type);
      next(method);
    },
    hostVerifier: (shown: Buffer) => {
      keyMismatch = hostKey !== undefined && !shown.equals(hostKey.data);
      return !keyMismatch;
    },
    ...(hostKey === undefined
      ? {}
      : { algorithms: { serverHostKey: [hostKey.type as ServerHostKeyAlgorithm] } }),
    ...(through === undefined ? {} : { sock: through }),
  };

  const client = new Client();
  return await new Promise((resolve, reject) => {
    const fail = (error: Error) => {
      signal.removeEventListener("abort", stop);
      client.destroy();
      reject(error);
    };
    const stop = () => fail(new Error("context canceled"));
    signal.addEventListener("abort", stop, { once: true });
    client.once("ready", () => {
      signal.removeEventListener("abort", stop);
      // A connection that breaks later shows at the channel that is open then.
      client.on("error", () => {});
      resolve(client);
    });
    client.once("error", (error) => {
      const reason = keyMismatch ? "ssh: handshake failed: ssh: host key mismatch" : undefined;
      fail(new Error(reason ?? dialFault(error, endpoint, tried)));
    });
    client.once("close", () => fail(new Error("ssh: handshake failed: EOF")));
    try {
      client.connect(config);
      // Small packets go at once, as the real provider sends them; a handshake is many of them.
      if (through === undefined) client.setNoDelay(true);
    } catch (error) {
      fail(error instanceof Error ? error : new Error(String(error)));
    }
  });
}

// The real provider tries each kind of authentication once, in this order, after "none".
function methodsFor(endpoint: Endpoint): AnyAuthMethod[] {
  const { user: username, password, privateKey, agentSocketPath } = endpoint;
  const methods: AnyAuthMethod[] = [{ type: "none", username }];
  if (privateKey !== undefined) {
    const key = privateKeyOf(privateKey, endpoint.privateKeyPassword);
    methods.push({ type: "publickey", username, key });
  }
  if (password !== undefined) {
    methods.push({ type: "password", username, password });
    methods.push({
      type: "keyboard-interactive",
      username,
      prompt: (_name, _instructions, _language, prompts, answer) => {
        answer(prompts.map(() => password));
      },
    });
  }
  if (privateKey === undefined && agentSocketPath !== undefined && agentSocketPath !== "") {
    methods.push({ type: "agent", username, agent: agentSocketPath });
  }
  return methods;
}

function privateKeyOf(text: string, password: string | undefined): ParsedKey {
  const key = utils.parseKey(text, password);
  if (key instanceof Error) {
    throw new ProviderFailure(
      /no passphrase/.test(key.message)
        ? "ssh: this private key is passphrase protected"
        : `ssh: ${key.message}`,
    );
  }
  return key;
}

function hostKeyOf(text: string | undefined): Login["hostKey"] {
  if (text === undefined) return undefined;
  for (const line of text.split("\n")) {
    const [, type, data] = /(?:^|\s)((?:ssh|ecdsa|sk)-\S+)\s+([A-Za-z0-9+/=]+)/.exec(line) ?? [];
    if (line.trim().startsWith("#") || type === undefined || data === undefined) continue;
    return { type, data: Buffer.from(data, "base64") };
  }
  throw new ProviderFailure("failed to parse host key: ssh: no key found");
}

function dialFault(
  error: Error & { level?: string; code?: string },
  endpoint: Endpoint,
  tried: readonly string[],
): string {
  const address = endpoint.host.includes(":")
    ? `[${endpoint.host}]:${endpoint.port}`
    : `${endpoint.host}:${endpoint.port}`;
  switch (error.level) {
    case "client-authentication":
      return (
        "ssh: handshake failed: ssh: unable to authenticate, " +
        `attempted methods [${tried.map(methodWord).join(" ")}], no supported methods remain`
      );
    case "client-timeout":
      return `dial tcp ${address}: i/o timeout`;
    case "client-socket":
      return socketFault(error.code, endpoint.host, address, error.message);
    default:
      return `ssh: handshake failed: ${error.message.replace(/^Handshake failed: /, "ssh: ")}`;
  }
}

function methodWord(method: string): string {
  return method === "agent" ? "publickey" : method;
}

function socketFault(
  code: string | undefined,
  host: string,
  address: string,
  message: string,
): string {
  switch (code) {
    case "ECONNREFUSED":
      return `dial tcp ${address}: connect: connection refused`;
    case "EHOSTUNREACH":
      return `dial tcp ${address}: connect: no route to host`;
    case "ENETUNREACH":
      return `dial tcp ${address}: connect: network is unreachable`;
    case "ETIMEDOUT":
      return `dial tcp ${address}: i/o timeout`;
    case "ENOTFOUND":
      return `dial tcp: lookup ${host}: no such host`;
    case "ECONNRESET":
      return `ssh: handshake failed: read tcp ${address}: read: connection reset by peer`;
    default:
      return `ssh: handshake failed: ${message}`;
  }
}
