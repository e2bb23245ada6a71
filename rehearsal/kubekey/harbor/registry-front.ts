import { type IncomingMessage, request, type ServerResponse } from "node:http";
import type { Access, Caller } from "./access";
import { ruleMatches } from "./pattern";
import { refuse } from "./reply";
import { type ProjectRecord, type Store, usedBytes } from "./store";

/** The registry behind the front, on this host's loopback, and its own login. */
export interface InnerRegistry {
  readonly port: number;
  readonly authorization: string;
}

/** What a path below /v2/ speaks of. */
export interface RegistryPath {
  readonly repository: string;
  readonly kind: "manifests" | "blobs" | "tags";
  /** Tag, digest, or what follows `blobs/uploads/`. */
  readonly reference: string;
}

export function registryPath(path: string): RegistryPath | undefined {
  const match = /^\/v2\/(.+)\/(manifests|blobs|tags)\/(.*)$/.exec(path);
  const [, repository = "", kind = "", reference = ""] = match ?? [];
  return match === null ? undefined : { repository, kind: kind as RegistryPath["kind"], reference };
}

/** What a request needs to be allowed. */
export function actionOf(method: string): "pull" | "push" | "delete" {
  if (method === "DELETE") return "delete";
  return ["GET", "HEAD", "OPTIONS"].includes(method) ? "pull" : "push";
}

/** Image requests: who may, what fits into the quota, which tags stay; the rest is the real registry's. */
export class RegistryFront {
  private readonly store: Store;
  private readonly access: Access;
  private readonly inner: InnerRegistry;
  /** Bytes of unfinished uploads by their number. */
  private readonly uploads = new Map<string, number>();

  constructor(store: Store, access: Access, inner: InnerRegistry) {
    this.store = store;
    this.access = access;
    this.inner = inner;
  }

  async answer(
    caller: Caller,
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    url: URL,
  ): Promise<void> {
    const path = registryPath(url.pathname);
    const method = incoming.method ?? "GET";
    const action = actionOf(method);
    if (path === undefined) {
      const known = caller.kind === "admin" || caller.kind === "robot" || caller.kind === "token";
      return known ? this.passOn(incoming, outgoing, url) : this.challenge(incoming, outgoing, []);
    }
    const project = this.store.project(path.repository.split("/")[0]);
    const silent = incoming.headers.authorization === undefined;
    // Everyone is asked for a login first, also where none is needed.
    if (silent) return this.challenge(incoming, outgoing, [`${path.repository}:${action}`]);
    if (project === undefined && caller.kind !== "wrong") {
      const name = path.repository.split("/")[0];
      return refuse(outgoing, 401, `project ${name} not found: project ${name} not found`);
    }
    if (project === undefined || !this.access.may(caller, action, path.repository)) {
      incoming.resume();
      return this.challenge(incoming, outgoing, [`${path.repository}:${action}`]);
    }
    if (path.kind === "manifests" && action !== "pull") {
      return this.manifest(project, path, incoming, outgoing, url);
    }
    if (path.kind === "blobs" && action === "push") {
      return this.blob(project, path, incoming, outgoing, url);
    }
    return this.passOn(incoming, outgoing, url);
  }

  /** Those who sent no login are shown where to get a token, the others that theirs does not do. */
  private challenge(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    [scope]: readonly string[],
  ): void {
    const host = incoming.headers.host ?? "";
    const bearer = `Bearer realm="https://${host}/service/token",service="harbor-registry"`;
    const told = scope === undefined ? bearer : `${bearer},scope="repository:${scope}"`;
    const silent = incoming.headers.authorization === undefined;
    const [repository, action] = scope?.split(":") ?? [];
    const message =
      repository === undefined
        ? "unauthorized"
        : `unauthorized to access repository: ${repository}, action: ${action}`;
    refuse(outgoing, 401, message, "UNAUTHORIZED", {
      "docker-distribution-api-version": "registry/2.0",
      "www-authenticate": silent ? told : 'Basic realm="harbor"',
    });
  }

  private async manifest(
    project: ProjectRecord,
    path: RegistryPath,
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    url: URL,
  ): Promise<void> {
    const { repository, reference } = path;
    const within = repository.slice(repository.indexOf("/") + 1);
    const immutable = this.store.data.immutable.some(
      ({ projectId, rule }) => projectId === project.id && ruleMatches(rule, within, reference),
    );
    if (immutable && !reference.includes(":") && (await this.exists(url.pathname))) {
      incoming.resume();
      const why = `Failed to process request due to '${within}:${reference}' configured as immutable.`;
      return refuse(outgoing, 412, why, "PRECONDITION");
    }
    const size = Number(incoming.headers["content-length"] ?? 0);
    if (incoming.method === "PUT" && this.overflows(project, size, incoming, outgoing)) return;
    return this.passOn(incoming, outgoing, url, (status, headers) => {
      if (status !== 201) return;
      this.keep(project, String(headers["docker-content-digest"]), size);
    });
  }

  private blob(
    project: ProjectRecord,
    path: RegistryPath,
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    url: URL,
  ): void {
    // A blob of another repository is not taken over, which every client understands: it uploads it then.
    url.searchParams.delete("mount");
    url.searchParams.delete("from");
    const upload = path.reference.slice("uploads/".length);
    const before = this.uploads.get(upload) ?? 0;
    const digest = url.searchParams.get("digest");
    if (incoming.method !== "PUT" && digest === null) {
      let bytes = 0;
      incoming.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
      });
      this.passOn(incoming, outgoing, url, (status) => {
        if (status === 202 && incoming.method === "PATCH") this.uploads.set(upload, before + bytes);
      });
      return;
    }
    const size = before + Number(incoming.headers["content-length"] ?? 0);
    const known = project.blobs[digest ?? ""] !== undefined;
    if (!known && this.overflows(project, size, incoming, outgoing)) return;
    this.passOn(incoming, outgoing, url, (status) => {
      if (status !== 201) return;
      this.uploads.delete(upload);
      if (!known) this.keep(project, digest ?? "", size);
    });
  }

  private keep(project: ProjectRecord, digest: string, size: number): void {
    if (project.blobs[digest] === size) return;
    project.blobs[digest] = size;
    this.store.save();
  }

  private overflows(
    project: ProjectRecord,
    size: number,
    incoming: IncomingMessage,
    outgoing: ServerResponse,
  ): boolean {
    const used = usedBytes(project);
    if (project.limit === -1 || used + size <= project.limit) return false;
    incoming.resume();
    const why = `adding ${shown(size)} of storage resource, which when updated to current usage of ${shown(used)} will exceed the configured upper limit of ${shown(project.limit)}.`;
    refuse(outgoing, 403, why, "DENIED");
    return true;
  }

  private exists(path: string): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const { port, authorization } = this.inner;
      const accept =
        "*/*, application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json, application/vnd.docker.distribution.manifest.list.v2+json";
      const asked = request(
        { host: "127.0.0.1", port, method: "HEAD", path, headers: { authorization, accept } },
        (answer) => {
          answer.resume();
          resolve(answer.statusCode === 200);
        },
      );
      asked.on("error", reject);
      asked.end();
    });
  }

  private passOn(
    incoming: IncomingMessage,
    outgoing: ServerResponse,
    url: URL,
    seen: (status: number, headers: IncomingMessage["headers"]) => void = () => undefined,
  ): void {
    const { port, authorization } = this.inner;
    const inner = request(
      {
        host: "127.0.0.1",
        port,
        method: incoming.method,
        path: `${url.pathname}${url.search}`,
        headers: { ...incoming.headers, authorization, "x-forwarded-proto": "https" },
      },
      (answer) => {
        const status = answer.statusCode ?? 502;
        // Before the answer goes out: whoever has it may ask what changed.
        seen(status, answer.headers);
        outgoing.writeHead(status, answer.headers);
        answer.on("error", () => outgoing.destroy());
        answer.pipe(outgoing);
      },
    );
    inner.on("error", (error) => {
      if (outgoing.headersSent) outgoing.destroy();
      else refuse(outgoing, 502, `the registry behind Harbor: ${error.message}`);
    });
    outgoing.on("close", () => {
      // Whoever pushed is gone: the registry must not wait for the rest.
      if (!outgoing.writableFinished) inner.destroy();
    });
    incoming.pipe(inner);
  }
}

/** Bytes as Harbor writes them. */
export function shown(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const power = Math.min(5, Math.floor(Math.log2(bytes) / 10));
  return `${(bytes / 1024 ** power).toFixed(1)} ${"KMGTP".charAt(power - 1)}iB`;
}
