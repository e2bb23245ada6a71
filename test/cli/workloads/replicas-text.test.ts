import { strict as assert } from "node:assert";
import * as fc from "fast-check";
import { withReplicas } from "../../../cli/workloads/replicas-text";
import { valueAt } from "../../../site/path";
import { parseYaml } from "../../../site/yaml-file";

/** A stack file around what stands below `sitewright:site`, four blanks in. */
const file = (...site: readonly string[]) =>
  [
    "# head",
    "config:",
    "  sitewright:site:",
    ...site.map((line) => `    ${line}`),
    "  other: 1",
    "",
  ].join("\n");

const release = 2;

/** What stands there, the number wanted (`undefined`: the release's), and what stands there afterwards. */
const cases: readonly (readonly [
  string,
  readonly string[],
  number | undefined,
  readonly string[],
])[] = [
  [
    "a number in a line of its own, its comment kept",
    ["workloads:", "  web:", "    # busy", "    replicas: 3 # since May", "    env: {A: b}"],
    12,
    ["workloads:", "  web:", "    # busy", "    replicas: 12 # since May", "    env: {A: b}"],
  ],
  [
    "a number between braces",
    ["workloads: {web: { replicas: 3, env: {A: b}}, api: {replicas: 3}}"],
    4,
    ["workloads: {web: { replicas: 4, env: {A: b}}, api: {replicas: 3}}"],
  ],
  [
    "a number in quoted keys",
    ['"workloads": {"web": {"replicas": 3}}'],
    4,
    ['"workloads": {"web": {"replicas": 4}}'],
  ],
  [
    "a workload that has other differences",
    ["workloads:", "  web: # pages", "    # why", "    env:", "      A: b", "  api: {replicas: 3}"],
    4,
    [
      "workloads:",
      "  web: # pages",
      "    replicas: 4",
      "    # why",
      "    env:",
      "      A: b",
      "  api: {replicas: 3}",
    ],
  ],
  [
    "a workload between braces, with blanks as its author sets them",
    ["workloads:", "  web: { env: { A: b } }"],
    4,
    ["workloads:", "  web: { replicas: 4, env: { A: b } }"],
  ],
  ["empty braces", ["workloads: {}", "# end"], 4, ["workloads: {web: {replicas: 4}}", "# end"]],
  [
    "braces over lines",
    ["workloads: {", "  api: {replicas: 3}", "}"],
    4,
    ["workloads: {", "  web: {replicas: 4},", "  api: {replicas: 3}", "}"],
  ],
  [
    "a site that has differences of other workloads",
    ["workloads:", "  # the API is busy", "  api: {replicas: 3}"],
    4,
    ["workloads:", "  web: {replicas: 4}", "  # the API is busy", "  api: {replicas: 3}"],
  ],
  [
    "a site without differences",
    ["release: r", "# room", "capacity:", "  spareNodes: 1 # one"],
    4,
    [
      "release: r",
      "# room",
      "capacity:",
      "  spareNodes: 1 # one",
      "workloads:",
      "  web: {replicas: 4}",
    ],
  ],
  [
    "a site that ends in a block of text",
    ["note: |", "  a", "  b"],
    4,
    ["note: |", "  a", "  b", "workloads:", "  web: {replicas: 4}"],
  ],
  [
    "the release's number beside other differences",
    ["workloads:", "  web:", "    replicas: 3 # since May", "    env: {A: b}"],
    undefined,
    ["workloads:", "  web:", "    env: {A: b}"],
  ],
  [
    "the release's number, first between braces",
    ["workloads: {web: {replicas: 3, env: {A: b}}}"],
    undefined,
    ["workloads: {web: {env: {A: b}}}"],
  ],
  [
    "the release's number, last between braces",
    ["workloads: {web: {env: {A: b}, replicas: 3}}"],
    undefined,
    ["workloads: {web: {env: {A: b}}}"],
  ],
  [
    "the only difference of a workload",
    ["workloads:", "  web: {replicas: 3}", "  api: {replicas: 3}"],
    undefined,
    ["workloads:", "  api: {replicas: 3}"],
  ],
  [
    "the only difference of the site",
    ["release: r", "workloads:", "  web:", "    replicas: 3", "capacity: {}"],
    undefined,
    ["release: r", "capacity: {}"],
  ],
  [
    "the only difference, beside comments that are not ours",
    ["workloads:", "  web: # pages", "    # busy", "    replicas: 3", "  api: {replicas: 3}"],
    undefined,
    ["workloads:", "  web: {} # pages", "    # busy", "  api: {replicas: 3}"],
  ],
  [
    "the only difference between braces of the site",
    ["workloads: {web: {replicas: 3}}", "capacity: {}"],
    undefined,
    ["capacity: {}"],
  ],
  [
    "a number that comes from elsewhere, which is stated instead of taken out",
    ["x: &x {replicas: 5}", "workloads:", "  web:", "    <<: *x", "    replicas: 3"],
    undefined,
    ["x: &x {replicas: 5}", "workloads:", "  web:", "    <<: *x", "    replicas: 2"],
  ],
];

const refused: readonly (readonly [string, readonly string[], number | undefined])[] = [
  [
    "a number that others refer to",
    ["workloads:", "  web: {replicas: &n 3}", "  api: {replicas: *n}"],
    4,
  ],
  ["a workload that another refers to", ["workloads:", "  web: &w {replicas: 3}", "  api: *w"], 4],
  [
    "the release's number of a workload that another refers to",
    ["workloads:", "  web: &w {env: {A: b}, replicas: 3}", "  api: *w"],
    undefined,
  ],
  [
    "a workload that is another by reference",
    ["workloads:", "  api: &a {replicas: 3}", "  web: *a"],
    4,
  ],
  ["a site that is no map", ["- a"], 4],
];

describe("A workload's number in a stack file", () => {
  for (const [what, before, replicas, after] of cases) {
    it(`is changed in ${what}`, () => {
      assert.equal(withReplicas(file(...before), "web", replicas, release), file(...after));
    });

    it(`is changed in ${what}, with the other line ends`, () => {
      const crlf = (text: string) => text.replaceAll("\n", "\r\n");
      const changed = withReplicas(crlf(file(...before)), "web", replicas, release);
      assert.equal(changed, crlf(file(...after)));
    });
  }

  it("is put at the end of a file without a last line end, and behind a byte order mark", () => {
    const text = "\ufeffconfig:\n  sitewright:site:\n    release: r";
    const added = "\n    workloads:\n      web: {replicas: 4}";
    assert.equal(withReplicas(text, "web", 4, release), `${text}${added}`);
  });

  for (const [what, site, replicas] of refused) {
    it(`is left to a person in ${what}`, () => {
      assert.equal(withReplicas(file(...site), "web", replicas, release), undefined);
    });
  }

  it("changes alone: every other line stays, whatever the file is like", () => {
    fc.assert(
      fc.property(anySite, fc.option(fc.nat(99), { nil: undefined }), (site, replicas) => {
        const before = file(...site);
        const after = withReplicas(before, "web", replicas, release);
        assert.ok(after !== undefined, before);
        const path = ["config", "sitewright:site", "workloads", "web", "replicas"];
        assert.equal(valueAt(parseYaml("", after).data, path), replicas);
        // Empty lines within what is taken out go with it.
        const isOurs = (line: string) => /^\s*((workloads|web|replicas):|$)/.test(line);
        const others = (text: string) => text.split("\n").filter((line) => !isOurs(line));
        assert.deepEqual(others(after), others(before));
        // At most two lines come, for a site that had no differences, and three go with the empty lines between them.
        const more = after.split("\n").length - before.split("\n").length;
        assert.ok(more >= -7 && more <= 2, `${more} lines more`);
        const comments = (text: string) => text.match(/# note\d+/g)?.length ?? 0;
        // A comment behind the number goes with it, and none else.
        assert.ok(comments(after) >= comments(before) - (replicas === undefined ? 1 : 0), after);
      }),
      { numRuns: 200 },
    );
  });

  it("changes and changes back to the very same bytes where a number stood", () => {
    fc.assert(
      fc.property(anySite, fc.nat(99), (site, replicas) => {
        const before = file(...site);
        const old = valueAt(parseYaml("", before).data, [
          "config",
          "sitewright:site",
          "workloads",
          "web",
          "replicas",
        ]);
        fc.pre(typeof old === "number");
        const there = withReplicas(before, "web", replicas, release) ?? "";
        assert.equal(withReplicas(there, "web", Number(old), release), before);
      }),
      { numRuns: 80 },
    );
  });
});

/** Sites with or without differences, written in lines or between braces, with comments and empty lines anywhere. */
const note = fc.nat(9).map((number) => `# note${number}`);
const between = fc.array(fc.oneof(note, fc.constant("")), { maxLength: 2 });
const inline = fc.option(note, { nil: "" }).map((text) => (text === "" ? "" : ` ${text}`));
const indented = (lines: readonly string[]) =>
  lines.map((line) => (line === "" ? "" : `  ${line}`));

const anyKey = (name: string, value: fc.Arbitrary<string>) =>
  fc
    .tuple(between, value, inline)
    .map(([above, text, comment]) => [...above, `${name}: ${text}${comment}`]);

const anyReplicas = anyKey("replicas", fc.nat(99).map(String));
const anyEnv = anyKey("env", fc.constantFrom("{A: b}", "{ A: 'b # c' }"));

function anyWorkload(name: string): fc.Arbitrary<readonly string[]> {
  const lines = fc
    .shuffledSubarray([anyReplicas, anyEnv], { minLength: 1 })
    .chain((keys) => fc.tuple(between, inline, ...keys))
    .map(([above, comment, ...keys]) => [...above, `${name}:${comment}`, ...indented(keys.flat())]);
  const braces = anyKey(
    name,
    fc.constantFrom(
      "{}",
      "{replicas: 7}",
      "{ env: {A: b} }",
      "{replicas: 7, env: {A: b}}",
      "{env: {A: b}, replicas: 7}",
    ),
  );
  return fc.oneof(lines, braces);
}

const anyWorkloads = fc
  .tuple(
    between,
    inline,
    anyWorkload("api"),
    fc.option(anyWorkload("web"), { nil: [] }),
    anyWorkload("db"),
    fc.boolean(),
  )
  .map(([above, comment, api, web, db, alone]) => [
    ...above,
    `workloads:${comment}`,
    ...indented(alone && web.length > 0 ? web : [...api, ...web, ...db]),
  ]);

const anySite = fc
  .tuple(
    anyKey("release", fc.constant('"r"')),
    fc.option(anyWorkloads, { nil: [] }),
    anyKey("capacity", fc.constant("{spareNodes: 1}")),
  )
  .map((parts) => parts.flat());
