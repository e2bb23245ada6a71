import assert from "node:assert/strict";
import fc from "fast-check";
import { explainFailure } from "../../components/cluster/kubekey/failure-hints";
import { judge } from "../../ssh/detached-run";
import { LineSplitter } from "../../ssh/line-splitter";
import { RunLog } from "../../ssh/run-log";
import { quote } from "../../ssh/shell-quote";
import { tunnelPort } from "../../ssh/tunnel";

const done = "Pipeline[CreateClusterPipeline] execute successfully";

function outcome(state: string, ...lines: string[]) {
  const log = new RunLog([done], ["hunter22"]);
  for (const line of lines) log.add(line);
  return judge("installer", { title: "create" }, state, log, "/w/runs/x/log", explainFailure);
}

describe("the outcome of a run", () => {
  it("is good only with status 0 and every marker", () => {
    assert.equal(outcome("ended 0", `12:00 ${done}`), undefined);
    assert.equal(outcome("ended 0")?.kind, "run-without-marker");
    assert.equal(outcome("ended 1", done)?.kind, "run-failed");
    assert.equal(outcome("killed", done)?.kind, "run-killed");
    assert.equal(outcome("none", done)?.kind, "run-killed");
  });

  const known: [string, RegExp, RegExp][] = [
    ["write /x: no space left on device", /cause: a disk is full/, /free space on the host/],
    ["[FATA] x509: certificate signed by unknown authority", /does not trust/, /certs\.d/],
    [
      "ssh: handshake failed: ssh: unable to authenticate",
      /could not log in/,
      /accepts the site's login/,
    ],
    ["panic: runtime error", /kk itself crashed/, /keep the log/],
    ["error: sitewright: stopped: took longer than 5 seconds", /took too long/, /host's load/],
  ];
  for (const [line, cause, next] of known) {
    it(`explains "${line.slice(0, 40)}"`, () => {
      const problem = outcome("ended 1", line);
      assert.match(problem?.message ?? "", cause);
      assert.match(problem?.nextStep ?? "", next);
    });
  }

  it("quotes the fatal line, not the first that merely sounds bad", () => {
    const problem = outcome("ended 1", "error: will retry", "12:00 [FATA] no such host");
    assert.match(problem?.message ?? "", /\| 12:00 \[FATA\] no such host/);
  });

  it("never shows a secret that the log holds", () => {
    const problem = outcome("ended 1", "[FATA] docker login -p hunter22 failed");
    assert.match(problem?.message ?? "", /login -p \*\*\* failed/);
  });
});

describe("reading output in pieces", () => {
  it("finds the same lines however the bytes are cut", () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: "grapheme" }).map((s) => s.replace(/[\r\n]/g, ""))),
        fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
        (lines, sizes) => {
          const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(""));
          const found: string[] = [];
          const splitter = new LineSplitter((line) => found.push(line));
          for (let at = 0, turn = 0; at < bytes.length; turn++) {
            const size = sizes[turn % sizes.length] ?? 1;
            splitter.push(bytes.subarray(at, at + size));
            at += size;
          }
          splitter.end();
          // A lone half of a pair is no text and becomes the replacement character on its way.
          assert.deepEqual(
            found,
            lines.map((line) => Buffer.from(line).toString()),
          );
        },
      ),
    );
  });
});

describe("quoting for the shell", () => {
  it("leaves plain words alone and wraps all others", () => {
    assert.equal(quote("/var/lib/x-1.yaml"), "/var/lib/x-1.yaml");
    assert.equal(quote(""), "''");
    assert.equal(quote("it's $HOME"), `'it'\\''s $HOME'`);
  });
});

describe("the tunnel's port", () => {
  it("depends on the site alone and is one that a system does not hand out", () => {
    fc.assert(
      fc.property(fc.string(), (site) => {
        const port = tunnelPort(site);
        assert.equal(port, tunnelPort(site));
        assert.ok(port >= 21000 && port < 29000);
      }),
    );
  });
});
