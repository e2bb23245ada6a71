import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "../../ssh/connection";
import { type DetachedRun, runDetached } from "../../ssh/detached-run";
import { scanHostKeys } from "../../ssh/scan";
import { Session } from "../../ssh/session";
import { SshError } from "../../ssh/ssh-error";
import type { SshTarget } from "../../ssh/target";
import { sendFile, type Transfer } from "../../ssh/transfer";
import { prepareWorkDir, writeFile } from "../../ssh/work-dir";
import { PASSWORD, type RealSshd, startSshd } from "./support/real-sshd";

/** Steps against a real OpenSSH server and a real sudo, each test on one throw-away host. */
describe("steps on a real SSH server", function () {
  this.timeout(60_000);
  let sshd: RealSshd;
  let local: string;

  before(async () => {
    sshd = await startSshd(23411);
    local = mkdtempSync(join(tmpdir(), "sitewright-steps-"));
  });

  after(() => {
    sshd?.stop();
    if (local) rmSync(local, { recursive: true, force: true });
  });

  async function failure(work: Promise<unknown>): Promise<SshError> {
    const error = await work.then(
      () => assert.fail("it should have failed"),
      (caught) => caught,
    );
    assert.ok(error instanceof SshError, String(error?.stack ?? error));
    return error;
  }

  async function onHost<T>(
    work: (connection: Awaited<ReturnType<typeof connect>>) => Promise<T>,
    change: Partial<SshTarget> = {},
  ): Promise<T> {
    const connection = await connect({ ...sshd.target, ...change });
    try {
      return await work(connection);
    } finally {
      connection.close();
    }
  }

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
      ["a broken private key", () => ({ privateKey: "x" }), "bad-private-key", /private key/],
    ];
    for (const [what, change, kind, message] of cases) {
      it(`names ${what}`, async () => {
        const error = await failure(onHost((c) => c.exec("true"), change()));
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
      const out = await onHost((c) => c.exec("id -un"), { bastion: sshd.target });
      assert.equal(out.stdout, "deploy\n");
    });
  });

  describe("becoming root", () => {
    for (const [user, sudo] of [
      ["deploy", "password"],
      ["free", "password"],
      ["free", "nopasswd"],
    ] as const) {
      it(`gives the command its own input only (${user}, ${sudo})`, async () => {
        const out = await onHost((c) => c.exec("id -u; cat", { sudo: true, stdin: "in\nput" }), {
          user,
          sudo,
        });
        assert.deepEqual(out, { code: 0, stdout: "0\nin\nput", stderr: "" });
      });
    }

    it("keeps the password out of every command line", async () => {
      const out = await onHost((c) =>
        c.exec("cat /proc/[0-9]*/cmdline | tr '\\0' ' '", { sudo: true }),
      );
      assert.match(out.stdout, /sudo -S/);
      assert.ok(!out.stdout.includes(PASSWORD.slice(0, 6)));
    });

    it("tells a user who may not from a password that is wrong", async () => {
      const plain = await failure(onHost((c) => c.exec("id", { sudo: true }), { user: "plain" }));
      assert.equal(plain.kind, "sudo-refused");
      const nopasswd = await failure(
        onHost((c) => c.exec("id", { sudo: true }), { sudo: "nopasswd" }),
      );
      assert.match(nopasswd.message, /NOPASSWD/);
    });
  });

  describe("a detached run", () => {
    const workDir = "/var/lib/sitewright/site-t";
    const said: string[] = [];
    const session = () =>
      new Session(sshd.target, { say: (line) => said.push(line), patienceSeconds: 20 });

    async function run(change: Partial<DetachedRun> & { script?: string; key?: string } = {}) {
      const { script = "echo done", key = "k", ...rest } = change;
      const own = session();
      await onHost((c) => writeFile(c, `${workDir}/job.sh`, script, 0o600));
      try {
        await runDetached(
          own,
          {
            name: "job",
            title: "the job",
            argv: ["/bin/sh", `${workDir}/job.sh`],
            timeoutSeconds: 60,
            successMarkers: ["done"],
            ...rest,
          },
          { workDir, key, secrets: ["hunter22"] },
        );
      } finally {
        own.close();
      }
    }

    before(() => onHost((c) => prepareWorkDir(c, workDir)));
    beforeEach(async () => {
      said.length = 0;
      await onHost((c) => c.exec(`rm -rf ${workDir}/runs`, { sudo: true }));
    });

    it("ends well when it exits 0 and says its marker", async () => {
      await run({ script: "echo one; echo pass hunter22; echo done" });
      assert.ok(said.includes("one"));
      assert.ok(said.includes("pass ***"));
    });

    it("keeps its folder from everyone else", async () => {
      const modes = await onHost((c) =>
        c.exec(`stat -c '%a %U' ${workDir} ${workDir}/run.sh; id`, { sudo: true }),
      );
      assert.match(modes.stdout, /^700 deploy\n700 root\n/);
    });

    it("refuses exit 0 without the marker and quotes the end", async () => {
      const error = await failure(run({ script: "echo almost" }));
      assert.equal(error.kind, "run-without-marker");
      assert.match(error.message, /never said "done".*\n {2}\| almost/);
    });

    it("names the first fatal line of a failed run", async () => {
      const error = await failure(run({ script: "echo '[FATA] no disk'; echo later; exit 1" }));
      assert.equal(error.kind, "run-failed");
      assert.match(error.message, /status 1:\n {2}\| \[FATA\] no disk/);
    });

    it("survives a cut connection and reads every line once", async () => {
      const work = run({
        script: "for i in 1 2 3 4 5 6; do echo line $i; sleep 0.5; done; echo done",
      });
      await sleep(1500);
      sshd.cutSessions();
      await work;
      const lines = said.filter((line) => line.startsWith("line "));
      assert.deepEqual(
        lines,
        [1, 2, 3, 4, 5, 6].map((i) => `line ${i}`),
      );
      assert.ok(
        said.some((line) => /was cut|connected .* again/.test(line)),
        said.join("\n"),
      );
    });

    it("is joined, not started twice, by a second call", async () => {
      const script = `echo x >> ${workDir}/count; sleep 2; echo done`;
      await Promise.all([run({ script }), sleep(800).then(() => run({ script }))]);
      const count = await onHost((c) => c.exec(`wc -l < ${workDir}/count`, { sudo: true }));
      assert.equal(count.stdout.trim(), "1");
      assert.ok(said.some((line) => line.includes("following it")));
    });

    it("is taken as done when it ended well while nobody looked", async () => {
      const script = `echo x >> ${workDir}/count2; echo done`;
      await run({ script });
      await onHost((c) => c.exec(`rm ${workDir}/runs/job/seen`, { sudo: true }));
      await run({ script });
      const count = await onHost((c) => c.exec(`wc -l < ${workDir}/count2`, { sudo: true }));
      assert.equal(count.stdout.trim(), "1");
    });

    it("begins afresh once its end was seen, and keeps the earlier log", async () => {
      await failure(run({ script: "echo first; exit 1" }));
      await run();
      const log = await onHost((c) => c.exec(`cat ${workDir}/runs/job.1/log`, { sudo: true }));
      assert.equal(log.stdout, "first\n");
    });

    it("refuses a second run beside the first", async () => {
      const first = run({ script: "sleep 3; echo done" });
      await sleep(1000);
      const error = await failure(run({ name: "other" }));
      assert.equal(error.kind, "run-busy");
      assert.match(error.message, /still going on .*: job/);
      await first;
    });

    it("says so when it was killed, and where the log is", async () => {
      const work = failure(run({ script: "sleep 30; echo done" }));
      await sleep(1500);
      await onHost((c) =>
        c.exec(
          `kill -9 $(cut -d' ' -f1 ${workDir}/runs/job/pid) $(cut -d' ' -f1 ${workDir}/runs/job/child)`,
          { sudo: true },
        ),
      );
      const error = await work;
      assert.equal(error.kind, "run-killed");
      assert.match(error.message, /runs\/job\/log/);
    });

    it("does not mistake a reused process number for a running one", async () => {
      await onHost((c) =>
        c.exec(
          `mkdir -p ${workDir}/runs/job && cd ${workDir}/runs/job && echo k > key && echo "1 1 x" > pid`,
          { sudo: true },
        ),
      );
      await run();
      assert.ok(said.some((line) => line.includes("earlier run: killed")));
    });

    it("is stopped on the host when it takes too long", async () => {
      const error = await failure(run({ script: "sleep 50", timeoutSeconds: 2 }));
      assert.equal(error.kind, "run-failed");
      assert.match(error.message, /status 143/);
    });
  });

  describe("sending a file", () => {
    const remote = "/home/deploy/artifact";
    const said: string[] = [];

    function file(bytes: Buffer, remotePath = remote): Transfer {
      const localPath = join(local, "file");
      writeFileSync(localPath, bytes);
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      return { localPath, remotePath, sha256, sizeBytes: bytes.length, mode: 0o700 };
    }

    async function send(transfer: Transfer): Promise<boolean> {
      const session = new Session(sshd.target, {
        say: (line) => said.push(line),
        patienceSeconds: 20,
      });
      try {
        return await sendFile(session, transfer);
      } finally {
        session.close();
      }
    }

    beforeEach(async () => {
      said.length = 0;
      await onHost((c) => c.exec(`rm -f ${remote} ${remote}.*`));
    });

    it("brings every byte, and does not send it again", async () => {
      const transfer = file(randomBytes(5_000_001));
      assert.equal(await send(transfer), true);
      const digest = await onHost((c) => c.exec(`sha256sum ${remote}; stat -c %a ${remote}`));
      assert.match(digest.stdout, new RegExp(`^${transfer.sha256} .*\n700\n`));
      assert.equal(await send(transfer), false);
    });

    it("sends again what was changed on the host, even at the same size", async () => {
      const transfer = file(randomBytes(100_000));
      await send(transfer);
      await onHost((c) =>
        c.exec(`printf x | dd of=${remote} conv=notrunc; touch -d '1 hour ago' ${remote}`),
      );
      assert.equal(await send(transfer), true);
    });

    it("goes on where it was cut", async () => {
      const transfer = file(randomBytes(60_000_000));
      const work = send(transfer);
      await sleep(700);
      sshd.cutSessions();
      assert.equal(await work, true);
      assert.ok(
        said.some((line) => /going on with .* at [1-9]/.test(line)) ||
          assert.fail(`it was not cut in the middle: ${said.join("; ")}`),
      );
    });

    it("starts over when the part there is of another file", async () => {
      const transfer = file(randomBytes(300_000));
      await onHost((c) => c.exec(`head -c 100000 /dev/zero > ${remote}.part`));
      assert.equal(await send(transfer), true);
      assert.ok(said.some((line) => line.includes("from the start")));
    });

    it("refuses a local file that is not what the bundle states", async () => {
      const good = file(randomBytes(1000));
      const short = await failure(send({ ...good, sizeBytes: 1001 }));
      assert.match(short.message, /1000 bytes instead of 1001/);
      const other = await failure(send({ ...good, sha256: "0".repeat(64) }));
      assert.equal(other.kind, "local-file");
      const left = await onHost((c) => c.exec(`ls ${remote}*`));
      assert.equal(left.stdout, "");
    });

    it("sees before sending that the disk is too small", async () => {
      const error = await failure(send(file(randomBytes(8_000_000), "/small/artifact")));
      assert.equal(error.kind, "disk-full");
      assert.match(error.message, /needs \d+ MiB, [\d.]+ MiB are free in \/small/);
    });
  });
});
