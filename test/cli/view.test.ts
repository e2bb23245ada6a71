import { strict as assert } from "node:assert";
import { painter } from "../../cli/view/colours";
import { progressOf } from "../../cli/view/progress";
import { tableLines } from "../../cli/view/table";

const terminal = { isTTY: true, columns: 40, write: () => {} };

describe("what a person sees", () => {
  it("has colours on a terminal only, and not when NO_COLOR asks for none", () => {
    assert.equal(painter(terminal, {})("red", "x"), "\u001b[31mx\u001b[39m");
    assert.equal(painter({ ...terminal, isTTY: false }, {})("red", "x"), "x");
    assert.equal(painter(terminal, { NO_COLOR: "1" })("red", "x"), "x");
    assert.equal(painter(terminal, { NO_COLOR: "" })("red", "x"), "\u001b[31mx\u001b[39m");
    assert.equal(painter(terminal, { TERM: "dumb" })("red", "x"), "x");
  });

  it("lines up columns, wide characters included, and continues a long last cell below itself", () => {
    const rows = [{ cells: ["主机", "ok"] }, { cells: ["b", "one two three four five six seven"] }];
    assert.deepEqual(tableLines(["name", "what"], rows, 20), [
      "name  what",
      "主机  ok",
      "b     one two three four five",
      "      six seven",
    ]);
  });

  it("lets no host move the cursor or ring the bell", () => {
    const [, line] = tableLines(["a"], [{ cells: ["x\u001b[2J\u0007\n\u009b5y"] }]);
    assert.equal(line, "x [2J   5y");
  });

  it("shows progress as one line that is rewritten, or as a line for each thing done", () => {
    const said: string[] = [];
    const write = (text: string) => said.push(text);
    const live = progressOf({ ...terminal, write }, "look", ["a", "b"]);
    live.done("b");
    live.end();
    assert.deepEqual(said, [
      "\r\u001b[Klook 0/2  waiting for a, b",
      "\r\u001b[Klook 1/2  waiting for a",
      "\r\u001b[K",
    ]);
    said.length = 0;
    const plain = progressOf({ write }, "look", ["a", "b"]);
    plain.done("b");
    plain.end();
    assert.deepEqual(said, ["look 1/2  b\n"]);
  });
});
