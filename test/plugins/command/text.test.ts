import assert from "node:assert/strict";
import { globPattern } from "../../../rehearsal/plugins/command/glob";
import { quoted } from "../../../rehearsal/plugins/command/output";

describe("globs of assets", () => {
  const globs: readonly [string, string[], string[]][] = [
    ["*.txt", ["a.txt", ".txt"], ["b/a.txt", "a.txt.gz"]],
    ["**.js", ["a.js", "b/c/a.js"], ["a.jsx"]],
    ["src/**", ["src/a", "src/b/c"], ["src", "lib/src/a"]],
    ["a?c", ["abc"], ["ac", "a/c", "abbc"]],
    ["[a-c]x", ["ax", "cx"], ["dx"]],
    ["[!a]x", ["bx"], ["ax"]],
    ["{a,b/*}.log", ["a.log", "b/c.log"], ["c.log", "b/c/d.log"]],
    ["a+(b).c", ["a+(b).c"], ["aab.c"]],
    ["\\*", ["*"], ["a"]],
  ];
  for (const [glob, matching, other] of globs) {
    it(`${glob} picks ${matching} and not ${other}`, () => {
      for (const path of matching) assert.match(path, globPattern(glob));
      for (const path of other) assert.doesNotMatch(path, globPattern(glob));
    });
  }

  it("are refused when a bracket is left open", () => {
    assert.throws(() => globPattern("a[b"), /misses a closing \]/);
    assert.throws(() => globPattern("{a"), /misses a closing }/);
  });
});

describe("a command in an error message", () => {
  const texts: readonly [string, string][] = [
    ["plain", '"plain"'],
    ['a "b" \\', '"a \\"b\\" \\\\"'],
    ["a\nb\tc\r", '"a\\nb\\tc\\r"'],
    ["\u0000\u0007\u001b\u007f", '"\\x00\\a\\x1b\\x7f"'],
    ["größe", '"größe"'],
  ];
  for (const [text, expected] of texts) {
    it(`is quoted as ${expected}`, () => {
      assert.equal(quoted(text), expected);
    });
  }
});
