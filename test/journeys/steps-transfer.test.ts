import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Session } from "../../ssh/session";
import { sendFile, type Transfer } from "../../ssh/transfer";
import { writeFile } from "../../ssh/work-dir";
import { type RealSshd, startSshd } from "./support/real-sshd";
import { failure, onHost } from "./support/remote-work";

/** Files sent on a real OpenSSH server and a real sudo, on one throw-away host. */
describe("files sent to a real host", function () {
  this.timeout(60_000);
  let sshd: RealSshd;
  let local: string;

  before(async () => {
    sshd = await startSshd(23413);
    local = mkdtempSync(join(tmpdir(), "sitewright-steps-"));
  });

  after(() => {
    sshd?.stop();
    if (local) rmSync(local, { recursive: true, force: true });
  });

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
    await onHost(sshd, (c) => c.exec(`rm -f ${remote} ${remote}.*`));
  });

  it("brings every byte, and does not send it again", async () => {
    const transfer = file(randomBytes(5_000_001));
    assert.equal(await send(transfer), true);
    const digest = await onHost(sshd, (c) => c.exec(`sha256sum ${remote}; stat -c %a ${remote}`));
    assert.match(digest.stdout, new RegExp(`^${transfer.sha256} .*\n700\n`));
    assert.equal(await send(transfer), false);
  });

  it("sends again what was changed on the host, even at the same size", async () => {
    const transfer = file(randomBytes(100_000));
    await send(transfer);
    await onHost(sshd, (c) =>
      c.exec(`printf x | dd of=${remote} conv=notrunc; touch -d '1 hour ago' ${remote}`),
    );
    assert.equal(await send(transfer), true);
  });

  it("goes on where it was cut", async () => {
    const transfer = file(randomBytes(100_000_000));
    const work = send(transfer);
    const arriving = `until [ "$(stat -c %s ${remote}.part 2>/dev/null || echo 0)" -gt 1000000 ]; do sleep 0.02; done`;
    await onHost(sshd, (c) => c.exec(arriving));
    sshd.cutSessions();
    assert.equal(await work, true);
    assert.ok(
      said.some((line) => /going on with .* at [1-9]/.test(line)) ||
        assert.fail(`it was not cut in the middle: ${said.join("; ")}`),
    );
  });

  it("starts over when the part there is of another file", async () => {
    const transfer = file(randomBytes(300_000));
    await onHost(sshd, (c) => c.exec(`head -c 100000 /dev/zero > ${remote}.part`));
    assert.equal(await send(transfer), true);
    assert.ok(said.some((line) => line.includes("from the start")));
  });

  it("refuses a local file that is not what the bundle states", async () => {
    const good = file(randomBytes(1000));
    const short = await failure(send({ ...good, sizeBytes: 1001 }));
    assert.match(short.message, /1000 bytes instead of 1001/);
    const other = await failure(send({ ...good, sha256: "0".repeat(64) }));
    assert.equal(other.kind, "local-file");
    const left = await onHost(sshd, (c) => c.exec(`ls ${remote}*`));
    assert.equal(left.stdout, "");
  });

  it("sees before sending that the disk is too small", async () => {
    const error = await failure(send(file(randomBytes(8_000_000), "/small/artifact")));
    assert.equal(error.kind, "disk-full");
    assert.match(error.message, /needs \d+ MiB, [\d.]+ MiB are free in \/small/);
  });

  it("is no longer waited for when the host goes away at any moment", async () => {
    const transfer = file(randomBytes(2_000_000));
    for (const afterMs of [50, 150, 250, 350, 450, 550, 650]) {
      await onHost(sshd, (c) => c.exec(`rm -f ${remote} ${remote}.*`));
      const work = send(transfer);
      await sleep(afterMs);
      sshd.cutSessions();
      // A cut before the first login is an error at once; every other is made good.
      const sent = await work.catch((error) => error);
      assert.ok(sent === true || /closed the connection|was lost|dropped/.test(String(sent)), sent);
    }
  });

  it("names a full disk when a small file does not fit either", async () => {
    await onHost(sshd, (c) => c.exec("cat /dev/zero > /small/fill"));
    const work = onHost(sshd, (c) => writeFile(c, "/small/note", "x".repeat(10_000), 0o600));
    const error = await failure(work);
    await onHost(sshd, (c) => c.exec("rm -f /small/fill /small/note.new", { sudo: true }));
    assert.equal(error.kind, "disk-full");
    assert.match(error.message, /could not write \/small\/note: the disk is full/);
  });
});
