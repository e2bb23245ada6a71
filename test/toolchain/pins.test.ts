import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { parsePins, readPins, type ToolName, toolNames } from "../../toolchain/pins";
import { releaseFile } from "../../toolchain/release";

const root = join(__dirname, "..", "..");
const text = readFileSync(join(root, "catalogue", "toolchain.yaml"), "utf8");

describe("The toolchain's pins", () => {
  const pins = readPins();

  it("give every tool a build from modules, so that machines without release hosts get it", () => {
    for (const name of toolNames) assert.ok(pins.tools[name].build, name);
  });

  /** The module whose version is the tool's; the others of a go.mod follow from it. */
  const modules: Record<ToolName, string> = {
    pulumi: "github.com/pulumi/pulumi/pkg/v3",
    controlplane: "k8s.io/kubernetes",
    kwok: "sigs.k8s.io/kwok",
    helm: "helm.sh/helm/v3",
    crane: "github.com/google/go-containerregistry",
    prometheus: "github.com/prometheus/prometheus",
    promtool: "github.com/prometheus/prometheus",
    alertmanager: "github.com/prometheus/alertmanager",
    amtool: "github.com/prometheus/alertmanager",
  };
  for (const name of toolNames) {
    it(`name the version of ${name} that its go.mod requires`, () => {
      const { build, version } = pins.tools[name];
      const goMod = readFileSync(
        join(root, "toolchain", "go", build?.folder ?? "", "go.mod"),
        "utf8",
      );
      const required = goMod
        .split("\n")
        .map((line) => line.trim().split(" ").slice(0, 2).join(" "));
      assert.ok(required.includes(`${modules[name]} ${version}`), goMod.slice(0, 200));
    });
  }

  it("link the control plane with the minor that its version has", () => {
    const { version, build } = pins.tools.controlplane;
    const minor = version.split(".")[1];
    assert.equal(build?.values["k8s.io/component-base/version.gitMinor"], minor);
    assert.equal(build?.values["k8s.io/client-go/pkg/version.gitMinor"], minor);
  });

  it("name the plugin versions of the npm packages", () => {
    const packages = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).dependencies;
    for (const name of ["random", "command", "kubernetes"] as const) {
      assert.equal(pins.plugins[name].version, `v${packages[`@pulumi/${name}`]}`);
    }
    assert.equal(pins.plugins["language-nodejs"].version, pins.tools.pulumi.version);
  });

  it("fill in the release's file for both architectures", () => {
    const { release, version } = pins.tools.helm;
    assert.ok(release);
    const file = releaseFile(release, version, "arm64");
    assert.match(file?.url ?? "", /helm-v3\.19\.0-linux-arm64\.tar\.gz$/);
    assert.deepEqual(file?.members, { helm: "linux-arm64/helm" });
    assert.notEqual(file?.sha256, releaseFile(release, version, "amd64")?.sha256);
  });

  const faults: [title: string, path: (string | number)[], value: unknown, told: RegExp][] = [
    [
      "a digest that is cut short",
      ["tools", "helm", "release", "sha256", "amd64"],
      "a7f8",
      /tools\.helm\.release\.sha256\.amd64: needs 64/,
    ],
    [
      "a version that floats",
      ["tools", "kwok", "version"],
      "v0.7",
      /tools\.kwok\.version: needs a full version/,
    ],
    ["a key it does not know", ["tools", "crane", "digest"], "x", /tools\.crane: .*digest/],
    ["a newer format", ["format"], 2, /format/],
  ];
  for (const [title, path, value, told] of faults) {
    it(`refuse ${title}`, () => {
      const data = parse(text);
      const last = path.at(-1) ?? "";
      let place = data;
      for (const key of path.slice(0, -1)) place = place[key];
      place[last] = value;
      assert.throws(() => parsePins(stringify(data)), told);
    });
  }
});
