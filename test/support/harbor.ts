import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { Agent, request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ApiAnswer, ApiQuestion } from "../../cli/step/api-client";
import { type AskHarbor, HarborClient } from "../../cli/step/harbor/client";
import { harborServer } from "../../rehearsal/kubekey/harbor/server";
import { type HarborRelease, Store } from "../../rehearsal/kubekey/harbor/store";

export const adminPassword = "Secret-1";

export interface TestHarborOptions {
  /** Port of a real registry; without one a stand-in takes every push. */
  readonly registryPort?: number;
  readonly password?: string;
  /** Default: a recent one. */
  readonly release?: HarborRelease;
}

/** The rehearsal's Harbor on this machine's loopback. */
export class TestHarbor {
  readonly folder = mkdtempSync(join(tmpdir(), "sitewright-harbor-"));
  readonly certificate = join(this.folder, "cert.pem");
  readonly stateFile = join(this.folder, "harbor.json");
  /** What reached the registry behind it; the journeys have a real one there. */
  readonly seen: string[] = [];
  /** Every question that was asked, as `POST /api/v2.0/robots`. */
  readonly asked: string[] = [];
  store: Store;
  private server: Server | undefined;
  private registry: Server | undefined;
  private readonly options: TestHarborOptions;

  constructor(options: TestHarborOptions = {}) {
    this.options = options;
    const { password = adminPassword, release = "2.15" } = options;
    this.store = new Store(this.stateFile, password, release);
  }

  async start(): Promise<void> {
    const key = join(this.folder, "key.pem");
    execFileSync(
      "openssl",
      [
        ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
        ...["-subj", "/CN=harbor", "-addext", "subjectAltName=DNS:harbor,DNS:localhost"],
        ...["-keyout", key, "-out", this.certificate],
      ],
      { stdio: "pipe" },
    );
    let registryPort = this.options.registryPort;
    if (registryPort === undefined) {
      this.registry = createServer((incoming, outgoing) => {
        this.seen.push(`${incoming.method} ${incoming.url}`);
        incoming.resume();
        const there = incoming.method === "HEAD";
        outgoing.writeHead(there ? 200 : 201, { "docker-content-digest": "sha256:0" }).end();
      });
      await once(this.registry.listen(0, "127.0.0.1"), "listening");
      registryPort = portOf(this.registry);
    }
    this.server = harborServer({
      ...{ certificate: this.certificate, key, registryPort, registryPassword: "inner" },
      ...{ store: this.store, lockMs: 50 },
    });
    await once(this.server.listen(0, "127.0.0.1"), "listening");
  }

  get port(): number {
    return portOf(this.server);
  }

  /** Connections are kept: hundreds of questions would else spend their time on greetings. */
  private readonly agent = new Agent({ keepAlive: true });

  readonly ask: AskHarbor = ({ method, path, body }, login) => {
    this.asked.push(`${method} ${path}`);
    const text = body === undefined ? "" : JSON.stringify(body);
    const authorization = `Basic ${Buffer.from(login).toString("base64")}`;
    return new Promise((resolve, reject) => {
      const asked = request(
        {
          ...{ host: "127.0.0.1", port: this.port, method, path, agent: this.agent },
          ...{ ca: readFileSync(this.certificate), servername: "harbor" },
          headers: {
            ...(login !== "" && { authorization }),
            ...(text !== "" && { "content-length": Buffer.byteLength(text) }),
          },
        },
        (answer) => {
          answer.setEncoding("utf8");
          let said = "";
          answer.on("data", (part: string) => {
            said += part;
          });
          answer.on("end", () => resolve({ status: answer.statusCode ?? 0, body: said }));
        },
      );
      asked.on("error", reject);
      asked.end(text);
    });
  };

  /** As the administrator, below /api/v2.0. */
  api(method: ApiQuestion["method"], path: string, body?: unknown): Promise<ApiAnswer> {
    return this.ask(
      { method, path: `/api/v2.0${path}`, ...(body !== undefined && { body }) },
      this.admin,
    );
  }

  get admin(): string {
    return `admin:${this.options.password ?? adminPassword}`;
  }

  client(): HarborClient {
    return new HarborClient(this.ask, this.options.password ?? adminPassword);
  }

  /** The certificate that its own is signed by. */
  authority(): string {
    return readFileSync(this.certificate, "utf8").trim();
  }

  stop(): void {
    this.agent.destroy();
    for (const server of [this.server, this.registry]) {
      server?.close();
      server?.closeAllConnections();
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function portOf(server: Server | undefined): number {
  const address = server?.address();
  if (typeof address !== "object" || address === null) throw new Error("it is not started");
  return address.port;
}
