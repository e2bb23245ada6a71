import { strict as assert } from "node:assert";
import {
  commandName,
  listFlag,
  parseCommandLine,
  switchFlag,
  textFlag,
} from "../../rehearsal/kubekey/engine/command-line";
import { Stop } from "../../rehearsal/kubekey/engine/stop";
import { commands, commonFlags } from "../../rehearsal/kubekey/v3/commands";

const parse = (line: string) =>
  parseCommandLine(line.split(" ").filter(Boolean), commands, commonFlags);

function stopOf(line: string): Stop {
  try {
    parse(line);
  } catch (error) {
    assert.ok(error instanceof Stop, String(error));
    return error;
  }
  return assert.fail(`${line} was accepted`);
}

describe("kk v3's command line", () => {
  it("takes flags before and after values, short and long", () => {
    const parsed = parse(
      "create cluster -f /a/cluster.yaml --artifact=/a/b.tar.gz --with-packages -y",
    );
    assert.equal(commandName(parsed.command), "create cluster");
    assert.equal(textFlag(parsed, "filename"), "/a/cluster.yaml");
    assert.equal(textFlag(parsed, "artifact"), "/a/b.tar.gz");
    assert.ok(switchFlag(parsed, "with-packages") && switchFlag(parsed, "yes"));
    assert.ok(!switchFlag(parsed, "skip-push-images"));
  });

  it("tells a command from the one whose name it begins with", () => {
    assert.equal(commandName(parse("artifact images push -f x").command), "artifact images push");
  });

  it("keeps the words after a command that takes some", () => {
    assert.deepEqual(parse("delete node worker-1 -f x -y").positional, ["worker-1"]);
  });

  it("collects flags that may be repeated, and splits at commas", () => {
    const parsed = parse(
      "create manifest --with-kubernetes v1.33.4,v1.32.8 --arch amd64 --arch arm64",
    );
    assert.deepEqual(listFlag(parsed, "with-kubernetes"), ["v1.33.4", "v1.32.8"]);
    assert.deepEqual(listFlag(parsed, "arch"), ["amd64", "arm64"]);
  });

  const refused: readonly (readonly [line: string, code: number, text: RegExp])[] = [
    ["create cluster --frob", 1, /^Error: unknown flag: --frob\nUsage:/],
    ["create cluster -z", 1, /unknown shorthand flag: 'z' in -z/],
    ["create cluster -f", 1, /flag needs an argument: 'f' in -f/],
    ["create cluster --artifact", 1, /flag needs an argument: --artifact/],
    ["create cluster extra", 1, /unknown command "extra" for "kk create cluster"/],
    ["create phase", 1, /unknown command "phase" for "kk create"/],
    ["frobnicate", 1, /unknown command "frobnicate" for "kk"/],
    ["init registry --with-packages", 1, /unknown flag: --with-packages/],
    ["upgrade --help", 0, /^Usage:\n {2}kk upgrade/],
    ["create", 0, /kk create cluster/],
  ];
  for (const [line, code, text] of refused) {
    it(`answers "${line}" with ${code}`, () => {
      const stop = stopOf(line);
      assert.equal(stop.exitCode, code);
      assert.match(stop.message, text);
    });
  }
});
