import assert from "node:assert/strict";
import { type ChildProcess, execFile, execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { applySettings, readSettings } from "../../cli/step/harbor/settings";
import type { HarborConfiguration } from "../../site/platform/registry-types";
import { TestHarbor } from "../support/harbor";
import { program } from "./support/programs";

const MIB = 1024 ** 2;

/** As Sitewright sets Harbor up, with a quota that the second image does not fit into. */
const wanted: HarborConfiguration = {
  projects: {
    builds: { public: false, quotaGiB: "unlimited", immutable: { "**:release-*": "immutable" } },
    tools: { public: true, quotaGiB: 1, immutable: {} },
  },
  robots: {
    ci: { access: { builds: "pull, push", tools: "pull, push" }, days: "never", enabled: true },
    viewer: { access: { tools: "pull" }, days: "never", enabled: true },
  },
  garbageCollection: { schedule: "0 0 3 * * 6", deleteUntagged: false, workers: 1 },
  scan: { schedule: "never" },
  auditPurge: { schedule: "never" },
};
const secrets = { "robot:ci": "Journey-ci-1", "robot:viewer": "Journey-viewer-1" };

describe("Harbor's settings, with a real registry and crane", function () {
  this.timeout(60_000);
  let registry: ChildProcess;
  let harbor: TestHarbor;

  before(async () => {
    const port = await freePort();
    harbor = new TestHarbor({ registryPort: port });
    const config = join(harbor.folder, "registry.yaml");
    writeFileSync(
      config,
      `version: 0.1
log: {level: error, accesslog: {disabled: true}}
storage: {filesystem: {rootdirectory: ${harbor.folder}/images}, delete: {enabled: true}}
http: {addr: "127.0.0.1:${port}"}
`,
    );
    const command = join(program("debian-layer"), "usr/bin/docker-registry");
    registry = spawn(command, ["serve", config], {
      env: { ...process.env, OTEL_TRACES_EXPORTER: "none" },
      stdio: "ignore",
    });
    await listening(port);
    await harbor.start();
    await applySettings({
      client: harbor.client(),
      question: { operation: "apply", configuration: wanted, managed: wanted },
      secrets,
      say: () => undefined,
    });
  });

  after(async () => {
    harbor.stop();
    if (registry.exitCode === null) {
      registry.kill();
      await once(registry, "exit");
    }
  });

  /** Runs crane with a robot's login, or without one. */
  const crane = (robot: string | undefined, ...args: readonly string[]): Promise<string> => {
    const folder = join(harbor.folder, `login-${robot ?? "none"}`);
    mkdirSync(folder, { recursive: true });
    const secret = secrets[`robot:${robot}` as keyof typeof secrets];
    const auth = Buffer.from(`robot$${robot}:${secret}`).toString("base64");
    const auths = robot === undefined ? {} : { [`localhost:${harbor.port}`]: { auth } };
    writeFileSync(join(folder, "config.json"), JSON.stringify({ auths }));
    const env = { DOCKER_CONFIG: folder, SSL_CERT_FILE: harbor.certificate, HOME: folder };
    return new Promise((resolve) => {
      // Not synchronous: Harbor answers from this very process.
      execFile(program("crane"), args, { env, timeout: 30_000 }, (_error, stdout, stderr) =>
        resolve(stdout + stderr),
      );
    });
  };
  const name = (image: string) => `localhost:${harbor.port}/${image}`;
  /** Pushes an image of so many bytes that nothing can make smaller. */
  const push = (robot: string | undefined, image: string, bytes = 1000): Promise<string> => {
    const content = join(harbor.folder, "content");
    writeFileSync(content, randomBytes(bytes));
    const layer = join(harbor.folder, "layer.tar");
    execFileSync("tar", ["-cf", layer, "-C", harbor.folder, "content"]);
    return crane(robot, "append", "--new_layer", layer, "--new_tag", name(image));
  };

  it("let a robot push and pull where it may", async () => {
    assert.match(await push("ci", "builds/app:1"), /@sha256:|sha256:/);
    assert.match(await crane("ci", "digest", name("builds/app:1")), /^sha256:/);
  });

  for (const [who, robot, image, expected] of [
    ["a robot without the right to push", "viewer", "tools/app:1", /unauthorized/i],
    ["a robot in a project that it is not for", "viewer", "builds/app:2", /unauthorized/i],
    ["somebody without a login", undefined, "tools/app:1", /unauthorized/i],
    ["a robot into a project that is not there", "ci", "none/app:1", /unauthorized|not found/i],
  ] as const) {
    it(`refuse a push of ${who}`, async () => {
      assert.match(await push(robot, image), expected);
    });
  }

  it("show a public project to everyone, and a private one to nobody", async () => {
    await push("ci", "tools/app:1");
    await push("ci", "builds/app:1");
    assert.match(await crane(undefined, "digest", name("tools/app:1")), /^sha256:/);
    assert.match(await crane(undefined, "digest", name("builds/app:1")), /unauthorized/i);
    assert.match(await crane("viewer", "digest", name("builds/app:1")), /unauthorized/i);
  });

  it("keep an immutable tag as it was first pushed, and let others move", async () => {
    const digest = (tag: string) => crane("ci", "digest", name(`builds/app:${tag}`));
    await push("ci", "builds/app:release-1");
    const first = await digest("release-1");
    assert.match(await push("ci", "builds/app:release-1"), /release-1' configured as immutable/);
    assert.equal(await digest("release-1"), first);
    await push("ci", "builds/app:latest");
    const latest = await digest("latest");
    await push("ci", "builds/app:latest");
    assert.notEqual(await digest("latest"), latest);
  });

  it("refuse a push that the quota does not hold, in Harbor's words", async () => {
    const project = harbor.store.project("tools");
    await harbor.api("PUT", `/quotas/${project?.quotaId}`, { hard: { storage: 2 * MIB } });
    assert.match(
      await push("ci", "tools/big:1", 3 * MIB),
      /exceed the configured upper limit of 2\.0 MiB/,
    );
    const read = await readSettings({ client: harbor.client(), secrets }, wanted);
    assert.equal(read.projects.tools?.quotaGiB, 2 / 1024);
    await applySettings({
      client: harbor.client(),
      question: { operation: "apply", configuration: wanted, managed: wanted },
      secrets,
      say: () => undefined,
    });
    assert.match(await push("ci", "tools/big:1", 3 * MIB), /sha256:/);
  });

  it("shut a disabled robot out", async () => {
    const { viewer: _gone, ...robots } = wanted.robots;
    await applySettings({
      client: harbor.client(),
      question: { operation: "apply", configuration: { ...wanted, robots }, managed: wanted },
      secrets,
      say: () => undefined,
    });
    assert.match(await crane("viewer", "digest", name("tools/app:1")), /unauthorized/i);
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (typeof address !== "object" || address === null) throw new Error("no port");
  return address.port;
}

async function listening(port: number): Promise<void> {
  for (let turn = 0; turn < 100; turn++) {
    const socket = connect(port, "127.0.0.1");
    const open = await new Promise((resolve) => {
      socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
    });
    socket.destroy();
    if (open) return;
    await sleep(100);
  }
  throw new Error("the registry does not listen");
}
