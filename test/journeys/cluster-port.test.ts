import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { buffer } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { stringify } from "yaml";
import { withPort } from "../../cli/cluster-port/cluster-port";
import { RunError } from "../../site/run-error";
import { at, ControlPlane, freePorts } from "./support/plugins/control-plane";
import { accessOf, answeredBy } from "./support/workloads";

/**
 * A real API server forwards to kwok, which plays the kubelets and dials programs of this test in place of containers.
 * Every byte goes the way it goes on a site, but for the last hop into a container.
 */
describe("A port in the cluster", function () {
  this.timeout(180_000);
  let plane: ControlPlane;
  let access: ReturnType<typeof accessOf>["access"];
  let stranger: ReturnType<typeof accessOf>["access"];
  const servers: Server[] = [];
  const open = new Set<Socket>();

  /** A server on loopback; returns its port. */
  async function serving(onSocket: (socket: Socket) => void): Promise<number> {
    const server = createServer((socket) => {
      open.add(socket);
      socket.on("close", () => open.delete(socket));
      socket.on("error", () => socket.destroy());
      onSocket(socket);
    });
    servers.push(server);
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return (server.address() as AddressInfo).port;
  }

  before(async () => {
    const echo = await serving((socket) => socket.pipe(socket));
    const silent = await serving(() => {});
    const [nobody] = await freePorts(1);
    const target = (port: number | undefined) => ({ target: { address: "127.0.0.1", port } });
    const forwards = [
      { ports: [8080], ...target(echo) },
      { ports: [8081], ...target(silent) },
      { ports: [8082], ...target(nobody) },
    ];
    const config = {
      apiVersion: "kwok.x-k8s.io/v1alpha1",
      kind: "ClusterPortForward",
      metadata: { name: "parcels" },
      spec: { selector: { matchNamespaces: ["parcels"] }, forwards },
    };
    plane = await ControlPlane.start(2, "RBAC", stringify(config));
    ({ access } = accessOf(plane));
    await answeredBy(plane, "node1", plane.kubeletPort);
    await answeredBy(plane, "node2");
    await plane.api("POST", "/api/v1/namespaces", { metadata: { name: "parcels" } });
    const ports = [
      { name: "echo", port: 80, targetPort: "web" },
      { name: "silent", port: 81, targetPort: 8081 },
      { name: "nobody", port: 82, targetPort: 8082 },
      { name: "unnamed", port: 83, targetPort: "none" },
    ];
    await service("api", { app: "api" }, ports);
    await service("away", { app: "away" }, ports);
    await service("empty", { app: "empty" }, ports);
    await pod("api-1", "api", "node1");
    await pod("away-1", "away", "node2");
    for (const name of ["api-1", "away-1"]) await ready(name);
    await plane.api("POST", "/apis/rbac.authorization.k8s.io/v1/clusterroles", {
      metadata: { name: "looks-only" },
      rules: [{ apiGroups: [""], resources: ["services", "pods"], verbs: ["get", "list"] }],
    });
    await plane.api("POST", "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings", {
      metadata: { name: "looks-only" },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "looks-only" },
      subjects: [{ kind: "ServiceAccount", name: "default", namespace: "parcels" }],
    });
    const path = "/api/v1/namespaces/parcels/serviceaccounts/default/token";
    let token: unknown;
    while (token === undefined) {
      token = at(await plane.api("POST", path, { spec: {} }), "status.token");
      if (token === undefined) await sleep(100);
    }
    stranger = accessOf(plane, String(token)).access;
  });
  after(async () => {
    for (const socket of open) socket.destroy();
    for (const server of servers) server.close();
    await plane?.stop();
  });

  async function service(name: string, selector: object, ports: object[]): Promise<void> {
    const answer = await plane.api("POST", "/api/v1/namespaces/parcels/services", {
      metadata: { name },
      spec: { selector, ports },
    });
    assert.equal(at(answer, "kind"), "Service", JSON.stringify(answer));
  }

  async function pod(name: string, app: string, nodeName: string): Promise<void> {
    const ports = [{ name: "web", containerPort: 8080 }];
    const answer = await plane.api("POST", "/api/v1/namespaces/parcels/pods", {
      metadata: { name, labels: { app } },
      spec: {
        nodeName,
        automountServiceAccountToken: false,
        containers: [{ name: "app", image: "app:1", ports }],
      },
    });
    assert.equal(at(answer, "kind"), "Pod", JSON.stringify(answer));
  }

  async function ready(name: string): Promise<void> {
    for (let tries = 0; tries < 200; tries++) {
      const found = await plane.api("GET", `/api/v1/namespaces/parcels/pods/${name}`);
      if (/"type":"Ready","status":"True"|"Ready".*"status":"True"/.test(JSON.stringify(found)))
        return;
      await sleep(100);
    }
    throw new Error(`${name} does not become ready`);
  }

  const to = (service: string, port: number) => ({ namespace: "parcels", service, port });
  const dial = (url: string) => connect(Number(new URL(url).port), "127.0.0.1");

  /** Sends bytes, and waits for as many to come back. */
  async function echoed(url: string, bytes: Buffer): Promise<Buffer> {
    const socket = dial(url);
    const chunks: Buffer[] = [];
    let count = 0;
    const all = new Promise<void>((resolve, reject) => {
      socket.on("data", (chunk: Buffer) => {
        chunks.push(chunk);
        count += chunk.length;
        if (count >= bytes.length) resolve();
      });
      socket.on("error", reject);
      socket.on("close", () => reject(new Error(`ended after ${count} bytes`)));
    });
    socket.write(bytes);
    await all;
    socket.destroy();
    return Buffer.concat(chunks);
  }
  const sha = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

  it("takes bytes both ways, twenty connections at once, none mixed with another", async () => {
    const found = await withPort(access, to("api", 80), async (url) => {
      assert.match(url, /^http:\/\/127\.0\.0\.1:\d+$/);
      const all = Array.from({ length: 20 }, (_, index) => randomBytes(1 + index * 50_000));
      const back = await Promise.all(all.map((bytes) => echoed(url, bytes)));
      assert.deepEqual(back.map(sha), all.map(sha));
      return back.length;
    });
    assert.equal(found, 20);
  });

  it("waits for a slow reader, and loses nothing", async () => {
    await withPort(access, to("api", 80), async (url) => {
      const bytes = randomBytes(16_000_000);
      const socket = dial(url);
      socket.pause();
      socket.write(bytes);
      await sleep(1500);
      let count = 0;
      const hash = createHash("sha256");
      for await (const chunk of socket) {
        hash.update(chunk);
        count += chunk.length;
        if (count === bytes.length) break;
      }
      assert.equal(hash.digest("hex"), sha(bytes));
    });
  });

  /** The same login; connections to the API server that are open are kept count of. */
  function counted() {
    const raw = new Set<Duplex>();
    const dial = async () => {
      const socket = await access.dial();
      raw.add(socket);
      socket.on("close", () => raw.delete(socket));
      return socket;
    };
    return { raw, access: { ...access, dial } };
  }

  it("lets go of the far side with the near one, and of everything with the work", async () => {
    const { raw, access } = counted();
    let left: Socket | undefined;
    let port = 0;
    await withPort(access, to("api", 81), async (url) => {
      port = Number(new URL(url).port);
      left = dial(url);
      left.on("error", () => {});
      const short = dial(url);
      await eventually(() => raw.size === 2);
      short.destroy();
      await eventually(() => raw.size === 1);
    });
    await eventually(() => raw.size === 0 && left?.destroyed === true);
    const [refused] = await once(connect(port, "127.0.0.1"), "error");
    assert.equal(refused.code, "ECONNREFUSED");
  });

  it("closes when the work fails, and hands its error on", async () => {
    const { raw, access } = counted();
    const own = new Error("own");
    await assert.rejects(
      withPort(access, to("api", 81), async (url) => {
        dial(url).on("error", () => {});
        await eventually(() => raw.size === 1);
        throw own;
      }),
      own,
    );
    await eventually(() => raw.size === 0);
  });

  it("listens on loopback only", async () => {
    await withPort(access, to("api", 80), async (url) => {
      const port = Number(new URL(url).port).toString(16).toUpperCase().padStart(4, "0");
      const lines = ["tcp", "tcp6"].flatMap((file) =>
        readFileSync(`/proc/net/${file}`, "utf8").split("\n"),
      );
      const listening = lines.filter((line) => line.includes(`:${port} `) && / 0A /.test(line));
      assert.equal(listening.length, 1);
      assert.match(listening[0] ?? "", / 0100007F:/);
    });
  });

  const refusals = [
    [
      "a Service that is not there",
      to("none", 80),
      /no Service none in parcels[\s\S]*deploy the site/,
    ],
    ["a port that it has not", to("api", 99), /has no port 99, its ports: 80, 81, 82, 83/],
    [
      "a Service without Pods",
      to("empty", 80),
      /no Pod of empty in parcels is ready: there is none/,
    ],
    ["a name that no container gives", to("api", 83), /leads to a port none, and Pod api-1/],
  ] as const;
  for (const [what, wanted, said] of refusals) {
    it(`is refused before any work for ${what}`, async () => {
      const work = () => Promise.reject(new Error("called"));
      await assert.rejects(withPort(access, wanted, work), (error: Error) => {
        assert.ok(error instanceof RunError);
        assert.match(error.message, said);
        assert.match(error.message, /\n {2}next: /);
        return true;
      });
    });
  }

  const faults = [
    ["nothing listens on", () => access, to("api", 82), /nothing answers on port 8082 of api-1/],
    ["a silent kubelet keeps", () => access, to("away", 80), /the kubelet of node2.*not answer/],
    ["the login may not forward", () => stranger, to("api", 80), /this login may not forward/],
  ] as const;
  for (const [what, login, wanted, said] of faults) {
    it(`that ${what} says so in place of a broken connection`, async () => {
      const work = (url: string) => fetch(url).then((answer) => answer.text());
      await assert.rejects(withPort(login(), wanted, work), (error: Error) => {
        assert.ok(error instanceof RunError, error.stack);
        assert.match(error.message, said);
        assert.match(error.message, /\n {2}next: /);
        return true;
      });
    });
  }

  it("is found again in another Pod once the first has gone", async () => {
    await pod("api-2", "api", "node1");
    await ready("api-2");
    await withPort(access, to("api", 80), async (url) => {
      assert.equal((await echoed(url, Buffer.from("one"))).toString(), "one");
      await plane.api("DELETE", "/api/v1/namespaces/parcels/pods/api-1", {
        gracePeriodSeconds: 0,
      });
      await eventually(async () => {
        const back = await echoed(url, Buffer.from("two")).catch(() => undefined);
        return back?.toString() === "two";
      });
    });
  });

  it("says that the way broke when the API server is killed under it", async () => {
    await assert.rejects(
      withPort(access, to("api", 80), async (url) => {
        const socket = dial(url);
        socket.write("a");
        await once(socket, "data");
        const rest = buffer(socket);
        rest.catch(() => {});
        await plane.killApiServer();
        await rest;
        throw new Error("the connection ended as if all were well");
      }),
      /the way through the API server to port 8080 of api-2 broke/,
    );
    await plane.startApiServer();
  });
});

async function eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 150; tries++) {
    if (await holds()) return;
    await sleep(100);
  }
  throw new Error("did not come to hold");
}
