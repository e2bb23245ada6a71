import assert from "node:assert/strict";
import fc from "fast-check";
import { RunError } from "../../site/run-error";
import { parseYaml } from "../../site/yaml-file";
import { resolve, smallSite } from "../support/sites";

/** Whatever is given, the only error that may come out is one that its reader can act on. */
function onlyRunErrors(work: () => unknown): boolean {
  try {
    work();
    return true;
  } catch (error) {
    assert.ok(error instanceof RunError, error instanceof Error ? error.stack : String(error));
    assert.ok(error.message.length < 20_000, "a message that nobody can read");
    return true;
  }
}

/** Paths of every value in a document. */
function pathsOf(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, item]) => pathsOf(item, [...path, key]))];
}

function replaced(document: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  const copy = Array.isArray(document) ? [...document] : { ...Object(document) };
  copy[key] = replaced(Object(document)[key], rest, value);
  return copy;
}

const nasty = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>(
    "__proto__",
    "constructor",
    "\u0000",
    "a\nb",
    "x".repeat(100_000),
    Number.MAX_VALUE,
    Number.NaN,
    -1,
    0.1,
    2 ** 53,
    [],
    {},
    null,
    undefined,
    JSON.parse('{"__proto__": {"replicas": 1}}'),
    JSON.parse('{"constructor": {"prototype": {}}}'),
    "255.255.255.255",
    "0.0.0.0/0",
    "192.0.2.1/32",
  ),
);

describe("Hostile input", () => {
  it("as any JSON never brings out anything but a RunError", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (data) => onlyRunErrors(() => resolve(data))),
      { numRuns: 30 },
    );
  });

  it("anywhere in a sound site never brings out anything but a RunError", () => {
    const paths = pathsOf(smallSite());
    fc.assert(
      fc.property(fc.constantFrom(...paths), nasty, (path, value) =>
        onlyRunErrors(() => resolve(replaced(smallSite(), path, value))),
      ),
      { numRuns: 60 },
    );
  });

  it("as a further key anywhere is always named", () => {
    const places = pathsOf(smallSite())
      .filter((path) => !path.includes("roles"))
      .filter((path) => !/^(workloads)?$/.test(path.join()) || path.length === 0)
      .filter((path) => isFixedObject(path));
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.stringMatching(/^[a-z]{3,12}Zz$/), (path, key) => {
        const data = replaced(smallSite(), [...path, key], 1);
        assert.throws(
          () => resolve(data),
          (error) => error instanceof RunError && error.message.includes(`given "${key}"`),
        );
      }),
      { numRuns: 20 },
    );
  });

  it("as any text never makes the YAML reader fail in another way", () => {
    const pieces = fc.constantFrom(
      "a: ",
      "- ",
      "[",
      "]",
      "{",
      "}",
      "&a ",
      "*a",
      "<<: ",
      "\n",
      "  ",
      "!!x ",
      "|",
      '"',
      "'",
      "# ",
      "? ",
      "\t",
      "%",
      "---",
      "é",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string()), { maxLength: 30 }), (parts) =>
        onlyRunErrors(() => parseYaml("a.yaml", parts.join("")).lineOf(["a", 0, "b"])),
      ),
      { numRuns: 60 },
    );
  });
});

function isFixedObject(path: readonly string[]): boolean {
  const value = path.reduce<unknown>((document, key) => Object(document)[key], smallSite());
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
