import { connect, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls } from "node:tls";

/** Where a connection is wanted to. */
export interface Target {
  host: string;
  port: number;
}

/**
 * Opens a connection to the target through a proxy (http://, https:// or socks5://, with
 * user:password if it asks for one). Errors name the proxy and what it answered.
 */
export async function openTunnel(
  proxy: URL,
  target: Target,
  tls: ConnectionOptions,
): Promise<Socket> {
  const port = Number(
    proxy.port || (proxy.protocol === "https:" ? 443 : proxy.protocol === "http:" ? 80 : 1080),
  );
  const host = proxy.hostname.replace(/^\[|\]$/g, "");
  const socket =
    proxy.protocol === "https:" ? connectTls({ host, port, ca: tls.ca }) : connect({ host, port });
  try {
    await once(socket, proxy.protocol === "https:" ? "secureConnect" : "connect");
    if (proxy.protocol === "socks5:" || proxy.protocol === "socks5h:")
      await socks(socket, proxy, target);
    else if (proxy.protocol === "http:" || proxy.protocol === "https:")
      await httpConnect(socket, proxy, target);
    else
      throw new Error(
        `proxy-url must begin with http://, https:// or socks5://, not ${proxy.protocol}`,
      );
    return socket;
  } catch (error) {
    socket.destroy();
    const cause = error instanceof Error ? error.message : String(error);
    throw new Error(
      `no connection through the proxy at ${proxy.protocol}//${proxy.host}: ${cause}`,
    );
  }
}

async function httpConnect(socket: Socket, proxy: URL, target: Target): Promise<void> {
  const at = target.host.includes(":")
    ? `[${target.host}]:${target.port}`
    : `${target.host}:${target.port}`;
  const credentials = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  const authorization =
    proxy.username === ""
      ? ""
      : `Proxy-Authorization: Basic ${Buffer.from(credentials).toString("base64")}\r\n`;
  socket.write(`CONNECT ${at} HTTP/1.1\r\nHost: ${at}\r\n${authorization}\r\n`);
  let answer = "";
  while (!answer.includes("\r\n\r\n")) answer += (await read(socket, 1)).toString("latin1");
  const status = /^HTTP\/1\.\d (\d{3})/.exec(answer)?.[1];
  if (status !== "200") throw new Error(`it answered ${answer.split("\r\n")[0]}`);
}

async function socks(socket: Socket, proxy: URL, target: Target): Promise<void> {
  const withPassword = proxy.username !== "";
  socket.write(Buffer.from([5, 1, withPassword ? 2 : 0]));
  const [, method] = await read(socket, 2);
  if (method !== (withPassword ? 2 : 0))
    throw new Error("it does not accept the way of logging in");
  if (withPassword) {
    const user = Buffer.from(decodeURIComponent(proxy.username));
    const password = Buffer.from(decodeURIComponent(proxy.password));
    socket.write(
      Buffer.concat([
        Buffer.from([1, user.length]),
        user,
        Buffer.from([password.length]),
        password,
      ]),
    );
    const [, verdict] = await read(socket, 2);
    if (verdict !== 0) throw new Error("it refused the user name or password");
  }
  const host = Buffer.from(target.host);
  const port = Buffer.from([target.port >> 8, target.port & 255]);
  socket.write(Buffer.concat([Buffer.from([5, 1, 0, 3, host.length]), host, port]));
  const [, verdict, , kind = 0] = await read(socket, 4);
  if (verdict !== 0)
    throw new Error(`it refused the connection to ${target.host}:${target.port} (code ${verdict})`);
  const addressLength = kind === 1 ? 4 : kind === 4 ? 16 : ((await read(socket, 1))[0] ?? 0);
  await read(socket, addressLength + 2);
}

/** Exactly that many bytes; what comes after them stays in the socket. */
async function read(socket: Socket, length: number): Promise<Buffer> {
  for (;;) {
    const bytes: Buffer | null = socket.read(length);
    if (bytes !== null) return bytes;
    if (socket.readableEnded || socket.destroyed) throw new Error("it hung up");
    await once(socket, "readable");
  }
}

function once(socket: Socket, event: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = () => {
      for (const name of [event, "end", "close"]) socket.off(name, finish);
      socket.off("error", fail);
    };
    const finish = () => {
      done();
      resolve();
    };
    const fail = (error: Error) => {
      done();
      reject(error);
    };
    for (const name of [event, "end", "close"]) socket.on(name, finish);
    socket.on("error", fail);
  });
}
