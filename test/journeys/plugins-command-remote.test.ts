import assert from "node:assert/strict";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { newEd25519Key } from "../../rehearsal/hosts/ed25519-key";
import { EngineProject } from "./support/plugins/command-project";
import { PASSWORD, type RealSshd, startSshd } from "./support/real-sshd";

/** A run of the engine takes about 3 s; a test makes a few, on machines that may be busy. */
const runTimeoutMilliseconds = 300_000;

describe("remote commands and copies against a real SSH server", function () {
  this.timeout(runTimeoutMilliseconds);
  let project: EngineProject;
  let sshd: RealSshd;
  before(async () => {
    project = new EngineProject();
    sshd = await startSshd(await freePort());
    await project.succeed("stack", "init", "dev");
    const source = join(project.folder, "source/deep");
    mkdirSync(source, { recursive: true });
    writeFileSync(join(source, "file.txt"), "content\n");
    writeFileSync(join(project.folder, "one.txt"), "one\n");
  });
  after(() => {
    sshd?.stop();
    project?.remove();
  });

  function program(of: { password?: string; hostKey?: string; note?: string }): void {
    const connection = {
      host: "127.0.0.1",
      port: sshd.port,
      user: "plain",
      hostKey: of.hostKey ?? sshd.hostKeys[0],
      dialErrorLimit: 1,
    };
    const path = (name: string) => JSON.stringify(join(project.folder, name));
    project.program(`
      const connection = {
        ...${JSON.stringify(connection)},
        password: pulumi.secret(${JSON.stringify(of.password ?? PASSWORD)}),
      };
      const folder = new command.remote.CopyToRemote("folder", {
        connection, remotePath: "/tmp/trial/made", source: new pulumi.asset.FileArchive(${path("source")}),
      });
      const file = new command.remote.CopyToRemote("file", {
        connection, remotePath: "/tmp/trial", source: new pulumi.asset.FileAsset(${path("one.txt")}),
      }, { dependsOn: folder });
      const text = new command.remote.CopyToRemote("text", {
        connection, remotePath: "/tmp/trial/text", source: new pulumi.asset.StringAsset(${JSON.stringify(of.note ?? "note")}),
      }, { dependsOn: file });
      const list = new command.remote.Command("list", {
        connection, stdin: "input",
        create: "cd /tmp/trial; id -un; cat; echo; find . -type f | sort; cat text; stat -c %a one.txt",
        delete: "test -d /tmp/trial",
        triggers: [text.source],
      }, { dependsOn: text });
      export const out = list.stdout;`);
  }

  it("copies a folder, a file and a text, runs with input, and then sees no change", async () => {
    program({});
    await project.succeed("up", "--yes", "--skip-preview");
    const { list } = await project.resources();
    assert.deepEqual(String(list?.outputs?.stdout).split("\n"), [
      "plain",
      "input",
      "./made/source/deep/file.txt",
      "./one.txt",
      "./text",
      "note644",
    ]);
    await project.succeed("preview", "--expect-no-changes");
  });

  it("keeps the connection secret as a whole, its password again inside", async () => {
    const sealed = JSON.stringify(await project.resources(false));
    assert.ok(!sealed.includes(JSON.stringify(PASSWORD).slice(1, -1)));
    assert.ok(!sealed.includes("ssh-ed25519"));
    const { list } = await project.resources();
    const { plaintext } = (list?.outputs?.connection ?? {}) as { plaintext: string };
    const connection = JSON.parse(plaintext) as Record<string, unknown>;
    assert.equal(connection.user, "plain");
    assert.equal(connection.perDialTimeout, 15);
  });

  it("copies again only what changed", async () => {
    writeFileSync(join(project.folder, "one.txt"), "changed\n");
    program({ note: "other" });
    const plan = await project.plan();
    assert.deepEqual(plan, { file: "update", text: "update", list: "replace" });
    await project.succeed("up", "--yes", "--skip-preview");
  });

  it("names a wrong password and a changed host key, shows no password, and recovers", async () => {
    program({ password: "wrong-password", note: "third" });
    const wrong = await project.run("up", "--yes", "--skip-preview");
    assert.notEqual(wrong.code, 0);
    assert.match(wrong.output, /after 1 failed attempts: .*unable to authenticate/);
    assert.ok(!wrong.output.includes("wrong-password"));

    program({ hostKey: newEd25519Key().public, note: "third" });
    const changed = await project.run("up", "--yes", "--skip-preview");
    assert.notEqual(changed.code, 0);
    assert.match(
      changed.output,
      /after 1 failed attempts: ssh: handshake failed: ssh: host key mismatch/,
    );

    program({ note: "third" });
    await project.succeed("up", "--yes", "--skip-preview");
    await project.succeed("destroy", "--yes", "--skip-preview");
  });

  it("goes through a bastion, and has scripts of their own for updates and the end", async () => {
    const end = {
      host: "127.0.0.1",
      port: sshd.port,
      user: "plain",
      password: PASSWORD,
      hostKey: sshd.hostKeys[0],
    };
    const through = (note: string, proxyPassword: string) =>
      project.program(`
      const connection = pulumi.secret({
        ...${JSON.stringify(end)},
        dialErrorLimit: 1,
        proxy: { ...${JSON.stringify({ ...end, dialErrorLimit: 1 })}, password: ${JSON.stringify(proxyPassword)} },
      });
      const copy = new command.remote.CopyToRemote("copy", {
        connection, remotePath: "/tmp/note", source: new pulumi.asset.StringAsset(${JSON.stringify(note)}),
      });
      export const out = new command.remote.Command("way", {
        connection, environment: {}, addPreviousOutputInEnv: false,
        create: "echo created; cat /tmp/note", update: "echo updated; cat /tmp/note", delete: "rm /tmp/note",
        stdin: ${JSON.stringify(note)},
      }, { dependsOn: copy }).stdout;`);
    const said = async () => String((await project.resources()).way?.outputs?.stdout);
    through("first", PASSWORD);
    await project.succeed("up", "--yes", "--skip-preview");
    assert.equal(await said(), "created\nfirst");
    through("second", PASSWORD);
    assert.equal((await project.plan()).way, "update");
    await project.succeed("up", "--yes", "--skip-preview");
    assert.equal(await said(), "updated\nsecond");

    through("third", "wrong-password");
    const wrong = await project.run("up", "--yes", "--skip-preview");
    assert.match(wrong.output, /proxy: after 1 failed attempts: .*unable to authenticate/);
    assert.ok(!wrong.output.includes("wrong-password"));
    through("third", PASSWORD);
    await project.succeed("destroy", "--yes", "--skip-preview");
    assert.ok(!existsSync("/tmp/note"), "the host is not this machine");
  });
});

async function freePort(): Promise<number> {
  return await new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
