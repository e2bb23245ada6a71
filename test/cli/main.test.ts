import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CommanderError } from "commander";
import { allCommands } from "../../cli/commands";
import { exitCodeTable } from "../../cli/exit-codes";
import { tellFailure } from "../../cli/failure";
import { helpText } from "../../cli/help";
import { main } from "../../cli/main";
import { RunError } from "../../site/run-error";

const root = join(__dirname, "../..");

/** One command line inside this process: code, standard output, standard error. */
async function run(...argv: readonly string[]): Promise<readonly [number, string, string]> {
  let [out, err] = ["", ""];
  const stderr = { write: (text: string) => (err += text) };
  const screens = { stdout: { write: (text: string) => (out += text) }, stderr };
  const exitCodeBefore = process.exitCode;
  try {
    const code = await main(argv, screens).catch((error: unknown) =>
      tellFailure(error, { stderr, env: {}, now: () => new Date(0) }),
    );
    return [code, out, err];
  } finally {
    process.exitCode = exitCodeBefore;
  }
}

describe("the command", () => {
  it("teaches with --help, on standard output", async () => {
    assert.deepEqual(await run("--help"), [0, helpText(), ""]);
    assert.deepEqual(await run("help"), [0, helpText(), ""]);
    assert.deepEqual(await run(), [2, helpText(), ""]);
    assert.match(helpText(), /\.\/sitewright rehearse site-a\n {2}\.\/sitewright test\n/);
  });

  it("names the nearest command, started for real from another folder", () => {
    const start = join(root, "toolchain/start.js");
    const done = spawnSync(process.execPath, [start, "preflihgt"], {
      cwd: tmpdir(),
      encoding: "utf8",
    });
    assert.equal(done.status, 2);
    assert.equal(
      done.stderr,
      'sitewright has no command "preflihgt"\n  next: did you mean ./sitewright preflight?\n',
    );
  });

  it("ends with 2 and no stack when an option is wrong, with a hint", async () => {
    const [code, , err] = await run("trust", "--yess");
    assert.equal(code, 2);
    assert.match(err, /unknown option '--yess'\n\(Did you mean --yes\?\)/);
    assert.doesNotMatch(err, /\n +at /);
  });

  it("explains one command", async () => {
    const [code, out] = await run("help", "trust");
    assert.equal(code, 0);
    assert.match(out, /Usage: sitewright trust \[options\] <site>/);
  });

  it("shows a mistake of the user as a message with the next step", async () => {
    const [code, , err] = await run("preflight", "no-such-site");
    assert.equal(code, 2);
    assert.match(err, /^no site "no-such-site"; there are: .*\n {2}next: /);
    assert.doesNotMatch(err, /\n +at /);
  });

  it("has help for every command but those that only the program calls", () => {
    const hidden = allCommands.filter(({ summary }) => !helpText().includes(summary));
    assert.deepEqual(
      hidden.map(({ name }) => name),
      ["step"],
    );
    for (const [code, meaning] of exitCodeTable)
      assert.ok(helpText().includes(`  ${code}  ${meaning}`));
  });
});

describe("a failure", () => {
  let state: string;
  let said: string;
  beforeEach(() => {
    state = mkdtempSync(join(tmpdir(), "sitewright-state-"));
    said = "";
  });
  afterEach(() => rmSync(state, { recursive: true, force: true }));
  const tell = (error: unknown, folder = state) =>
    tellFailure(error, {
      stderr: { write: (text: string) => (said += text) },
      env: { XDG_STATE_HOME: folder },
      now: () => new Date(0),
    });

  it("that its reader can mend is the message and its own exit code", () => {
    assert.equal(tell(new RunError("no", { nextStep: "yes", exitCode: 5 })), 5);
    assert.equal(said, "no\n  next: yes\n");
  });

  it("of ours is one line and a log file with the stack that only its owner reads", () => {
    assert.equal(tell(new Error("odd\u001b[2J", { cause: new Error("deeper") })), 1);
    const logs = join(state, "sitewright/logs");
    const [file = ""] = readdirSync(logs);
    assert.equal(
      said,
      `unexpected fault: odd [2J\n  next: try again; if it stays, report it with ${join(logs, file)}\n`,
    );
    assert.match(readFileSync(join(logs, file), "utf8"), /odd[\s\S]*\n +at [\s\S]*deeper/);
  });

  it("is told in full when no log can be written", () => {
    assert.equal(tell(new Error("odd"), "/dev/null"), 1);
    assert.match(said, /Error: odd\n +at /);
  });

  it("for want of disk space is a lack of this machine", () => {
    assert.equal(tell(Object.assign(new Error("no space left, write"), { code: "ENOSPC" })), 5);
    assert.match(said, /^this machine cannot write: .*no space left.*\n {2}next: free some space/);
  });

  it("of the command line is wrong usage, and help is none", () => {
    assert.equal(tell(new CommanderError(1, "commander.unknownOption", "x")), 2);
    assert.equal(tell(new CommanderError(0, "commander.helpDisplayed", "x")), 0);
  });
});
