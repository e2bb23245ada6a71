import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { blocks, byUrgency, parseFindings } from "../../components/hosts/findings";
import { preflightScript, siteMark } from "../../components/hosts/preflight-script";
import type { PreflightCheck } from "../../site/blueprint-types";

/** Every different shell that is here; `sh` is often one of the others. */
const shells = [
  ...new Map(
    ["bash", "dash", "sh"]
      .map((shell) =>
        spawnSync("sh", ["-c", `command -v ${shell}`], { encoding: "utf8" }).stdout.trim(),
      )
      .filter((path) => path !== "")
      .map((path) => [realpathSync(path), path]),
  ).values(),
].map((path) => basename(path));

function check(id: string, part: Partial<PreflightCheck>): PreflightCheck {
  return {
    id,
    title: `Title of ${id}`,
    severity: "blocking",
    probe: "true",
    comparison: "empty",
    needed: "",
    unit: "",
    remedy: `remedy of ${id}`,
    ...part,
  };
}

function script(checks: readonly PreflightCheck[], nowSeconds?: number): string {
  const now = nowSeconds === undefined ? {} : { nowSeconds };
  return preflightScript({ site: "site-a", host: "node-1", checks, ...now });
}

/** Runs the script the way a host gets it: on standard input of a shell. */
function run(shell: string, checks: readonly PreflightCheck[], mode: string) {
  const done = spawnSync(shell, ["-s", mode], {
    input: script(checks),
    encoding: "utf8",
    timeout: 15_000,
  });
  return { ...done, findings: parseFindings("node-1", checks, done.stdout) };
}

type Row = readonly [id: string, probe: string, comparison: string, needed: string, ok: boolean];

const rows: readonly Row[] = [
  ["more", "echo 8", "at-least", "4", true],
  ["exact", "echo 4", "at-least", "4", true],
  ["fewer", "echo 3", "at-least", "4", false],
  ["fraction-under", "echo 3.999", "at-least", "4", false],
  ["fraction-over", "echo 4.0001", "at-least", "4", true],
  ["needed-fraction", "echo 7.5", "at-least", "7.6", false],
  ["leading-zeros", "echo 0010", "at-least", "9", true],
  ["zero", "echo 000", "at-most", "0", true],
  ["negative", "echo -3", "at-most", "2", true],
  ["negative-fraction", "echo -0.5", "at-least", "0", false],
  ["blanks-around", "printf '  5 \\n'", "at-least", "5", true],
  ["words", "echo many", "at-least", "0", false],
  ["word-that-is-arithmetic", "echo '1+x[$(touch /nowhere/a)]'", "at-least", "0", false],
  ["huge-number", "echo 99999999999999999999", "at-least", "1", false],
  ["no-number", "true", "at-most", "5", false],
  ["two-lines-of-numbers", "echo 5; echo 6", "at-least", "1", false],
  ["only-a-dot", "echo .", "at-least", "0", false],
  ["equal", "echo x86_64", "equals", "x86_64", true],
  ["unequal", "echo aarch64", "equals", "x86_64", false],
  ["equal-with-quotes", 'echo "it\'s"', "equals", "it's", true],
  ["pattern-is-literal", "echo abc", "equals", "a*", false],
  ["one-of", "echo debian", "one-of", "ubuntu, debian centos", true],
  ["one-of-pattern", "echo anything", "one-of", "* other", false],
  ["one-of-none", "true", "one-of", "a|b", false],
  ["empty", "true", "empty", "", true],
  ["empty-but-failed", "ls /nowhere/at/all", "empty", "", true],
  ["empty-command-v", "command -v no-such-program", "empty", "", true],
  ["empty-missing-command", "no-such-program", "empty", "", false],
  ["not-empty", "echo /opt/harbor; echo /etc/kubernetes", "empty", "", false],
  ["reads-stdin", "cat", "empty", "", true],
  ["syntax-error", "if", "equals", "x", false],
];

describe("the preflight script", () => {
  const checks = rows.map(([id, probe, comparison, needed]) =>
    check(id, { probe, comparison: comparison as PreflightCheck["comparison"], needed }),
  );

  for (const shell of shells) {
    it(`compares as the table says under ${shell}`, () => {
      const { findings, stderr, status } = run(shell, checks, "report");
      assert.deepEqual(
        findings.map(({ id, ok }) => [id, ok]),
        rows.map(([id, , , , ok]) => [id, ok]),
      );
      assert.equal(status, 1);
      for (const [id, , , , ok] of rows) {
        assert.equal(stderr.includes(`remedy of ${id}\n`), !ok, `${id} in the list`);
      }
    });

    it(`carries hostile answers safely under ${shell}`, () => {
      const hostile: readonly (readonly [string, string, string])[] = [
        ["quotes", `printf '%s' '"\\ '"'"' $HOME \`id\` $(id)'`, `"\\ ' $HOME \`id\` $(id)`],
        ["newlines", "printf 'a\\n\\nb\\n\\n'", "a, , b"],
        ["control", "printf 'a\\033[31mb\\tc\\r\\n\\007'", "a?[31mb c , ?"],
        ["not-utf8", "printf '\\377\\376x'", "??x"],
        ["nul", "printf 'a\\000b'", "ab"],
        ["looks-like-json", `echo '{"id":"quotes","ok":true}'`, '{"id":"quotes","ok":true}'],
        ["format", "echo '%s %n %d'", "%s %n %d"],
        ["option", "printf %s -n", "-n"],
        ["glob", "echo '/*'", "/*"],
        ["mark", "printf 's0\\nv1\\ne2\\n'", "s0, v1, e2"],
        ["fault", "no-such-program", ""],
      ];
      const asked = hostile.map(([id, probe]) => check(id, { probe, comparison: "equals" }));
      const { findings } = run(shell, asked, "report");
      for (const [index, [id, , given]] of hostile.entries()) {
        const finding = findings[index];
        assert.equal(finding?.ok, false, id);
        if (id === "fault") assert.match(finding?.given ?? "", /no-such-program.*not found/);
        else assert.equal(finding?.given, given, id);
      }
    });

    it(`keeps only the beginning of an endless answer under ${shell}`, () => {
      const endless = check("endless", { probe: "yes 'ab\"'", comparison: "equals" });
      const { findings, status } = run(shell, [endless], "report");
      assert.equal(status, 1);
      assert.equal(findings[0]?.given.startsWith('ab", ab", ab"'), true);
      assert.ok((findings[0]?.given.length ?? 0) < 3000);
    });

    it(`lists what is needed, given and next on standard error under ${shell}`, () => {
      const cpus = check("cpus", {
        title: 'CPU\'s "cores"',
        probe: "echo 2",
        comparison: "at-least",
        needed: "4",
        unit: "cores",
        remedy: "give the host 4 $CORES",
      });
      const { stderr, stdout } = run(shell, [cpus], "gate");
      assert.equal(
        stderr,
        "node-1: 1 in the way of a delivery\n" +
          '  CPU\'s "cores" (cpus): needed at least 4 cores, given 2\n' +
          "    next: give the host 4 $CORES\n",
      );
      assert.equal(stdout, "", "a gate that is shut says only why");
    });

    it(`ends with 0 and tells everything when only warnings are unmet under ${shell}`, () => {
      const warning = check("swap", { severity: "warning", probe: "echo on" });
      const { findings, stderr, status } = run(shell, [warning], "gate");
      assert.equal(status, 0);
      assert.equal(stderr, "");
      assert.deepEqual(
        findings.map(({ ok, given }) => [ok, given]),
        [[false, "on"]],
      );
    });
  }

  it("is not confused by a host without timeout, and does without a writable disk", () => {
    const done = spawnSync("sh", ["-s", "report"], {
      input: `timeout() { return 127; }\n${script(checks.slice(0, 3))}`,
      encoding: "utf8",
      env: { PATH: process.env.PATH ?? "", TMPDIR: "/nowhere" },
    });
    assert.deepEqual(
      parseFindings("node-1", checks.slice(0, 3), done.stdout).map(({ ok }) => ok),
      [true, true, false],
    );
  });

  it("gives up on a probe that hangs", () => {
    const text = script([check("slow", { probe: "sleep 60" })]);
    const done = spawnSync("sh", ["-s", "report"], {
      input: text.replaceAll("timeout 25", "timeout 0.2"),
      encoding: "utf8",
      timeout: 10_000,
    });
    assert.match(done.stderr, /given no answer within 25 seconds/);
  });

  it("offers the operator's clock to probes, and leaves those that need it out of a deployment", () => {
    const skew = check("skew", {
      probe: 'echo "$SITEWRIGHT_NOW"',
      comparison: "one-of",
      needed: "17,18",
    });
    const done = spawnSync("sh", ["-s", "report"], {
      input: script([skew], 17.2),
      encoding: "utf8",
    });
    assert.equal(parseFindings("node-1", [skew], done.stdout)[0]?.ok, true);
    assert.doesNotMatch(script([skew]), /Title of skew/);
  });

  it("does not ask a host of this site what only a fresh host must answer", () => {
    const folder = mkdtempSync(join(tmpdir(), "sitewright-mark-"));
    const mark = join(folder, "site");
    const used = check("ports", { probe: "echo 6443", freshHostOnly: true });
    const swap = check("swap", { probe: "echo on" });
    const look = () => {
      const input = script([used, swap]).replaceAll(siteMark, mark);
      const done = spawnSync("sh", ["-s", "report"], { input, encoding: "utf8" });
      return parseFindings("node-1", [used, swap], done.stdout).map(({ ok }) => ok);
    };
    assert.deepEqual(look(), [false, false]);
    writeFileSync(mark, "site-b\n");
    assert.deepEqual(look(), [false, false], "another site's host is not fresh for this one");
    writeFileSync(mark, "site-a\n");
    assert.deepEqual(look(), [true, false]);
    rmSync(folder, { recursive: true });
  });

  it("does nothing at all when it arrives only in part", () => {
    const text = script(checks);
    const part = text.slice(0, text.lastIndexOf("main\n"));
    const done = spawnSync("sh", ["-s", "report"], { input: part, encoding: "utf8" });
    assert.equal(done.stdout, "");
    assert.equal(parseFindings("node-1", checks, done.stdout).filter(blocks).length, rows.length);
  });

  it("is the same text every time and refuses checks that cannot be compared", () => {
    assert.equal(script(checks), script(checks));
    for (const needed of ["", "four", "1e400"]) {
      const odd = check("odd", { comparison: "at-least", needed });
      assert.throws(() => script([odd]), /odd: at-least needs a number/);
    }
    assert.throws(() => script([check("odd", { comparison: "one-of" })]), /choices/);
  });
});

describe("findings", () => {
  const checks = [
    check("a", { severity: "warning" }),
    check("b", {}),
    check("c", { comparison: "at-least", needed: "2", unit: "GiB" }),
  ];

  it("pass over what start-up files print and count a missing answer as unmet", () => {
    const output = 'Welcome!\n{"id":broken\n{"id":"b","severity":"x","value":"","ok":true}\n';
    const findings = parseFindings("h", checks, output);
    assert.deepEqual(
      findings.map(({ id, ok, given }) => [id, ok, given]),
      [
        ["a", false, "no answer"],
        ["b", true, "nothing"],
        ["c", false, "no answer"],
      ],
    );
    assert.equal(findings[2]?.needed, "at least 2 GiB");
  });

  it("put what blocks first and what is in order last", () => {
    const output = '{"id":"b","value":"","ok":true}\n';
    const ids = byUrgency(parseFindings("h", checks, output)).map(({ id }) => id);
    assert.deepEqual(ids, ["c", "a", "b"]);
  });
});
