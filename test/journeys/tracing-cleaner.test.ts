import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cleanerScript } from "../../components/tracing/cleaner-script";

/** What removes old traces, by a real shell and a real curl, from what answers as Elasticsearch does. */
describe("What removes old traces", function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), "sitewright-cleaner-"));
  const login = 'traces:pass "word" \\ 1';
  let indices: string[];
  let deleted: string[];
  let logins: Set<string>;
  let server: Server;
  let url: string;

  before(async () => {
    writeFileSync(join(folder, "curl"), `user = "${login.replace(/[\\"]/g, "\\$&")}"\n`);
    server = createServer((asked, answer) => {
      logins.add(asked.headers.authorization ?? "");
      const { pathname } = new URL(asked.url ?? "", "http://localhost");
      if (asked.method === "DELETE") {
        deleted.push(pathname.slice(1));
        answer.writeHead(pathname.includes("stuck") ? 403 : 200).end("{}");
        return;
      }
      const [, prefix = ""] = /^\/_cat\/indices\/(.+)-\*$/.exec(pathname) ?? [];
      const found = indices.filter((index) => index.startsWith(`${prefix}-`));
      answer.end(found.map((index) => `${index}\n`).join(""));
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => {
    deleted = [];
    logins = new Set();
  });
  after(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const day = (ago: number) =>
    new Date(Date.now() - ago * 24 * 3600 * 1000).toISOString().slice(0, 10);

  async function clean(days: number) {
    const env = {
      PATH: process.env.PATH,
      URL: url,
      DAYS: String(days),
      PREFIXES: "jaeger-span jaeger-service",
      CURL_OPTIONS: join(folder, "curl"),
    };
    const child = spawn("sh", ["-c", cleanerScript], { env, stdio: ["ignore", "pipe", "pipe"] });
    const said: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => said.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => said.push(chunk));
    const [code] = await once(child, "close");
    return { code, said: Buffer.concat(said).toString("utf8") };
  }

  it("takes what is older than it may be, and nothing else", async () => {
    indices = [
      `jaeger-span-${day(0)}`,
      `jaeger-span-${day(7)}`,
      `jaeger-span-${day(8)}`,
      `jaeger-span-${day(400)}`,
      `jaeger-service-${day(9)}`,
      `other-span-${day(50)}`,
      "jaeger-span-write",
      "jaeger-span-000001",
    ];
    const { code, said } = await clean(7);
    assert.equal(code, 0, said);
    assert.deepEqual(deleted, [
      `jaeger-span-${day(8)}`,
      `jaeger-span-${day(400)}`,
      `jaeger-service-${day(9)}`,
    ]);
    assert.match(said, new RegExp(`removed jaeger-span-${day(8)}`));
    assert.deepEqual([...logins], [`Basic ${Buffer.from(login).toString("base64")}`]);
  });

  it("has nothing to do where there is nothing", async () => {
    indices = [];
    assert.equal((await clean(7)).code, 0);
    assert.deepEqual(deleted, []);
  });

  it("fails, for its Job to be seen failing, when it is refused", async () => {
    indices = [`jaeger-span-stuck-${day(30)}`];
    const { code, said } = await clean(7);
    assert.notEqual(code, 0);
    assert.match(said, /403/);
  });
});
