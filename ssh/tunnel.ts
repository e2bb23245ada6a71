import { createHash } from "node:crypto";
import { createServer, connect as dial, type Socket } from "node:net";
import type { Duplex } from "node:stream";

/** Opens a stream to an address as the far end sees it. */
export type Forward = (address: string, port: number) => Promise<Duplex>;

/** A SOCKS5 server on this machine's loopback whose connections leave from the far end. */
export interface SocksTunnel {
  readonly port: number;
  /** For `proxy-url` of a kubeconfig. */
  readonly url: string;
  /** Seconds since the last connection ended; 0 while one is open. */
  idleSeconds(): number;
  close(): Promise<void>;
}

/**
 * Port that the tunnel of a site listens on: derived from its name, so that a kubeconfig written today fits
 * the tunnel opened tomorrow. Between 21000 and 28999, below the ports that the system hands out by itself.
 */
export function tunnelPort(site: string): number {
  return 21000 + (createHash("sha256").update(site).digest().readUInt32BE(0) % 8000);
}

/**
 * Opens the tunnel over a connection, usually the one to the bastion. No authentication: it listens on
 * loopback only and forwards nothing but TCP connections. `port` 0 takes any free one.
 */
export function openSocksTunnel(forward: Forward, port: number): Promise<SocksTunnel> {
  const sockets = new Set<Socket>();
  let lastUse = Date.now();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => {
      sockets.delete(socket);
      lastUse = Date.now();
    });
    socket.on("error", () => socket.destroy());
    serve(forward, socket);
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      const bound = typeof address === "object" && address ? address.port : port;
      resolve({
        port: bound,
        url: `socks5://127.0.0.1:${bound}`,
        idleSeconds: () => (sockets.size > 0 ? 0 : (Date.now() - lastUse) / 1000),
        close: () =>
          new Promise((done) => {
            for (const socket of sockets) socket.destroy();
            server.close(() => done());
          }),
      });
    });
  });
}

const VERSION = 5;
const NO_AUTHENTICATION = 0;
const CONNECT = 1;
const REPLY = { granted: 0, failed: 1, refused: 5, commandUnknown: 7, addressUnknown: 8 } as const;

/** One client: greeting, request, then bytes both ways (RFC 1928). */
function serve(forward: Forward, socket: Socket): void {
  let buffer = Buffer.alloc(0);
  let greeted = false;
  const reply = (code: number) =>
    socket.write(Buffer.from([VERSION, code, 0, 1, 0, 0, 0, 0, 0, 0]));
  const onData = (chunk: Buffer) => {
    buffer = Buffer.concat([buffer, chunk]);
    if (!greeted) {
      if (buffer.length < 2 || buffer.length < 2 + (buffer[1] ?? 0)) return;
      const methods = buffer.subarray(2, 2 + (buffer[1] ?? 0));
      if (buffer[0] !== VERSION || !methods.includes(NO_AUTHENTICATION)) {
        socket.end(Buffer.from([VERSION, 0xff]));
        return;
      }
      buffer = buffer.subarray(2 + methods.length);
      greeted = true;
      socket.write(Buffer.from([VERSION, NO_AUTHENTICATION]));
    }
    const request = parseRequest(buffer);
    if (request === "more") return;
    socket.removeListener("data", onData);
    if (typeof request === "number") {
      reply(request);
      socket.end();
      return;
    }
    socket.pause();
    const early = buffer.subarray(request.length);
    forward(request.address, request.port).then(
      (far) => {
        reply(REPLY.granted);
        if (early.length > 0) far.write(early);
        far.on("error", () => socket.destroy());
        far.on("close", () => socket.destroy());
        socket.on("close", () => far.destroy());
        socket.pipe(far).pipe(socket);
      },
      () => {
        reply(REPLY.refused);
        socket.end();
      },
    );
  };
  socket.on("data", onData);
}

/** The address asked for; "more" while bytes are missing; a reply code when it cannot be served. */
function parseRequest(
  bytes: Buffer,
): { address: string; port: number; length: number } | number | "more" {
  if (bytes.length < 5) return "more";
  if (bytes[0] !== VERSION) return REPLY.failed;
  if (bytes[1] !== CONNECT) return REPLY.commandUnknown;
  const kind = bytes[3];
  const size = kind === 1 ? 4 : kind === 4 ? 16 : kind === 3 ? (bytes[4] ?? 0) : -1;
  if (size < 0) return REPLY.addressUnknown;
  const start = kind === 3 ? 5 : 4;
  const end = start + size;
  if (bytes.length < end + 2) return "more";
  const raw = bytes.subarray(start, end);
  const address =
    kind === 1
      ? [...raw].join(".")
      : kind === 3
        ? raw.toString("latin1")
        : Array.from({ length: 8 }, (_, i) => raw.readUInt16BE(i * 2).toString(16)).join(":");
  return { address, port: bytes.readUInt16BE(end), length: end + 2 };
}

/** True when a SOCKS5 server without authentication answers on a port of this machine. */
export function answersSocks(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = dial({ host: "127.0.0.1", port });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(3000, () => end(false));
    socket.once("connect", () => socket.write(Buffer.from([VERSION, 1, NO_AUTHENTICATION])));
    socket.once("data", (said) => end(said[0] === VERSION && said[1] === NO_AUTHENTICATION));
    socket.once("error", () => end(false));
    socket.once("close", () => end(false));
  });
}
