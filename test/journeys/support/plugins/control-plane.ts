import { type ChildProcess, spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { request } from "node:https";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { program } from "../programs";

const TOKEN = "test-token";

/** A real Kubernetes control plane on loopback, with one or more pretended nodes. */
export class ControlPlane {
  /** Path of a kubeconfig for its administrator. */
  readonly kubeconfig: string;
  readonly server: string;
  /** Where kwok answers as a kubelet does; nodes name it only where a test says so. */
  kubeletPort = 0;
  readonly #folder: string;
  readonly #children = new Map<string, ChildProcess>();
  readonly #apiServer: string[];

  private constructor(folder: string, port: number, apiServer: string[]) {
    this.#folder = folder;
    this.server = `https://127.0.0.1:${port}`;
    this.kubeconfig = join(folder, "kubeconfig.yaml");
    this.#apiServer = apiServer;
  }

  /** Starts etcd, API server, controller manager, scheduler and, with `nodes`, kwok, with a configuration if one is given. */
  static async start(
    nodes: number,
    authorization: "AlwaysAllow" | "RBAC" = "AlwaysAllow",
    kwokConfig?: string,
  ): Promise<ControlPlane> {
    const folder = mkdtempSync(join(tmpdir(), "kubernetes-plugin-"));
    const [client, peer, secure] = await freePorts(3);
    writeKeys(folder);
    writeFileSync(join(folder, "tokens.csv"), `${TOKEN},admin,admin,system:masters\n`);
    const plane = new ControlPlane(folder, secure ?? 0, [
      "kube-apiserver",
      `--etcd-servers=http://127.0.0.1:${client}`,
      `--secure-port=${secure}`,
      "--bind-address=127.0.0.1",
      "--advertise-address=127.0.0.1",
      `--cert-dir=${join(folder, "certs")}`,
      `--token-auth-file=${join(folder, "tokens.csv")}`,
      `--authorization-mode=${authorization}`,
      "--service-account-issuer=https://kubernetes.default.svc",
      `--service-account-key-file=${join(folder, "sa.pub")}`,
      `--service-account-signing-key-file=${join(folder, "sa.key")}`,
      "--service-cluster-ip-range=10.99.0.0/16",
      "--endpoint-reconciler-type=none",
      "--allow-privileged=true",
    ]);
    mkdirSync(join(folder, "certs"));
    plane.#run("etcd", [
      "etcd",
      `--data-dir=${join(folder, "etcd")}`,
      `--listen-client-urls=http://127.0.0.1:${client}`,
      `--advertise-client-urls=http://127.0.0.1:${client}`,
      `--listen-peer-urls=http://127.0.0.1:${peer}`,
      "--unsafe-no-fsync=true",
    ]);
    await plane.startApiServer();
    plane.#writeKubeconfig();
    const access = [`--kubeconfig=${plane.kubeconfig}`, "--leader-elect=false", "--secure-port=0"];
    plane.#run("kube-controller-manager", [
      "kube-controller-manager",
      ...access,
      `--service-account-private-key-file=${join(folder, "sa.key")}`,
      "--node-monitor-grace-period=24h",
    ]);
    plane.#run("kube-scheduler", ["kube-scheduler", ...access]);
    if (nodes > 0) await plane.#addNodes(nodes, kwokConfig);
    return plane;
  }

  /** Starts the API server (again) and waits until it answers. */
  async startApiServer(): Promise<void> {
    this.#run("kube-apiserver", this.#apiServer);
    for (let waited = 0; waited < 60_000; waited += 200) {
      if (await answers(this.server)) return;
      await sleep(200);
    }
    throw new Error(`The API server does not come up; see ${this.#folder}/kube-apiserver.log`);
  }

  /** Ends the API server at once, as a power cut would. */
  async killApiServer(): Promise<void> {
    await kill(this.#children.get("kube-apiserver"));
  }

  /** Calls the API as its administrator, or by another token; the answer's JSON. */
  async api(
    method: string,
    path: string,
    body?: unknown,
    type = "application/json",
    token = TOKEN,
  ): Promise<unknown> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    return await new Promise((resolve, reject) => {
      const call = request(
        `${this.server}${path}`,
        {
          method,
          rejectUnauthorized: false,
          headers: {
            authorization: `Bearer ${token}`,
            ...(text === undefined ? {} : { "content-type": type }),
          },
        },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.on("data", (chunk: Buffer) => chunks.push(chunk));
          answer.on("end", () => resolve(JSON.parse(Buffer.concat(chunks).toString("utf8"))));
        },
      );
      call.on("error", reject);
      call.end(text);
    });
  }

  /** Ends every program and takes all files away. */
  async stop(): Promise<void> {
    for (const child of [...this.#children.values()].reverse()) await kill(child);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #run(name: string, args: string[], binary = program("controlplane")): void {
    const log = openSync(join(this.#folder, `${name}.log`), "a");
    this.#children.set(
      name,
      spawn(binary, args, { stdio: ["ignore", log, log], env: { ...process.env, GOGC: "60" } }),
    );
    closeSync(log);
  }

  async #addNodes(count: number, config?: string): Promise<void> {
    for (let i = 1; i <= count; i++) {
      const resources = { cpu: "8", memory: "16Gi", pods: "110", "ephemeral-storage": "50Gi" };
      await this.api("POST", "/api/v1/nodes", {
        metadata: {
          name: `node${i}`,
          labels: { "kubernetes.io/hostname": `node${i}` },
          annotations: { "kwok.x-k8s.io/node": "fake" },
        },
        status: { capacity: resources, allocatable: resources },
      });
    }
    const [port = 0] = await freePorts(1);
    this.kubeletPort = port;
    const options = [
      `--kubeconfig=${this.kubeconfig}`,
      "--manage-all-nodes=true",
      `--server-address=127.0.0.1:${port}`,
    ];
    if (config !== undefined) {
      const file = join(this.#folder, "kwok.yaml");
      writeFileSync(file, config);
      options.push(`--config=${file}`);
    }
    this.#run("kwok", options, program("kwok"));
  }

  #writeKubeconfig(): void {
    const ca = readFileSync(join(this.#folder, "certs", "apiserver.crt")).toString("base64");
    writeFileSync(
      this.kubeconfig,
      JSON.stringify({
        apiVersion: "v1",
        kind: "Config",
        "current-context": "test",
        clusters: [
          { name: "test", cluster: { server: this.server, "certificate-authority-data": ca } },
        ],
        contexts: [{ name: "test", context: { cluster: "test", user: "admin" } }],
        users: [{ name: "admin", user: { token: TOKEN } }],
      }),
    );
  }
}

/** A value somewhere inside JSON, by its path such as "spec.replicas"; undefined when missing. */
export function at(json: unknown, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], json);
}

function writeKeys(folder: string): void {
  const keys = generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
  });
  writeFileSync(join(folder, "sa.key"), keys.privateKey, { mode: 0o600 });
  writeFileSync(join(folder, "sa.pub"), keys.publicKey);
}

/** Ports that are free now, all different. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, () => {
      const server = createServer();
      return new Promise<typeof server>((resolve) =>
        server.listen(0, "127.0.0.1", () => resolve(server)),
      );
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

async function answers(server: string): Promise<boolean> {
  return await new Promise((resolve) => {
    const headers = { authorization: `Bearer ${TOKEN}` };
    const options = { rejectUnauthorized: false, timeout: 1000, headers };
    const call = request(`${server}/readyz`, options, (answer) => {
      answer.resume();
      resolve(answer.statusCode === 200);
    });
    call.on("error", () => resolve(false));
    call.on("timeout", () => call.destroy());
    call.end();
  });
}

async function kill(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await gone;
}
