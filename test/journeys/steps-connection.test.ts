import assert from "node:assert/strict";
import { createServer, type Server } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { scanHostKeys } from "../../ssh/scan";
import { Session } from "../../ssh/session";
import type { SshTarget } from "../../ssh/target";
import { PASSWORD, type RealSshd, startSshd } from "./support/real-sshd";
import { failure, onHost } from "./support/remote-work";

/** Logging in and becoming root on a real OpenSSH server and a real sudo, on one throw-away host. */
describe("connections to a real SSH server", function () {
  this.timeout(60_000);
  let sshd: RealSshd;
  let silent: Server;

  before(async () => {
    sshd = await startSshd(23411);
    // Takes connections and never says a word, like a host that hangs.
    silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(23498, "127.0.0.1", resolve));
  });

  after(() => {
    silent?.close();
    sshd?.stop();
  });

  describe("logging in", () => {
    const cases: [string, () => Partial<SshTarget>, string, RegExp][] = [
      ["an unpinned host", () => ({ hostKeys: [] }), "host-key-unpinned", /trust site-t/],
      [
        "a changed host key",
        () => ({ hostKeys: [`ssh-ed25519 ${Buffer.alloc(51, 1).toString("base64")}`] }),
        "host-key-changed",
        /pinned SHA256:\S+, shown SHA256:/,
      ],
      ["a wrong password", () => ({ password: "x" }), "wrong-credentials", /user deploy/],
      ["a closed port", () => ({ port: 23499 }), "refused", /refused the connection/],
      [
        "a host that hangs",
        () => ({ port: 23498, timeoutSeconds: 1 }),
        "timeout",
        /did not finish the login[\s\S]*next: check that the host is on/,
      ],
      ["a broken private key", () => ({ privateKey: "x" }), "bad-private-key", /private key/],
    ];
    for (const [what, change, kind, message] of cases) {
      it(`names ${what}`, async () => {
        const error = await failure(onHost(sshd, (c) => c.exec("true"), change()));
        assert.equal(error.kind, kind);
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, new RegExp(PASSWORD.slice(0, 6)));
      });
    }

    it("scans the key that it would have to pin", async () => {
      const keys = await scanHostKeys(
        { name: "a", address: "127.0.0.1", port: sshd.port },
        { site: "site-t" },
      );
      assert.deepEqual(keys, sshd.hostKeys);
    });

    it("goes through a bastion", async () => {
      const out = await onHost(sshd, (c) => c.exec("id -un"), { bastion: sshd.target });
      assert.equal(out.stdout, "deploy\n");
    });

    it("is done once for all who ask at the same time, and again after a cut", async () => {
      const said: string[] = [];
      const session = new Session(sshd.target, { say: (line) => said.push(line) });
      const [first, ...others] = await Promise.all([1, 2, 3].map(() => session.connection()));
      assert.ok(others.every((one) => one === first));
      first?.close();
      while (first?.open) await sleep(20);
      const [again, ...same] = await Promise.all([1, 2].map(() => session.connection()));
      assert.ok(again !== first && same.every((one) => one === again));
      assert.deepEqual(said, [`connected to ${sshd.target.name} again`]);
      session.close();
    });
  });

  describe("becoming root", () => {
    for (const [user, sudo] of [
      ["deploy", "password"],
      ["free", "password"],
      ["free", "nopasswd"],
    ] as const) {
      it(`gives the command its own input only (${user}, ${sudo})`, async () => {
        const out = await onHost(
          sshd,
          (c) => c.exec("id -u; cat", { sudo: true, stdin: "in\nput" }),
          {
            user,
            sudo,
          },
        );
        assert.deepEqual(out, { code: 0, stdout: "0\nin\nput", stderr: "" });
      });
    }

    it("keeps the password out of every command line", async () => {
      const out = await onHost(sshd, (c) =>
        c.exec("cat /proc/[0-9]*/cmdline | tr '\\0' ' '", { sudo: true }),
      );
      assert.match(out.stdout, /sudo -S/);
      assert.ok(!out.stdout.includes(PASSWORD.slice(0, 6)));
    });

    it("tells a user who may not from a password that is wrong", async () => {
      const plain = await failure(
        onHost(sshd, (c) => c.exec("id", { sudo: true }), { user: "plain" }),
      );
      assert.equal(plain.kind, "sudo-refused");
      const nopasswd = await failure(
        onHost(sshd, (c) => c.exec("id", { sudo: true }), { sudo: "nopasswd" }),
      );
      assert.match(nopasswd.message, /NOPASSWD/);
    });
  });
});
