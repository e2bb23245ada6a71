import { Agent, request } from "node:https";
import { parse } from "yaml";

/** A Kubernetes object as the API speaks it. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [key: string]: unknown;
}

/** The API server refused. `status` is the HTTP status. */
export class ApiRefusal extends Error {
  override readonly name = "ApiRefusal";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

interface Kubeconfig {
  readonly clusters: readonly {
    readonly cluster: { readonly "certificate-authority-data": string };
  }[];
  readonly users: readonly {
    readonly user: {
      readonly "client-certificate-data": string;
      readonly "client-key-data": string;
    };
  }[];
}

const plurals: Readonly<Record<string, string>> = { NetworkPolicy: "networkpolicies" };

/** Path of an object, or of its collection when it has no name. */
export function objectPath(object: {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name?: string; readonly namespace?: string };
}): string {
  const root = object.apiVersion.includes("/")
    ? `/apis/${object.apiVersion}`
    : `/api/${object.apiVersion}`;
  const plural = plurals[object.kind] ?? `${object.kind.toLowerCase()}s`;
  const { namespace, name } = object.metadata;
  return [
    root,
    ...(namespace === undefined ? [] : ["namespaces", namespace]),
    plural,
    ...(name === undefined ? [] : [name]),
  ].join("/");
}

/** A small client of one API server, logged in as admin.conf says. */
export class KubeApi {
  private readonly agent: Agent;
  private readonly address: string;

  /**
   * @param address Where the API server is reached, for example `192.0.2.11`.
   * @param adminConf Text of an admin.conf; its server is not used.
   */
  constructor(address: string, port: number, adminConf: string) {
    const config = parse(adminConf) as Kubeconfig;
    const decode = (text: string | undefined) => Buffer.from(text ?? "", "base64");
    this.address = `https://${address}:${port}`;
    this.agent = new Agent({
      keepAlive: true,
      ca: decode(config.clusters[0]?.cluster["certificate-authority-data"]),
      cert: decode(config.users[0]?.user["client-certificate-data"]),
      key: decode(config.users[0]?.user["client-key-data"]),
    });
  }

  close(): void {
    this.agent.destroy();
  }

  /** The object at a path, or undefined when there is none. */
  async get<T = unknown>(path: string): Promise<T | undefined> {
    const answer = await this.send("GET", path);
    if (answer.status === 404) return undefined;
    return accepted(answer) as T;
  }

  /** Makes an object or brings it to this shape by server-side apply. */
  async apply(object: KubeObject): Promise<void> {
    const path = `${objectPath(object)}?fieldManager=kubekey&force=true`;
    accepted(await this.send("PATCH", path, object, "application/apply-patch+yaml"));
  }

  /** Makes an object; false when there already is one of that name. */
  async create(object: KubeObject): Promise<boolean> {
    const { name: _, ...metadata } = object.metadata;
    const answer = await this.send("POST", objectPath({ ...object, metadata }), object);
    if (answer.status === 409) return false;
    accepted(answer);
    return true;
  }

  /** Changes what the patch names (JSON merge patch). */
  async patch(path: string, patch: unknown): Promise<void> {
    accepted(await this.send("PATCH", path, patch, "application/merge-patch+json"));
  }

  /** Writes an object's status. Kinds without a path of its own for it keep it among their other fields. */
  async patchStatus(path: string, status: unknown): Promise<void> {
    const type = "application/merge-patch+json";
    const answer = await this.send("PATCH", `${path}/status`, { status }, type);
    if (answer.status === 404) await this.patch(path, { status });
    else accepted(answer);
  }

  /** Sends any object to a path, for example an eviction. */
  async post(path: string, body: unknown): Promise<void> {
    accepted(await this.send("POST", path, body));
  }

  /** Deletes; an object that is gone already is fine. */
  async remove(path: string): Promise<void> {
    const answer = await this.send("DELETE", path);
    if (answer.status !== 404) accepted(answer);
  }

  private send(
    method: string,
    path: string,
    body?: unknown,
    contentType = "application/json",
  ): Promise<{ status: number; text: string }> {
    const payload = body === undefined ? undefined : JSON.stringify(body);
    return new Promise((resolve, reject) => {
      const outgoing = request(
        `${this.address}${path}`,
        {
          method,
          agent: this.agent,
          timeout: 30_000,
          headers: {
            accept: "application/json",
            ...(payload === undefined
              ? {}
              : { "content-type": contentType, "content-length": Buffer.byteLength(payload) }),
          },
        },
        (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
          incoming.on("error", reject);
          incoming.on("end", () =>
            resolve({
              status: incoming.statusCode ?? 0,
              text: Buffer.concat(chunks).toString("utf8"),
            }),
          );
        },
      );
      outgoing.on("timeout", () =>
        outgoing.destroy(new Error(`Get "${this.address}${path}": i/o timeout`)),
      );
      outgoing.on("error", (error) =>
        reject(new Error(`Get "${this.address}${path}": ${error.message}`)),
      );
      outgoing.end(payload);
    });
  }
}

function accepted({ status, text }: { status: number; text: string }): unknown {
  const value = JSON.parse(text || "{}") as { message?: string };
  if (status >= 200 && status < 300) return value;
  throw new ApiRefusal(status, `Error from server: ${value.message ?? `HTTP ${status}`}`);
}
