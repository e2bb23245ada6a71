import assert from "node:assert/strict";
import fc from "fast-check";
import { checked, isKnown, UnknownValue, unknownText } from "../../../policies/support/unknown";

/** Any value with an unknown text somewhere in it, and the path to that. */
const withUnknown = fc
  .array(fc.string({ minLength: 1, maxLength: 4 }), { minLength: 1 })
  .map((path): { value: object; path: readonly string[] } => {
    const nest = ([key = "", ...others]: readonly string[]): object => ({
      known: 1,
      [key]: others.length === 0 ? unknownText : nest(others),
    });
    return { value: nest(path), path };
  });

const read = (value: unknown, path: readonly string[]) =>
  path.reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], value);

describe("Values that only the update will know", () => {
  it("are never given out: reading one throws, and says where it stands", () => {
    fc.assert(
      fc.property(withUnknown, ({ value, path }) => {
        fc.pre(!path.includes("__proto__"));
        assert.throws(
          () => read(checked(value), path),
          (error: unknown) =>
            error instanceof UnknownValue && error.path.join("\n") === path.join("\n"),
        );
      }),
    );
  });

  it("do not keep anybody from what stands beside them", () => {
    const value = checked({
      data: { password: unknownText, host: "db" },
      list: ["a", unknownText],
    });
    assert.equal(value.data.host, "db");
    assert.equal(value.list[0], "a");
    assert.equal(value.list.length, 2);
    assert.deepEqual(Object.keys(value.data), ["password", "host"]);
    assert.throws(() => value.list.map((item) => item), UnknownValue);
  });

  it("can be asked for before they are read", () => {
    const { data, list } = checked({
      data: { password: unknownText, host: "db" },
      list: ["a", unknownText],
    });
    assert.deepEqual(
      [isKnown(data, "password"), isKnown(data, "host"), isKnown(data, "none")],
      [false, true, true],
    );
    assert.deepEqual([isKnown(list, 0), isKnown(list, 1)], [true, false]);
    assert.ok(isKnown({ host: "db" }, "host"), "of a value without any, too");
  });

  it("leave a value without any as it is", () => {
    const value = { deep: [{ text: "a" }] };
    assert.equal(checked(value), value);
    assert.equal(checked("text"), "text");
  });
});
