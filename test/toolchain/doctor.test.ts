import assert from "node:assert/strict";
import { join } from "node:path";
import { examine } from "../../cli/doctor/examination";
import { reportLines } from "../../cli/doctor/report";
import { testToolNames, toolNames } from "../../toolchain/pins";
import { saying, script, Workshop } from "./workshop";

describe("The doctor", () => {
  let shop: Workshop;
  beforeEach(() => {
    shop = new Workshop();
  });
  afterEach(() => shop.close());

  const plain = (_colour: string, text: string) => text;

  it("tells tools that are here, tools that will be got, and tools that cannot be had", async () => {
    await shop.program("crane", "echo v1.2.3");
    await shop.program("go", "echo go version go1.26.0 linux/amd64");
    await script(join(shop.folder, "go", "kwok", "go.mod"), "go 1.24.0");
    const build = { folder: "kwok", package: ".", values: {}, minutes: 1.4, sizeMiB: 1 };
    const release = await shop.release("helm", saying("v1.2.3"));
    const toolchain = shop.toolchain({ kwok: { build }, helm: { release } });
    const found = await examine(false, toolchain);
    const ways = Object.fromEntries(
      found.tools.map(({ name, tool, ways }) => [name, tool?.source ?? ways]),
    );
    assert.deepEqual(ways, {
      crane: "machine",
      kwok: ["a build of about 1.4 min"],
      helm: ["official release, 1 MiB"],
      pulumi: [],
      controlplane: [],
      ...Object.fromEntries(testToolNames.map((name) => [name, []])),
    });
    const lacks = found.lacks.filter((line) => line.includes("cannot be had"));
    assert.deepEqual(
      lacks.map((line) => line.split(" ")[0]),
      ["pulumi", "controlplane", ...testToolNames],
    );
    assert.deepEqual(shop.requests, []);
    assert.deepEqual(await shop.cached(), []);
  });

  it("reports in words what the JSON says, within the screen's width", async () => {
    const found = await examine(false, shop.toolchain({}));
    const lines = reportLines(found, plain, 100);
    const text = lines.join("\n");
    assert.match(text, /crane +v1\.2\.3 +missing +cannot be had here/);
    assert.match(text, /random +v4\.21\.2 +stand-in/);
    assert.match(text, /This machine lacks:/);
    const table = lines.slice(lines.indexOf("Tools"), lines.indexOf("Pulumi plugins"));
    for (const line of table) assert.ok(line.length <= 100, line);
  });

  it("is content with a machine that has every tool", async () => {
    for (const name of toolNames) await shop.program(name, "echo v1.2.3");
    const { lacks } = await examine(false, shop.toolchain({}));
    assert.deepEqual(
      lacks.filter((line) => line.includes("cannot be had")),
      [],
    );
  });

  it("asks the network only when told to", async () => {
    const toolchain = shop.toolchain({
      helm: { release: await shop.release("helm", saying("v1.2.3")) },
    });
    await shop.program("npm", "exit 0");
    await shop.program(
      "go",
      "[ $1 = version ] && echo go version go1.26.0 || { echo 'dial tcp: refused' >&2; exit 1; }",
    );
    const { reach } = await examine(true, toolchain);
    const short = reach?.map(({ place, reached, why }) => [
      place.split(" ")[0],
      reached,
      why ?? "",
    ]);
    assert.deepEqual(short, [
      ["npm", true, ""],
      ["Go", false, "dial tcp: refused"],
      ["releases", true, ""],
    ]);
  });
});
