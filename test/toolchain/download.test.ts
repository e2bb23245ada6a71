import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { download, type UnreachableHosts } from "../../toolchain/download";

describe("Downloading", () => {
  const folder = mkdtempSync(join(tmpdir(), "sitewright-download-"));
  const file = join(folder, "file");
  let server: { close(): unknown } | undefined;
  afterEach(() => server?.close());
  after(() => rmSync(folder, { recursive: true }));

  const listening = async (made: Server | ReturnType<typeof createTcpServer>) => {
    await new Promise<void>((done) => made.listen(0, "127.0.0.1", done));
    server = made;
    return `http://127.0.0.1:${(made.address() as AddressInfo).port}`;
  };
  const serve = (listener: RequestListener) => listening(createServer(listener));
  const options = (unreachable: UnreachableHosts = new Map()) =>
    ({ environment: {}, unreachable, answerSeconds: 5, stallSeconds: 0.15 }) as const;

  it("follows redirects and gives the digest of what came", async () => {
    const origin = await serve((request, response) => {
      if (request.url === "/a") response.writeHead(302, { location: "/b" }).end();
      else response.end("hello");
    });
    const digest = await download(`${origin}/a`, file, options());
    assert.equal(digest, "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
  });

  it("waits for a silent host once in a run, not once a file", async () => {
    let connections = 0;
    const origin = await listening(
      createTcpServer(() => {
        connections += 1;
      }),
    );
    const impatient = { ...options(), answerSeconds: 0.15 };
    await assert.rejects(download(`${origin}/a`, file, impatient), /no answer within 0\.15 s/);
    const started = performance.now();
    await assert.rejects(download(`${origin}/b`, file, impatient), /cannot be reached: no answer/);
    assert.ok(performance.now() - started < 100);
    assert.equal(connections, 1);
  });

  const faults: [title: string, listener: RequestListener, told: RegExp][] = [
    [
      "an answer that is not the file",
      (_, response) => response.writeHead(403).end("no"),
      /answered 403/,
    ],
    [
      "redirects in a circle",
      (_, response) => response.writeHead(301, { location: "/a" }).end(),
      /redirects more than 5 times/,
    ],
    [
      "a file that breaks off",
      (_, response) => {
        response.writeHead(200, { "content-length": "10" }).write("123");
        setTimeout(() => response.destroy(), 20);
      },
      /aborted|broke off/,
    ],
    [
      "a file that stalls",
      (_, response) => {
        response.writeHead(200, { "content-length": "10" }).write("123");
      },
      /no data for 0\.15 s/,
    ],
  ];
  for (const [title, listener, told] of faults) {
    it(`fails on ${title}`, async () => {
      const origin = await serve(listener);
      await assert.rejects(download(`${origin}/a`, file, options()), told);
    });
  }

  it("names a host that refuses", async () => {
    const origin = await serve(() => undefined);
    await new Promise((done) => (server as Server).close(done));
    await assert.rejects(
      download(`${origin}/a`, file, options()),
      /127\.0\.0\.1:\d+ cannot be reached: .*ECONNREFUSED/,
    );
  });
});
