import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { PassThrough, Readable, type Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { inParallel } from "../../cli/parallel";
import type { Asked } from "../../cli/workloads/chosen";
import { type LogsOptions, printLogs } from "../../cli/workloads/logs";
import { statusText } from "../../cli/workloads/report";
import { enterPod, type ShellOptions } from "../../cli/workloads/shell";
import type { Wanted, WorkloadStatus } from "../../cli/workloads/status";
import { readStatuses } from "../../cli/workloads/status-command";
import { Kubelet } from "./support/kubelet/kubelet";
import { ControlPlane } from "./support/plugins/control-plane";
import { accessOf, answeredBy, start, startPod } from "./support/workloads";

/**
 * A real API server with its controllers and scheduler; kwok says that Pods run. One node's kubelet is a server of ours
 * that runs commands as processes, so logs and shells go their whole way; another's does not answer.
 */
describe("Workloads of a cluster", function () {
  this.timeout(180_000);
  let plane: ControlPlane;
  let kubelet: Kubelet;
  let access: ReturnType<typeof accessOf>["access"];
  let dialled: ReturnType<typeof accessOf>["dialled"];

  const says = new Map([
    ["parcels/talk-1/talk", "one\ntwo\nthree\n"],
    ["parcels/talk-2/talk", "\u001b[31mrouge\u001b[0m\nété\n"],
  ]);

  before(async () => {
    plane = await ControlPlane.start(3);
    ({ access, dialled } = accessOf(plane));
    const certs = join(dirname(plane.kubeconfig), "certs");
    const [cert, key] = ["apiserver.crt", "apiserver.key"].map((file) =>
      readFileSync(join(certs, file)),
    );
    assert.ok(cert && key);
    kubelet = await Kubelet.start(cert, key, says);
    for (const name of ["parcels", "full"])
      await plane.api("POST", "/api/v1/namespaces", { metadata: { name } });
    await answeredBy(plane, "node1", kubelet.port);
    await answeredBy(plane, "node2");
    await answeredBy(plane, "node3");
  });
  after(async () => {
    await kubelet?.stop();
    await plane?.stop();
  });

  const image = (letter: string) => `registry.test/app:1@sha256:${letter.repeat(64)}`;
  const wanted = (name: string, more: Partial<Wanted> = {}): Wanted => ({
    namespace: "parcels",
    name,
    kind: "Deployment",
    version: "1",
    image: image("a"),
    replicas: 1,
    ...more,
  });
  const statuses = (workloads: readonly Wanted[]) =>
    readStatuses(access, { blueprint: { workloads }, release: { product: "parcels" } } as never);
  const states = (found: readonly WorkloadStatus[]) =>
    Object.fromEntries(
      found.map(({ name, state, pods }) => [name, `${state} ${pods.ready}/${pods.wanted}`]),
    );

  it("are told of by one list of each kind, a canary below its own", async () => {
    const all = [
      wanted("agent", { kind: "DaemonSet" }),
      wanted("api", { replicas: 3 }),
      wanted("clean-up", { kind: "CronJob", schedule: "30 2 * * *" }),
      wanted("db", { kind: "StatefulSet", replicas: 2 }),
      wanted("migrate", { kind: "Job" }),
    ];
    for (const workload of all) await start(plane, workload);
    await start(plane, wanted("api", { image: image("c"), version: "2" }), { canary: true });
    await eventually(async () => {
      assert.deepEqual(states(await statuses(all)), {
        agent: "ready 3/3",
        api: "ready 3/3",
        "api-canary": "ready 1/1",
        "clean-up": "ready 0/0",
        db: "ready 2/2",
        migrate: "ready 1/1",
      });
    });
    const before = dialled.times;
    const found = await statuses(all);
    assert.equal(dialled.times - before, 6, "Pods and five kinds");
    const canary = found.find(({ canary }) => canary);
    assert.deepEqual([canary?.version.running, canary?.pods.names.length], [["2"], 1]);

    // What nodes say that they run, and a release that says something else.
    const [pod] = found.find(({ name }) => name === "db")?.pods.names ?? [];
    const containerStatuses = [
      { name: "db", ready: true, restartCount: 2, image: "x", imageID: image("b") },
    ];
    const path = `/api/v1/namespaces/parcels/pods/${pod}/status`;
    await plane.api(
      "PATCH",
      path,
      { status: { containerStatuses } },
      "application/strategic-merge-patch+json",
    );
    const later = await statuses(
      all.map((one) => (one.name === "api" ? { ...one, replicas: 5, version: "3" } : one)),
    );
    const text = statusText(later, {
      site: "s",
      release: "r",
      now: new Date(),
      paint: (_, line) => line,
      columns: 160,
    }).join("\n");
    assert.match(text, /parcels\/db +StatefulSet +1 +2\/2 +2 +bbbbbbbbbbbb, not aaaaaaaaaaaa/);
    assert.match(text, /runs 1; the site's file says 3/);
    assert.match(text, /the cluster was told 3 Pods; the site's file says 5/);
  });

  it("that are not ready say why, in the words of scheduler and API server", async () => {
    await plane.api("POST", "/api/v1/namespaces/full/resourcequotas", {
      metadata: { name: "none" },
      spec: { hard: { pods: "0" } },
    });
    await eventually(async () => {
      const quota = await plane.api("GET", "/api/v1/namespaces/full/resourcequotas/none");
      assert.match(JSON.stringify(quota), /"used":\{"pods":"0"\}/);
    });
    const all = [
      wanted("nowhere"),
      wanted("crowded", { namespace: "full" }),
      wanted("crowded-set", { namespace: "full", kind: "StatefulSet" }),
      wanted("absent"),
    ];
    await start(plane, all[0] as Wanted, { spec: { nodeSelector: { disk: "gold" } } });
    await start(plane, all[1] as Wanted);
    await start(plane, all[2] as Wanted);
    await eventually(async () => {
      const found = await statuses(all);
      const whys = Object.fromEntries(
        found.map(({ name, troubles }) => [name, troubles.map(({ why }) => why).join("; ")]),
      );
      assert.match(
        whys.nowhere ?? "",
        /^Unschedulable: 0\/3 nodes are available: 3 node\(s\) didn't match Pod's node affinity/,
      );
      assert.match(
        whys.crowded ?? "",
        /^FailedCreate: pods "crowded-\S+" is forbidden: exceeded quota: none/,
      );
      assert.match(
        whys["crowded-set"] ?? "",
        /FailedCreate: create Pod crowded-set-0 .* exceeded quota/,
      );
      assert.equal(whys.absent, "there is no Deployment absent in parcels");
    });
  });

  it("are told of as quickly where there are three hundred", async () => {
    const runs = { kind: "CronJob", schedule: "0 0 31 12 *" } as const;
    const many = Array.from({ length: 300 }, (_, index) => wanted(`many-${index}`, runs));
    await inParallel(many, 8, (workload) => start(plane, workload));
    const before = dialled.times;
    const began = performance.now();
    const found = await statuses(many);
    assert.equal(found.filter(({ state, runs }) => state === "ready" && runs).length, 300);
    assert.equal(dialled.times - before, 3, "Pods, CronJobs and their Jobs");
    assert.ok(performance.now() - began < 5000, `${performance.now() - began} ms`);
  });

  const talk = wanted("talk");
  const asked = (workload: Wanted): Asked => ({ site: "site-t", product: "parcels", workload });

  async function logs(
    workload: Wanted,
    options: Partial<LogsOptions> = {},
    isTTY = false,
  ): Promise<string> {
    let said = "";
    const stdout = { isTTY, write: (text: string) => (said += text) };
    const all = { previous: false, follow: false, tailLines: 100, ...options };
    await printLogs(access, asked(workload), all, { stdout, env: { NO_COLOR: "1" } });
    return said;
  }

  it("say what their Pods say, behind the Pod's name where there are several", async () => {
    await startPod(plane, talk, "talk-1", "node1");
    assert.equal(await logs(talk), "one\ntwo\nthree\n");
    await startPod(plane, talk, "talk-2", "node1");
    const red = "\u001b[31mrouge\u001b[0m";
    const both = `talk-1 | two\ntalk-1 | three\ntalk-2 | ${red}\ntalk-2 | été\n`;
    assert.equal(await logs(talk, { tailLines: 2 }), both);
    assert.equal(await logs(talk, { pod: "talk-2", sinceSeconds: 60 }, true), `${red}\nété\n`);
    assert.match(kubelet.asked.at(-1) ?? "", /talk-2\/talk\?sinceSeconds=60&tailLines=100/);
    await assert.rejects(logs(talk, { previous: true, pod: "talk-1" }), /has not been restarted/);
    await assert.rejects(
      logs(talk, { pod: "talk-9" }),
      /no Pod "talk-9"\n {2}next: its Pods are talk-1, talk-2/,
    );
    await assert.rejects(logs(talk, { container: "proxy" }), /its containers are talk/);
    await assert.rejects(logs(wanted("silence")), /has no Pods now/);
  });

  it("are followed until each has nothing more to say", async () => {
    const reading = logs(talk, { follow: true, tailLines: 1 });
    await eventually(async () => assert.equal(kubelet.followers.length, 2));
    kubelet.followers[0]?.write("more, in two ");
    kubelet.followers[0]?.end("pieces\n");
    kubelet.followers[1]?.end("last");
    const lines = (await reading).split("\n").sort();
    assert.equal(lines.length, 5);
    assert.ok(
      lines.some((line) => / \| more, in two pieces$/.test(line)),
      lines.join(),
    );
    assert.ok(
      lines.some((line) => / \| last$/.test(line)),
      lines.join(),
    );
  });

  it("of a node that does not answer are not waited for, and the others are still read", async () => {
    const mute = wanted("mute");
    await startPod(plane, mute, "mute-1", "node2");
    await assert.rejects(
      logs(mute),
      /the kubelet of node2, where mute-1 is, does not answer.*systemctl status kubelet/s,
    );
    await startPod(plane, talk, "talk-3", "node2");
    let said = "";
    const stdout = { write: (text: string) => (said += text) };
    const all = { previous: false, follow: false, tailLines: 1 };
    await assert.rejects(
      printLogs(access, asked(talk), all, { stdout, env: {} }),
      /^RunError: 1 of 3 Pods could not be read, the first: the kubelet of node2/,
    );
    assert.equal(said, "talk-1 | three\ntalk-2 | été\n");
    await assert.rejects(
      shell(mute, ["true"]),
      /the kubelet of node2, where mute-1 is, does not answer/,
    );
  });

  interface Entered {
    readonly code: number;
    readonly out: string;
    readonly err: string;
  }

  async function shell(
    workload: Wanted,
    command: readonly string[],
    {
      stdin = Readable.from([]),
      tty = false,
      stdout = new PassThrough(),
      ...options
    }: Partial<ShellOptions> & {
      stdin?: Readable;
      tty?: boolean;
      stdout?: PassThrough;
    } = {},
  ): Promise<Entered> {
    const stderr = new PassThrough();
    const [out, err] = [textOf(stdout), textOf(stderr)];
    const streams = { stdin, stdout: stdout as Writable, stderr, tty };
    const code = await enterPod(
      access,
      asked(workload),
      { command, ...options },
      streams,
      () => {},
    );
    return { code, out: out(), err: err() };
  }

  it("run a command: input, both outputs and the exit code go through", async () => {
    const stdin = Readable.from(["a\n", "b\n"]);
    const command = ["sh", "-c", "tr a-z A-Z; echo oh >&2; exit 37"];
    assert.deepEqual(await shell(talk, command, { stdin, pod: "talk-1" }), {
      code: 37,
      out: "A\nB\n",
      err: "oh\n",
    });
    assert.equal((await shell(talk, ["true"], { pod: "talk-2" })).code, 0);
    assert.match(kubelet.asked.at(-1) ?? "", /^\/exec\/parcels\/talk-2\/talk\?/);
    await assert.rejects(
      shell(talk, ["no-such-program"], { pod: "talk-1" }),
      /has no such program/,
    );
    const shown = await shell(talk, [], {
      pod: "talk-1",
      stdin: Readable.from(["echo $((6 * 7))\n"]),
    });
    assert.equal(shown.out, "42\n", "without a command, a shell");
  });

  it("take more input than fits, at their own pace", async () => {
    const megabytes = 16;
    const stdin = Readable.from(
      (function* () {
        for (let sent = 0; sent < megabytes; sent++) yield Buffer.alloc(1024 * 1024, "x");
      })(),
    );
    const { out } = await shell(talk, ["sh", "-c", "sleep 1; wc -c"], { stdin, pod: "talk-1" });
    assert.equal(Number(out), megabytes * 1024 * 1024);
  });

  it("give a terminal the size of one's own, and its changes", async () => {
    const screen = Object.assign(new PassThrough(), { rows: 40, columns: 120 });
    const stdin = new PassThrough();
    const running = shell(talk, ["sh", "-c", "read line; echo got $line"], {
      stdin,
      stdout: screen,
      tty: true,
      pod: "talk-1",
    });
    await eventually(async () => assert.equal(kubelet.sizes.length, 1));
    Object.assign(screen, { rows: 50, columns: 100 });
    screen.emit("resize");
    await eventually(async () => assert.equal(kubelet.sizes.length, 2));
    assert.deepEqual(kubelet.sizes, [
      { Width: 120, Height: 40 },
      { Width: 100, Height: 50 },
    ]);
    stdin.write("it\n");
    assert.deepEqual(await running, { code: 0, out: "got it\n", err: "" });
  });

  it("are reached only where the API server proves itself", async () => {
    const stranger = { ...access, serverName: "another.test" };
    await assert.rejects(
      readStatuses(stranger, {
        blueprint: { workloads: [talk] },
        release: { product: "p" },
      } as never),
      /altnames|does not match/i,
    );
  });
});

function textOf(stream: PassThrough): () => string {
  let text = "";
  stream.on("data", (chunk: Buffer) => {
    text += chunk.toString("utf8");
  });
  return () => text;
}

/** Tries until it holds: controllers take their time. */
async function eventually(holds: () => Promise<void>): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      return await holds();
    } catch (error) {
      if (tries >= 150) throw error;
      await sleep(200);
    }
  }
}
