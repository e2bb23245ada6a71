import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { type DetachedRun, runDetached } from "../../ssh/detached-run";
import { Session } from "../../ssh/session";
import { prepareWorkDir, writeFile } from "../../ssh/work-dir";
import { type RealSshd, startSshd } from "./support/real-sshd";
import { failure, onHost } from "./support/remote-work";

/** Long runs on a real OpenSSH server and a real sudo, on one throw-away host. */
describe("detached runs on a real host", function () {
  this.timeout(60_000);
  let sshd: RealSshd;

  before(async () => {
    sshd = await startSshd(23412);
    await onHost(sshd, (c) => prepareWorkDir(c, workDir));
  });

  after(() => sshd?.stop());

  const workDir = "/var/lib/sitewright/site-t";
  const said: string[] = [];
  const session = () =>
    new Session(sshd.target, { say: (line) => said.push(line), patienceSeconds: 20 });

  interface Change extends Partial<DetachedRun> {
    readonly script?: string;
    readonly key?: string;
    readonly folder?: string;
  }

  async function run(change: Change = {}) {
    const { script = "echo done", key = "k", folder = workDir, ...rest } = change;
    const own = session();
    await onHost(sshd, (c) => writeFile(c, `${workDir}/job.sh`, script, 0o600));
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
        { workDir: folder, key, secrets: ["hunter22"] },
      );
    } finally {
      own.close();
    }
  }

  /** A fixed time would be too short on a busy machine. */
  async function untilSaid(wanted: string) {
    while (!said.some((line) => line.includes(wanted))) await sleep(20);
  }

  beforeEach(async () => {
    said.length = 0;
    await onHost(sshd, (c) => c.exec(`rm -rf ${workDir}/runs`, { sudo: true }));
  });

  it("ends well when it exits 0 and says its marker", async () => {
    await run({ script: "echo one; echo pass hunter22; echo done" });
    assert.ok(said.includes("one"));
    assert.ok(said.includes("pass ***"));
  });

  it("keeps its folder from everyone else", async () => {
    const modes = await onHost(sshd, (c) =>
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
    await untilSaid("line 2");
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
    const count = await onHost(sshd, (c) => c.exec(`wc -l < ${workDir}/count`, { sudo: true }));
    assert.equal(count.stdout.trim(), "1");
    assert.ok(said.some((line) => line.includes("following it")));
  });

  it("is taken as done when it ended well while nobody looked", async () => {
    const script = `echo x >> ${workDir}/count2; echo done`;
    await run({ script });
    await onHost(sshd, (c) => c.exec(`rm ${workDir}/runs/job/seen`, { sudo: true }));
    await run({ script });
    const count = await onHost(sshd, (c) => c.exec(`wc -l < ${workDir}/count2`, { sudo: true }));
    assert.equal(count.stdout.trim(), "1");
  });

  it("begins afresh once its end was seen, and keeps the earlier log", async () => {
    await failure(run({ script: "echo first; exit 1" }));
    await run();
    const log = await onHost(sshd, (c) => c.exec(`cat ${workDir}/runs/job.1/log`, { sudo: true }));
    assert.equal(log.stdout, "first\n");
  });

  it("refuses a second run beside the first", async () => {
    const first = run({ script: "sleep 3; echo done" });
    await untilSaid("started on");
    const error = await failure(run({ name: "other" }));
    assert.equal(error.kind, "run-busy");
    assert.match(error.message, /still going on .*: job/);
    await first;
  });

  it("says so when it was killed, and where the log is", async () => {
    const work = failure(run({ script: "sleep 30; echo done" }));
    await untilSaid("started on");
    await onHost(sshd, (c) =>
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
    await onHost(sshd, (c) =>
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

  it("is heard of as soon as it has ended", async () => {
    await run({ script: `sleep 2; date +%s%3N > ${workDir}/end; echo done` });
    const back = Date.now();
    const end = await onHost(sshd, (c) => c.exec(`cat ${workDir}/end`, { sudo: true }));
    // Measured: under half a second. The rest is for a busy machine.
    assert.ok(back - Number(end.stdout) < 2000, `${back - Number(end.stdout)} ms`);
  });

  describe("on a disk without room", () => {
    const folder = "/small/work";
    const fill = "cat /dev/zero > /small/fill 2>/dev/null; true";

    beforeEach(async () => {
      await onHost(sshd, async (c) => {
        await c.exec("rm -rf /small/fill /small/work", { sudo: true });
        await prepareWorkDir(c, folder);
      });
    });

    it("is not started, and the full disk is named", async () => {
      await onHost(sshd, (c) => c.exec(fill, { sudo: true }));
      const error = await failure(run({ folder }));
      assert.equal(error.kind, "disk-full");
      assert.match(error.message, /start the run "the job": the disk is full[\s\S]*df -h/);
    });

    it("ends with its own status when it fills the disk, not as killed", async () => {
      const script = `${fill}; cat /dev/zero > /small/more; exit 3`;
      const error = await failure(run({ folder, script }));
      assert.equal(error.kind, "run-failed");
      assert.match(error.message, /status 3/);
    });
  });
});
