import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { EngineProject } from "./support/plugins/command-project";

/** A run of the engine takes about 3 s; a test makes a few, on machines that may be busy. */
const runTimeoutMilliseconds = 300_000;

const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

async function until(what: string, test: () => boolean): Promise<void> {
  for (let i = 0; i < 1_200; i += 1) {
    if (test()) return;
    await delay(100);
  }
  assert.fail(`${what} did not come true within 2 minutes`);
}

describe("the real engine on the stand-ins for language host, random and command", function () {
  this.timeout(runTimeoutMilliseconds);
  let project: EngineProject;
  before(async () => {
    project = new EngineProject();
    await project.succeed("stack", "init", "dev");
  });
  after(() => project.remove());

  function program(of: { create?: string; trigger?: string }): void {
    project.program(`
      const password = new random.RandomPassword("password", { length: 24 });
      const first = new command.local.Command("first", {
        create: ${JSON.stringify(of.create ?? "echo made; cat >/dev/null")},
        delete: "echo $PULUMI_COMMAND_STDOUT > " + ${JSON.stringify(join(project.folder, "gone"))},
        stdin: password.result,
        environment: { KEY: pulumi.secret("hush-hush") },
        triggers: [${JSON.stringify(of.trigger ?? "1")}],
      });
      new command.local.Command("second", { create: pulumi.interpolate\`echo \${first.stdout}\` });
      export const out = first.stdout;
      export const secret = password.result;`);
  }

  it("creates what a program asks for, and then sees no change", async () => {
    program({});
    assert.deepEqual(await project.plan(), {
      password: "create",
      first: "create",
      second: "create",
    });
    await project.succeed("up", "--yes", "--skip-preview");
    const { first, second, password } = await project.resources();
    assert.equal(first?.outputs?.stdout, "made");
    assert.equal(second?.outputs?.stdout, "made");
    assert.equal(password?.id, "none");
    await project.succeed("preview", "--expect-no-changes");
  });

  it("keeps secrets encrypted in state and hidden in output", async () => {
    const open = await project.resources();
    const result = open.password?.outputs?.result as { plaintext: string };
    const password = JSON.parse(result.plaintext) as string;
    assert.equal(password.length, 24);
    const sealed = JSON.stringify(await project.resources(false));
    assert.ok(!sealed.includes(password) && !sealed.includes("hush-hush"));
    const environment = open.first?.outputs?.environment as Record<string, Record<string, string>>;
    assert.equal(environment.KEY?.["4dabf18193072939515e22adb298388d"], secretSignature);
    const shown = await project.succeed("preview", "--diff", "--refresh");
    assert.ok(!shown.includes(password) && !shown.includes("hush-hush"));
  });

  it("updates on a changed command, replaces on a changed trigger, and says so before", async () => {
    program({ create: "echo again; cat >/dev/null" });
    const shown = await project.succeed("preview", "--diff");
    assert.match(
      shown,
      /~ create: "echo made; cat >\/dev\/null" => "echo again; cat >\/dev\/null"/,
    );
    assert.match(shown, /~ create: "echo made" => \[unknown\]/);
    assert.deepEqual(await project.plan(), { first: "update", second: "update" });

    program({ create: "echo again; cat >/dev/null", trigger: "2" });
    const plan = await project.plan();
    assert.equal(plan.first, "replace");
    await project.succeed("up", "--yes", "--skip-preview");
    assert.equal((await project.resources()).second?.outputs?.stdout, "again");
    assert.equal(readFileSync(join(project.folder, "gone"), "utf8"), "made\n");
  });

  it("fails with the command's output, and finishes once the command is mended", async () => {
    program({ create: "echo wrong way >&2; exit 7", trigger: "2" });
    const { code, output } = await project.run("up", "--yes", "--skip-preview");
    assert.notEqual(code, 0);
    assert.match(output, /exit status 7: running "echo wrong way >&2; exit 7":\s+wrong way/);
    program({ create: "echo right; cat >/dev/null", trigger: "2" });
    await project.succeed("up", "--yes", "--skip-preview");
    assert.equal((await project.resources()).first?.outputs?.stdout, "right");
  });

  for (const [what, signal] of [
    ["killed", "SIGKILL"],
    ["cancelled", "SIGINT"],
  ] as const) {
    it(`leaves no process behind when ${what} while a command runs, and runs again`, async () => {
      const marker = join(project.folder, "running");
      rmSync(marker, { force: true });
      program({ create: `touch ${marker}; sleep 300`, trigger: "2" });
      const { child, end } = project.start(["up", "--yes", "--skip-preview"]);
      await until("the command's start", () => existsSync(marker));
      assert.ok(project.processes().some((line) => line.includes("sleep 300")));
      child.kill(signal);
      await end;
      await until("the end of every process", () => project.processes().length === 0);

      program({ create: "echo right; cat >/dev/null", trigger: "2" });
      // A killed engine leaves its lock on the stack.
      if (signal === "SIGKILL") await project.succeed("cancel", "--yes");
      await project.succeed("up", "--yes", "--skip-preview");
      assert.equal((await project.resources()).first?.outputs?.stdout, "right");
    });
  }

  it("runs delete commands on destroy and forgets everything", async () => {
    rmSync(join(project.folder, "gone"), { force: true });
    await project.succeed("destroy", "--yes", "--skip-preview");
    assert.equal(readFileSync(join(project.folder, "gone"), "utf8"), "right\n");
    assert.deepEqual(await project.resources(), {});
    assert.deepEqual(project.processes(), []);
  });
});
