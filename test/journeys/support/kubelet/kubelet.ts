import { spawn } from "node:child_process";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { type SpdyStream, serveSpdy } from "./spdy";

/** What the container of a Pod says, by `namespace/pod/container`. */
export type Sayings = Map<string, string>;

/**
 * A kubelet as far as an API server asks one: containers' output, and commands, which run as processes of this machine.
 * What it is asked is kept, so that a test can see what came through.
 */
export class Kubelet {
  readonly port: number;
  /** Paths with their queries, in order. */
  readonly asked: string[] = [];
  /** Sizes of terminals, as the far end told them. */
  readonly sizes: unknown[] = [];
  /** Once for each `follow`: says something more, or ends. */
  readonly followers: ServerResponse[] = [];
  readonly #server: Server;

  private constructor(server: Server, sayings: Sayings) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    server.on("request", (request, response) => this.#say(request, response, sayings));
    server.on("upgrade", (request, socket, head) => this.#exec(request, socket, head));
  }

  /** Listens on loopback with the given certificate. */
  static async start(cert: Buffer, key: Buffer, sayings: Sayings): Promise<Kubelet> {
    const server = createServer({ cert, key });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return new Kubelet(server, sayings);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #say({ url = "" }: IncomingMessage, response: ServerResponse, sayings: Sayings): void {
    this.asked.push(url);
    const { pathname, searchParams } = new URL(url, "https://kubelet");
    const text = sayings.get(pathname.replace("/containerLogs/", ""));
    if (text === undefined) return void response.writeHead(404).end("no such container");
    if (searchParams.get("previous") === "true") {
      const [, , , , container] = pathname.split("/");
      response.writeHead(400).end(`previous terminated container "${container}" in pod not found`);
      return;
    }
    const tail = Number(searchParams.get("tailLines") ?? Number.POSITIVE_INFINITY);
    const lines = text.split(/(?<=\n)/);
    response.writeHead(200, { "content-type": "text/plain" });
    response.write(lines.slice(-tail).join(""));
    if (searchParams.get("follow") === "true") this.followers.push(response);
    else response.end();
  }

  #exec({ url = "" }: IncomingMessage, socket: Duplex, head: Buffer): void {
    this.asked.push(url);
    const { searchParams } = new URL(url, "https://kubelet");
    const has = (name: string) =>
      searchParams.get(name) === "1" || searchParams.get(name) === "true";
    const types = [
      "error",
      ...(has("input") ? ["stdin"] : []),
      ...(has("output") ? ["stdout"] : []),
      ...(has("error") && !has("tty") ? ["stderr"] : []),
      ...(has("tty") ? ["resize"] : []),
    ];
    socket.write(
      [
        "HTTP/1.1 101 Switching Protocols",
        "Connection: Upgrade",
        "Upgrade: SPDY/3.1",
        "X-Stream-Protocol-Version: v4.channel.k8s.io",
        "\r\n",
      ].join("\r\n"),
    );
    const streams = new Map<string, SpdyStream>();
    serveSpdy(socket, head, (stream) => {
      streams.set(stream.type, stream);
      if (stream.type === "resize") {
        stream.onBytes = (chunk) => this.sizes.push(JSON.parse(chunk.toString("utf8")));
      }
      if (types.every((type) => streams.has(type))) run(searchParams.getAll("command"), streams);
    });
  }
}

function run([program = "", ...words]: readonly string[], streams: Map<string, SpdyStream>): void {
  const child = spawn(program, words, { stdio: "pipe" });
  const input = streams.get("stdin");
  if (input !== undefined) {
    input.onBytes = (chunk) => child.stdin.write(chunk);
    input.onEnd = () => child.stdin.end();
  }
  child.stdin.on("error", () => {});
  child.stdout.on("data", (chunk: Buffer) => streams.get("stdout")?.write(chunk));
  child.stderr.on("data", (chunk: Buffer) => streams.get("stderr")?.write(chunk));
  const end = (status: object) => {
    streams.get("error")?.end(Buffer.from(JSON.stringify(status)));
    for (const type of ["stdout", "stderr"]) streams.get(type)?.end();
  };
  child.on("error", () =>
    end({
      status: "Failure",
      reason: "InternalError",
      message: `failed to exec in container: exec: "${program}": executable file not found in $PATH`,
    }),
  );
  child.on("close", (code) => {
    if (code === null || code < 0) return;
    end(
      code === 0
        ? { status: "Success" }
        : {
            status: "Failure",
            reason: "NonZeroExitCode",
            message: `command terminated with non-zero exit code ${code}`,
            details: { causes: [{ reason: "ExitCode", message: String(code) }] },
          },
    );
  });
}
