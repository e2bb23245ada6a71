import assert from "node:assert/strict";
import {
  Asset,
  type PropertyMap,
  Secret,
  Unknown,
} from "../../../rehearsal/plugins/protocol/values";
import { check, create, diff, provider, update } from "./request";

const local = "command:local:Command";
const remote = "command:remote:Command";
const copy = "command:remote:CopyToRemote";
const connection = { host: "192.0.2.1", password: "hush" };

describe("command inputs", () => {
  it("get the connection's defaults, and are secret as a whole and in their secret parts", async () => {
    const { inputs } = await check(remote, {
      connection: { host: "h", password: "p", proxy: { host: "b", privateKey: "k" } },
      create: "true",
    });
    const defaults = { user: "root", port: 22, dialErrorLimit: 10, perDialTimeout: 15 };
    assert.deepEqual(inputs, {
      create: "true",
      connection: new Secret({
        ...defaults,
        host: "h",
        password: new Secret("p"),
        proxy: { ...defaults, host: "b", privateKey: new Secret("k") },
      }),
    });
  });

  it("stay one secret when the program made them secret already", async () => {
    const { inputs } = await check(remote, { connection: new Secret({ host: "h" }) });
    assert.ok(inputs.connection instanceof Secret);
    assert.ok(!(inputs.connection.value instanceof Secret));
  });

  it("may be unknown anywhere", async () => {
    for (const news of [
      { connection: new Secret(new Unknown()) },
      { connection: { host: new Unknown() }, create: new Unknown(), environment: new Unknown() },
      { connection, environment: { A: new Unknown() }, triggers: [new Unknown()] },
    ]) {
      assert.deepEqual((await check(remote, news)).failures, []);
    }
  });

  const faults: readonly [string, PropertyMap, string, RegExp][] = [
    [remote, { create: "x" }, "connection", /Missing required field 'connection'/],
    [remote, { connection: { port: 22 } }, "host", /Missing required field 'host'/],
    [remote, { connection: { host: "h", port: "22" } }, "port", /must be a 'number'; got 'string'/],
    [local, { craete: "x" }, "craete", /Unrecognized field 'craete' on 'local.CommandInputs'/],
    [local, { create: ["x"] }, "create", /must be a 'string'; got 'list'/],
    [local, { environment: { A: 1 } }, "environment", /must be a 'string-map'/],
    [copy, { connection, remotePath: "/x" }, "source", /Missing required field 'source'/],
    [
      copy,
      { connection, remotePath: "/x", source: new Asset({ uri: "https://x.test" }) },
      "asset",
      /path-based file asset or a text asset/,
    ],
  ];
  for (const [type, news, property, reason] of faults) {
    it(`of ${type} are refused at ${property}: ${reason.source}`, async () => {
      const { failures } = await check(type, news);
      assert.deepEqual(
        failures?.map((failure) => failure.property),
        [property],
      );
      assert.match(failures?.[0]?.reason ?? "", reason);
    });
  }
});

describe("change of a command", () => {
  const changes: readonly [string, string, PropertyMap, PropertyMap, Record<string, string>][] = [
    ["nothing", local, { create: "a" }, { create: "a" }, {}],
    ["create", local, { create: "a" }, { create: "b" }, { create: "update" }],
    ["a new delete", local, {}, { delete: "b" }, { delete: "add" }],
    [
      "environment",
      local,
      { environment: { A: "1" } },
      { environment: { A: "2", B: "3" } },
      {
        "environment.A": "update",
        "environment.B": "add",
      },
    ],
    // The SDK sets replaceOnChanges on triggers[*], by which the engine makes this a replacement.
    ["one trigger", local, { triggers: ["a"] }, { triggers: ["b"] }, { "triggers[0]": "update" }],
    ["new triggers", local, {}, { triggers: ["b"] }, { triggers: "add-replace" }],
    ["all triggers gone", local, { triggers: ["b"] }, {}, { triggers: "delete-replace" }],
    [
      "the connection alone",
      remote,
      { connection },
      { connection: { ...connection, password: "other" } },
      { connection: "update" },
    ],
    [
      "a source's content",
      copy,
      { connection, remotePath: "/x", source: new Asset({ path: "a", hash: "1" }) },
      { connection, remotePath: "/x", source: new Asset({ path: "a", hash: "2" }) },
      { source: "update" },
    ],
    [
      "a source's path with the same content",
      copy,
      { connection, remotePath: "/x", source: new Asset({ path: "a", hash: "1" }) },
      { connection, remotePath: "/x", source: new Asset({ path: "b", hash: "1" }) },
      {},
    ],
    [
      "a copy's first trigger",
      copy,
      { connection, remotePath: "/x", source: new Asset({ path: "a", hash: "1" }) },
      { connection, remotePath: "/x", source: new Asset({ path: "a", hash: "1" }), triggers: [1] },
      { triggers: "add-replace" },
    ],
    [
      "anything of CopyFile",
      "command:remote:CopyFile",
      { connection, localPath: "a", remotePath: "/x" },
      { connection, localPath: "a", remotePath: "/y" },
      { remotePath: "update-replace" },
    ],
  ];
  for (const [what, type, before, after, expected] of changes) {
    it(`in ${what} gives ${JSON.stringify(expected)}`, async () => {
      assert.deepEqual(await diff(type, before, after), expected);
    });
  }
});

describe("preview of a command", () => {
  it("knows a new resource's inputs and nothing that running it gives", async () => {
    const { id, properties } = await create(local, { create: "false" }, { preview: true });
    assert.match(id, /^thing[0-9a-f]{8}$/);
    assert.deepEqual(properties, {
      create: "false",
      stdout: new Unknown(),
      stderr: new Unknown(),
    });
  });

  it("keeps outputs through an update only if no input differs from the state", async () => {
    const state = { create: "a", stdout: "out", stderr: "" };
    const same = await update(local, state, { create: "a" }, { preview: true });
    assert.deepEqual(same, state);
    const changed = await update(local, state, { create: "b" }, { preview: true });
    assert.deepEqual(changed, { create: "b", stdout: new Unknown(), stderr: new Unknown() });
  });

  it("of a copy knows everything but the id", async () => {
    const source = new Asset({ text: "t", hash: "h" });
    const made = await create(copy, { connection, source, remotePath: "/x" }, { preview: true });
    assert.equal(made.id, "");
    assert.equal(made.properties.remotePath, "/x");
    assert.ok(made.properties.connection instanceof Secret);
  });
});

describe("the command provider", () => {
  it("notes the framework's version in its own state, as the real one does", async () => {
    const { inputs } = await provider.checkConfig({
      urn: "",
      type: "",
      name: "",
      signal: new AbortController().signal,
      log: { debug() {}, info() {}, warning() {}, error() {}, status() {} },
      olds: {},
      news: { version: "1.2.1" },
      randomSeed: new Uint8Array(),
    });
    assert.deepEqual(inputs, { version: "1.2.1", "__pulumi-go-provider-version": "1.2.0" });
  });
});
