import assert from "node:assert/strict";
import { runtimeOptions, shellWords } from "../../../rehearsal/plugins/language/options";
import type { PropertyValue } from "../../../rehearsal/plugins/protocol/values";

describe("runtime options", () => {
  it("load TypeScript unless told otherwise", () => {
    const usual = { typescript: true, nodeArgs: [], tsconfig: undefined };
    assert.deepEqual(runtimeOptions({}), usual);
    assert.deepEqual(runtimeOptions({ typescript: false, packagemanager: "npm" }), {
      ...usual,
      typescript: false,
    });
  });

  const lines: readonly [string, string[]][] = [
    ["", []],
    ["  --a   -b ", ["--a", "-b"]],
    [`--require "./my hook.js" '--x=a b'`, ["--require", "./my hook.js", "--x=a b"]],
    [String.raw`a\ b "c\"d" '\'`, ["a b", 'c"d', "\\"]],
    [`""`, [""]],
  ];
  for (const [line, words] of lines) {
    it(`split node arguments as a shell does: ${line}`, () => {
      assert.deepEqual(shellWords(line), words);
    });
  }

  const faults: readonly [PropertyValue, RegExp][] = [
    [{ typescript: "yes" }, /"typescript" needs true or false, not "yes"/],
    [{ nodeargs: ["--a"] }, /"nodeargs" needs a string/],
    [{ nodeargs: "'open" }, /misses a closing '/],
    [{ tsconfig: 1 }, /"tsconfig" needs a path, not 1/],
  ];
  for (const [options, message] of faults) {
    it(`refuse ${JSON.stringify(options)}, naming the option`, () => {
      assert.throws(() => runtimeOptions(options), message);
    });
  }
});
