import assert from "node:assert/strict";
import { utils } from "ssh2";
import { newEd25519Key } from "../../../rehearsal/hosts/ed25519-key";
import type { PropertyMap } from "../../../rehearsal/plugins/protocol/values";
import { create, keptLog, update } from "./request";
import { startServer, type TestServer, type TestServerOptions } from "./ssh-server";

const remote = "command:remote:Command";

describe("remote.Command", () => {
  const servers: TestServer[] = [];
  async function serve(options?: TestServerOptions): Promise<TestServer> {
    const server = await startServer(options);
    servers.push(server);
    return server;
  }
  after(() => Promise.all(servers.map((server) => server.stop())));

  function to(server: { readonly port: number }, more: PropertyMap = {}): PropertyMap {
    return { host: "127.0.0.1", port: server.port, password: "right", dialErrorLimit: 0, ...more };
  }

  it("runs on the host with input and gives its output", async () => {
    const server = await serve({
      run: (_command, channel) => {
        channel.on("data", (chunk: Buffer) => {
          channel.write(`got ${chunk.toString("utf8")}`);
          channel.stderr.write("note\n");
          channel.exit(0);
          channel.end();
        });
      },
    });
    const { id, properties } = await create(remote, {
      connection: to(server, { hostKey: server.hostKey }),
      create: "do it",
      stdin: "secret\n",
    });
    assert.match(id, /^thing[0-9a-f]{8}$/);
    assert.equal(properties.stdout, "got secret");
    assert.equal(properties.stderr, "note");
    assert.deepEqual(server.commands, [{ command: "do it", environment: {} }]);
  });

  it("does not run without a command, and does not even connect", async () => {
    const { properties } = await create(remote, { connection: to({ port: 1 }) });
    assert.equal(properties.stdout, "");
  });

  it("fails with the status, the command and both streams", async () => {
    const server = await serve({
      run: (_command, channel) => {
        channel.write("out\n");
        channel.stderr.write("err\n");
        channel.exit(5);
        channel.end();
      },
    });
    await assert.rejects(
      create(remote, { connection: to(server), create: "x" }),
      (error: Error) => {
        assert.match(error.message, /^Process exited with status 5: running "x":\n/);
        assert.match(error.message, /out\n/);
        assert.match(error.message, /err\n/);
        return true;
      },
    );
  });

  it("fails when the connection is cut while it runs", async () => {
    const server = await serve({ run: (_command, channel) => channel.close() });
    await assert.rejects(
      create(remote, { connection: to(server), create: "x" }),
      /wait: remote command exited without exit status or exit signal/,
    );
  });

  it("fails on a changed host key, before any password is sent", async () => {
    const server = await serve();
    const other = newEd25519Key().public;
    await assert.rejects(
      create(remote, { connection: to(server, { hostKey: other }), create: "x" }),
      /after 0 failed attempts: ssh: handshake failed: ssh: host key mismatch/,
    );
    assert.deepEqual(server.tried, []);
  });

  it("fails on a host key that cannot be read, without dialling", async () => {
    await assert.rejects(
      create(remote, { connection: to({ port: 1 }, { hostKey: "nonsense" }), create: "x" }),
      { message: "failed to parse host key: ssh: no key found" },
    );
  });

  it("gives up on a wrong password after its limit, showing each attempt", async () => {
    const server = await serve();
    const log = keptLog();
    await assert.rejects(
      create(
        remote,
        { connection: to(server, { password: "wrong", dialErrorLimit: 2 }), create: "x" },
        { log },
      ),
      {
        message:
          "after 2 failed attempts: ssh: handshake failed: ssh: unable to authenticate, " +
          "attempted methods [none password keyboard-interactive], no supported methods remain",
      },
    );
    assert.deepEqual(log.messages, [
      "status: Dial 1/2 failed: retrying",
      "status: Dial 2/2 failed: retrying",
    ]);
    assert.equal(server.tried.filter((method) => method === "password").length, 3);
    assert.doesNotMatch(log.messages.join(), /wrong/);
  });

  it("reaches a host that comes up while it tries", async () => {
    const gone = await startServer();
    await gone.stop();
    const creating = create(remote, {
      connection: to(gone, { dialErrorLimit: -1 }),
      create: "x",
    });
    await new Promise((resolve) => setTimeout(resolve, 120));
    const server = await serve({ port: gone.port });
    await creating;
    assert.equal(server.commands.length, 1);
  });

  it("names a port where nobody listens", async () => {
    const gone = await startServer();
    await gone.stop();
    await assert.rejects(create(remote, { connection: to(gone), create: "x" }), {
      message: `after 0 failed attempts: dial tcp 127.0.0.1:${gone.port}: connect: connection refused`,
    });
  });

  it("refuses a private key that is locked or none, without dialling", async () => {
    const locked = utils.generateKeyPairSync("ed25519", {
      passphrase: "open",
      cipher: "aes256-ctr",
      rounds: 1,
    }).private;
    const connection = to({ port: 1 }, { privateKey: locked });
    await assert.rejects(create(remote, { connection, create: "x" }), {
      message: "ssh: this private key is passphrase protected",
    });
    await assert.rejects(
      create(remote, { connection: { ...connection, privateKey: "none" }, create: "x" }),
      /^ProviderFailure: ssh: /,
    );
  });

  describe("through a bastion", () => {
    it("reaches the host, checking both host keys", async () => {
      const [bastion, host] = [await serve({ password: "gate" }), await serve()];
      await create(remote, {
        connection: to(host, {
          hostKey: host.hostKey,
          proxy: to(bastion, { password: "gate", hostKey: bastion.hostKey }),
        }),
        create: "x",
      });
      assert.equal(host.commands.length, 1);
      assert.equal(bastion.commands.length, 0);
    });

    const faults: readonly [string, PropertyMap, PropertyMap, RegExp][] = [
      [
        "the bastion's password",
        {},
        { password: "wrong" },
        /^proxy: after 0 .*unable to authenticate/,
      ],
      [
        "the host's password",
        { password: "wrong" },
        {},
        /^proxy: after 0 .*unable to authenticate/,
      ],
      [
        "the bastion's host key",
        {},
        { hostKey: newEd25519Key().public },
        /^proxy: after 0 .*host key mismatch/,
      ],
      [
        "a host that is not there",
        { port: 1 },
        {},
        /^proxy: after 0 failed attempts: ssh: rejected/,
      ],
    ];
    for (const [what, hostPart, bastionPart, message] of faults) {
      it(`fails on ${what}, naming the proxy`, async () => {
        const [bastion, host] = [await serve(), await serve()];
        const connection = to(host, { ...hostPart, proxy: to(bastion, bastionPart) });
        await assert.rejects(create(remote, { connection, create: "x" }), (error: Error) => {
          assert.match(error.message, message);
          return true;
        });
      });
    }
  });

  describe("with an environment", () => {
    it("sets what the server accepts", async () => {
      const server = await serve({ acceptEnv: ["A", "B"] });
      const environment = { A: "1", B: "2" };
      await create(remote, { connection: to(server), create: "x", environment });
      assert.deepEqual(server.commands, [{ command: "x", environment }]);
    });

    it("does not run when the server refuses one of the program's own", async () => {
      const server = await serve({ acceptEnv: ["A"] });
      const log = keptLog();
      const inputs = { connection: to(server), create: "x", environment: { A: "1", B: "2" } };
      await assert.rejects(create(remote, inputs, { log }), {
        message: 'could not set environment variable "B": ssh: setenv failed',
      });
      assert.match(log.messages.join(), /error: Unable to set 'B'.*AcceptEnv/s);
      assert.deepEqual(server.commands, []);
    });

    it("runs with a warning when it refuses the previous output", async () => {
      const server = await serve();
      const log = keptLog();
      const olds = { create: "x", stdout: "old", stderr: "" };
      await update(remote, olds, { connection: to(server), create: "x" }, { log });
      assert.equal(server.commands.length, 1);
      assert.match(log.messages.join(), /warning: Unable to set 'PULUMI_COMMAND_STDOUT'/);
    });
  });

  it("ends when its time is over, with the words of the real one", async () => {
    const limit = new AbortController();
    const server = await serve({
      run: () => limit.abort(new DOMException("over", "TimeoutError")),
    });
    await assert.rejects(
      create(remote, { connection: to(server), create: "x" }, { signal: limit.signal }),
      /^ProviderFailure: context deadline exceeded: running "x"/,
    );
  });

  it("stops dialling when cancelled", async () => {
    const gone = await startServer();
    await gone.stop();
    const cancel = new AbortController();
    const connection = to(gone, { dialErrorLimit: -1 });
    const creating = create(remote, { connection, create: "x" }, { signal: cancel.signal });
    setTimeout(() => cancel.abort(), 50);
    await assert.rejects(creating, { message: "context canceled" });
  });
});
