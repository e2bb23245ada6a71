import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { type AuthContext, Server, type ServerChannel } from "ssh2";
import { newEd25519Key } from "../../../rehearsal/hosts/ed25519-key";

/** An SSH server on loopback that answers as a test wishes. */
export interface TestServer {
  readonly port: number;
  /** Its public key in authorized_keys format. */
  readonly hostKey: string;
  /** Ways of authentication that were tried, in order. */
  readonly tried: string[];
  /** Commands that were run, with the variables set before them. */
  readonly commands: { readonly command: string; readonly environment: Record<string, string> }[];
  stop(): Promise<void>;
}

/** What a test wants of its server. */
export interface TestServerOptions {
  readonly password?: string;
  /** Port to listen on; 0 for any. */
  readonly port?: number;
  /** Names of variables that may be set. */
  readonly acceptEnv?: readonly string[];
  /** What a command does. Default: prints nothing and succeeds. */
  readonly run?: (command: string, channel: ServerChannel) => void;
}

/** Starts a server that knows one password and, as a bastion would, connects on. */
export async function startServer(options: TestServerOptions = {}): Promise<TestServer> {
  const key = newEd25519Key();
  const tried: string[] = [];
  const commands: { command: string; environment: Record<string, string> }[] = [];
  const server = new Server({ hostKeys: [key.private] }, (client) => {
    client.on("error", () => {});
    client.on("authentication", (context) => {
      tried.push(context.method);
      answer(context, options.password ?? "right");
    });
    client.on("tcpip", (accept, reject, to) => {
      const socket = connect({ port: to.destPort, host: to.destIP, noDelay: true });
      socket.once("connect", () => {
        const channel = accept();
        channel.on("error", () => {});
        socket.pipe(channel).pipe(socket);
      });
      socket.on("error", () => reject?.());
    });
    client.on("session", (accept) => {
      const environment: Record<string, string> = {};
      const session = accept();
      session.on("env", (take, refuse, { key: name, val }) => {
        if (options.acceptEnv?.includes(name) !== true) return refuse?.();
        environment[name] = val;
        take?.();
      });
      session.on("exec", (take, _refuse, { command }) => {
        commands.push({ command, environment });
        const channel = take();
        if (options.run !== undefined) return options.run(command, channel);
        channel.exit(0);
        channel.end();
      });
    });
  });
  // Packets go at once, as from a real server.
  const listener = createServer({ noDelay: true }, (socket) => server.injectSocket(socket));
  listener.listen(options.port ?? 0, "127.0.0.1");
  await once(listener, "listening");
  return {
    port: (listener.address() as AddressInfo).port,
    hostKey: key.public,
    tried,
    commands,
    stop: async () => {
      listener.close();
      await once(listener, "close");
    },
  };
}

function answer(context: AuthContext, password: string): void {
  if (context.method === "password" && context.password === password) context.accept();
  else context.reject(["password", "keyboard-interactive"]);
}
