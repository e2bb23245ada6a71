import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { projectRoot } from "../site/load";

/** The shape of the project, kept by reading import lines: who may know whom, and how long a file may be. */

interface Source {
  readonly file: string;
  readonly text: string;
  /** Modules imported: paths within the project, or package names. */
  readonly imports: readonly string[];
}

const folders = readdirSync(projectRoot, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !/^(node_modules|bundles|\..*)$/.test(entry.name))
  .map(({ name }) => name);

const sources: readonly Source[] = ["index.ts", ...folders.flatMap(typescriptFiles)].map((file) => {
  const text = readFileSync(join(projectRoot, file), "utf8");
  return { file, text, imports: importsOf(file, text) };
});

function typescriptFiles(folder: string): readonly string[] {
  return readdirSync(join(projectRoot, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.includes("node_modules"))
    .map((file) => join(folder, file));
}

function importsOf(file: string, text: string): readonly string[] {
  const lines = text.matchAll(
    /(?:^import[^"']*|^export[^"']*from |\bimport\(|\brequire\()["']([^"']+)["']/gm,
  );
  return [...lines].map(([, module = ""]) =>
    module.startsWith(".")
      ? relative(projectRoot, join(projectRoot, dirname(file), module))
      : module,
  );
}

const top = (path: string) => path.split("/")[0] ?? "";
const isOwn = (module: string) => folders.includes(top(module)) || module === "index";

/** Folders that a folder may import from, besides itself. `test` reads all. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  site: [],
  ssh: ["site"],
  components: ["site", "ssh"],
  policies: ["site"],
};

describe("Imports", () => {
  for (const [folder, allowed] of Object.entries(mayImport)) {
    it(`of ${folder}/ lead to ${["itself", ...allowed].join(", ")} and nowhere else`, () => {
      const wrong = sources
        .filter(({ file }) => top(file) === folder)
        .flatMap(({ file, imports }) =>
          imports
            .filter((module) => isOwn(module) && ![folder, ...allowed].includes(top(module)))
            .map((module) => `${file} imports ${module}`),
        );
      assert.deepEqual(wrong, []);
    });
  }

  it("of the product never lead to tests", () => {
    const wrong = sources
      .filter(
        ({ file, imports }) =>
          top(file) !== "test" && imports.some((module) => top(module) === "test"),
      )
      .map(({ file }) => file);
    assert.deepEqual(wrong, []);
  });

  it("of site/ know nothing of Pulumi but its plain error", () => {
    const wrong = sources.flatMap(({ file, imports }) =>
      imports
        .filter((module) => top(file) === "site" && module.startsWith("@pulumi/"))
        .map((module) => `${file} ${module}`),
    );
    assert.deepEqual(wrong, ["site/run-error.ts @pulumi/pulumi/errors"]);
  });

  it("form no circle within site/", () => {
    const graph = new Map(
      sources.map(({ file, imports }) => [file.replace(/\.ts$/, ""), imports.filter(isOwn)]),
    );
    const done = new Set<string>();
    const visit = (module: string, above: readonly string[]): void => {
      assert.ok(!above.includes(module), [...above, module].join(" → "));
      if (done.has(module)) return;
      for (const next of graph.get(module) ?? []) visit(next, [...above, module]);
      done.add(module);
    };
    for (const module of graph.keys()) if (top(module) === "site") visit(module, []);
  });

  it("are seen by this test at all", () => {
    const load = sources.find(({ file }) => file === "site/load.ts");
    assert.ok(load?.imports.includes("site/blueprint"));
    assert.ok(load?.imports.includes("node:path"));
  });
});

describe("Source files", () => {
  it("stay short enough to be read in one sitting: 250 lines, tests 400", () => {
    const long = sources
      .map(({ file, text }) => ({ file, lines: text.split("\n").length - 1 }))
      .filter(({ file, lines }) => lines > (top(file) === "test" ? 400 : 250))
      .map(({ file, lines }) => `${file}: ${lines}`);
    assert.deepEqual(long, []);
  });

  it("are named in kebab-case, and none is a drawer for everything", () => {
    const odd = sources
      .map(({ file }) => file)
      .filter(
        (file) =>
          !/^([a-z0-9.-]+\/)*[a-z0-9-]+(\.test)?\.ts$/.test(file) ||
          /(utils?|helpers?|misc)\.ts$/.test(file),
      );
    assert.deepEqual(odd, []);
  });

  it("keep index.ts under 40 lines", () => {
    const index = sources.find(({ file }) => file === "index.ts");
    assert.ok(index !== undefined && index.text.split("\n").length <= 40);
  });
});

describe("Components", () => {
  const components = sources
    .filter(({ file }) => top(file) === "components")
    .flatMap(({ file, text }) =>
      [...text.matchAll(/class (\w+) extends pulumi\.ComponentResource/g)].map(([, name = ""]) => ({
        file,
        text,
        name,
      })),
    );

  it("are there", () => assert.ok(components.length >= 3));

  it("carry a type token of the form sitewright:area:Name", () => {
    const wrong = components.filter(
      ({ text, name }) =>
        !new RegExp(`static readonly type = "sitewright:[a-z-]+:${name}"`).test(text),
    );
    assert.deepEqual(
      wrong.map(({ name }) => name),
      [],
    );
  });

  it("register their outputs", () => {
    const silent = components.filter(({ text }) => !text.includes("this.registerOutputs("));
    assert.deepEqual(
      silent.map(({ name }) => name),
      [],
    );
  });

  it("name every child after themselves", () => {
    const children = components.flatMap(({ file, text }) =>
      [...text.matchAll(/new [\w.]+\(\s*(["'`])(.*?)\1\s*,[\s\S]*?\)/g)].map(([, , name = ""]) => ({
        file,
        name,
      })),
    );
    const wrong = children.filter(({ name }) => name !== "" && !name.startsWith("$" + "{name}-"));
    assert.deepEqual(wrong, []);
  });

  it("read no configuration of their own", () => {
    const reading = sources.filter(
      ({ file, text }) => top(file) === "components" && /new pulumi\.Config\b/.test(text),
    );
    assert.deepEqual(
      reading.map(({ file }) => file),
      [],
    );
  });
});
