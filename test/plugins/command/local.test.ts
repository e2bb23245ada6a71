import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import {
  Archive,
  Asset,
  type PropertyMap,
  Secret,
} from "../../../rehearsal/plugins/protocol/values";
import { about, create, keptLog, provider, update } from "./request";

const local = "command:local:Command";

describe("local.Command", () => {
  const folder = mkdtempSync(join(tmpdir(), "sitewright-local-"));
  after(() => rmSync(folder, { recursive: true }));

  /** What a run gives on standard output and error. */
  const outputs: readonly [string, PropertyMap, string, string][] = [
    [
      "both streams, without the last line break",
      { create: "echo a; echo; echo b >&2" },
      "a\n",
      "b",
    ],
    ["nothing without a command", {}, "", ""],
    ["standard input", { create: "cat", stdin: "in\nput\n" }, "in\nput", ""],
    ["no standard input", { create: "cat | wc -c | tr -d ' '" }, "0", ""],
    [
      "the environment",
      { create: "echo $A-$HOME", environment: { A: "x" } },
      `x-${process.env.HOME}`,
      "",
    ],
    ["the folder", { create: "pwd", dir: folder }, folder, ""],
    [
      "another interpreter",
      { create: "console.log(1+1)", interpreter: [process.execPath, "-e"] },
      "2",
      "",
    ],
    ["files of its own streams", { create: "cat /dev/stdin > /dev/stdout", stdin: "x" }, "x", ""],
    ["input that nobody reads", { create: "echo done", stdin: "x".repeat(300_000) }, "done", ""],
    ["broken characters", { create: "printf 'a\\377b'" }, "a\ufffdb", ""],
  ];
  for (const [what, inputs, stdout, stderr] of outputs) {
    it(`gives ${what}`, async () => {
      const { properties } = await create(local, inputs);
      assert.equal(properties.stdout, stdout);
      assert.equal(properties.stderr, stderr);
    });
  }

  it("keeps large output whole", async () => {
    const { properties } = await create(local, { create: "seq 1 200000" }, {});
    assert.equal(String(properties.stdout).split("\n").length, 200_000);
  });

  it("keeps secrets of its inputs secret in state, and gives them in clear to the command", async () => {
    const environment = { KEY: new Secret("hush") };
    const { properties } = await create(local, {
      create: "echo $KEY | tr a-z A-Z; cat",
      environment,
      stdin: new Secret("quiet"),
    });
    assert.deepEqual(properties.environment, environment);
    assert.deepEqual(properties.stdin, new Secret("quiet"));
    assert.equal(properties.stdout, "HUSH\nquiet");
  });

  const failures: readonly [string, PropertyMap, string][] = [
    [
      "its exit status, command and output",
      { create: "echo out; echo err >&2; exit 3" },
      'exit status 3: running "echo out; echo err >&2; exit 3":\nout\nerr\n',
    ],
    [
      "the signal that ended it",
      { create: "kill -9 $$" },
      'signal: killed: running "kill -9 $$":\n',
    ],
    [
      "a folder that is not there",
      { create: "true", dir: "/nowhere/at all" },
      'chdir /nowhere/at all: no such file or directory: running "true":\n',
    ],
    [
      "an interpreter that is not there",
      { create: "a\n\tb\u0001", interpreter: ["no-such-program"] },
      'exec: "no-such-program": executable file not found in $PATH: running "a\\n\\tb\\x01":\n',
    ],
    [
      "an interpreter path that is not there",
      { create: "x", interpreter: ["/no/such"] },
      'fork/exec /no/such: no such file or directory: running "x":\n',
    ],
  ];
  for (const [what, inputs, message] of failures) {
    it(`fails naming ${what}`, async () => {
      await assert.rejects(create(local, inputs), { name: "ProviderFailure", message });
    });
  }

  const shown: readonly [string | undefined, string[]][] = [
    [undefined, ["status: out", "status: err"]],
    ["stdoutAndStderr", ["status: out", "status: err"]],
    ["stdout", ["status: out"]],
    ["stderr", ["status: err"]],
    ["none", []],
  ];
  for (const [logging, messages] of shown) {
    it(`shows ${messages.length} lines while it runs with logging ${logging}`, async () => {
      const log = keptLog();
      const inputs = { create: "echo out; sleep 0.05; printf err >&2" };
      await create(local, logging === undefined ? inputs : { ...inputs, logging }, { log });
      assert.deepEqual(log.messages, messages);
    });
  }

  const updates: readonly [string, PropertyMap, string][] = [
    ["runs update", { create: "echo c", update: "echo u" }, "u"],
    ["runs create where there is no update", { create: "echo c" }, "c"],
    ["keeps what was printed where there is neither", { delete: "true" }, "old"],
    [
      "gives the last output to the command",
      { create: "echo $PULUMI_COMMAND_STDOUT/$PULUMI_COMMAND_STDERR" },
      "old/err",
    ],
    [
      "keeps the last output back when told to",
      { create: "echo [$PULUMI_COMMAND_STDOUT]", addPreviousOutputInEnv: false },
      "[]",
    ],
  ];
  for (const [what, news, stdout] of updates) {
    it(`on update ${what}`, async () => {
      const state = await update(local, { create: "a", stdout: "old", stderr: "err" }, news);
      assert.equal(state.stdout, stdout);
    });
  }

  it("runs delete with the settings and the output of the state", async () => {
    const request = { ...about(local), id: "x", oldInputs: {}, timeoutSeconds: 0 };
    const properties = {
      delete: "echo $A $PULUMI_COMMAND_STDOUT > gone",
      dir: folder,
      environment: { A: new Secret("a") },
      stdout: "out",
      stderr: "",
    };
    await provider.delete({ ...request, properties });
    assert.equal(readFileSync(join(folder, "gone"), "utf8"), "a out\n");
    await provider.delete({ ...request, properties: { stdout: "", stderr: "" } });
    await assert.rejects(
      provider.delete({ ...request, properties: { delete: "exit 4" } }),
      /exit status 4/,
    );
  });

  it("returns the files asked for, hashed, relative to its folder", async () => {
    const top = join(folder, "assets");
    mkdirSync(join(top, "src"), { recursive: true });
    for (const file of ["a.txt", "src/b.js", "src/secret.js", "src/c.txt"]) {
      writeFileSync(join(top, file), "x");
    }
    const { properties } = await create(local, {
      create: "true",
      dir: top,
      assetPaths: ["*.txt", "src/**", "!**secret.*"],
      archivePaths: ["**/*.js"],
    });
    const assets = properties.assets as PropertyMap;
    assert.deepEqual(Object.keys(assets), ["a.txt", "src/b.js", "src/c.txt"]);
    assert.deepEqual(
      assets["a.txt"],
      new Asset({
        path: join(top, "a.txt"),
        hash: "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881",
      }),
    );
    assert.ok(properties.archive instanceof Archive);
    assert.deepEqual(Object.keys(properties.archive.assets ?? {}), ["src/b.js", "src/secret.js"]);
  });

  it("is ended with all it started when its time is over or the run is cancelled", async () => {
    const marker = join(folder, "alive");
    const command = `(while :; do touch ${marker}; sleep 0.05; done) & wait`;
    const cancel = new AbortController();
    setTimeout(() => cancel.abort(), 100);
    const killed = /^ProviderFailure: signal: killed: running/;
    await Promise.all([
      assert.rejects(create(local, { create: command }, { timeoutSeconds: 0.3 }), killed),
      assert.rejects(create(local, { create: "sleep 60" }, { signal: cancel.signal }), killed),
    ]);
    assert.ok(existsSync(marker));
    rmSync(marker);
    await delay(150);
    assert.equal(existsSync(marker), false);
  });

  it("returns once cancelled though a child that left its group holds the output open", async () => {
    const cancel = new AbortController();
    const running = create(local, { create: "setsid sleep 3 & wait" }, { signal: cancel.signal });
    setTimeout(() => cancel.abort(), 100);
    const started = Date.now();
    await assert.rejects(running, /signal: killed/);
    assert.ok(Date.now() - started < 2_500);
  });
});

describe("local.run", () => {
  const request = { token: "command:local:run", preview: true, log: keptLog() };
  const signal = new AbortController().signal;

  it("runs in a preview too and repeats its arguments beside the output", async () => {
    const args = { command: "cat; echo err >&2", stdin: new Secret("in") };
    const { value } = await provider.invoke({ ...request, args, signal });
    assert.deepEqual(value, { ...args, stdout: "in", stderr: "err" });
  });

  it("reports a missing command as a fault of the arguments", async () => {
    const { failures } = await provider.invoke({ ...request, args: {}, signal });
    assert.equal(failures?.[0]?.property, "command");
  });
});
