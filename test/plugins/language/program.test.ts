import assert from "node:assert/strict";
import { join } from "node:path";
import { ProgramInfo, RunPluginRequest, RunRequest } from "@pulumi/pulumi/proto/language_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { pluginArguments } from "../../../rehearsal/plugins/language/plugin";
import { programEnd, programStart } from "../../../rehearsal/plugins/language/program";

const checkout = join(__dirname, "../../..");
const sdk = (command: string) =>
  join(checkout, "node_modules/@pulumi/pulumi/cmd", command, "index.js");

function info(folder: string, options: object = {}): ProgramInfo {
  const given = new ProgramInfo();
  given.setRootDirectory(folder);
  given.setProgramDirectory(folder);
  given.setEntryPoint(".");
  given.setOptions(Struct.fromJavaScript(options as never));
  return given;
}

function request(folder: string): RunRequest {
  const run = new RunRequest();
  run.setPwd(folder);
  run.setProgram(".");
  run.setProject("sitewright");
  run.setStack("site-a");
  run.setOrganization("organization");
  run.setMonitorAddress("127.0.0.1:2");
  run.setParallel(16);
  run.getConfigMap().set("sitewright:site", "{}");
  run.setConfigsecretkeysList(["sitewright:secrets"]);
  run.setInfo(info(folder, { nodeargs: "--max-old-space-size=512" }));
  return run;
}

describe("starting a program", () => {
  it("runs the program's own SDK with everything the engine said", () => {
    const run = request(checkout);
    run.setDryrun(true);
    const { args, cwd, env } = programStart(run, "127.0.0.1:1");
    assert.equal(cwd, checkout);
    assert.deepEqual(args.slice(0, 2), ["--max-old-space-size=512", sdk("run")]);
    const flags = args.slice(2).join(" ");
    assert.equal(
      flags,
      "--monitor 127.0.0.1:2 --engine 127.0.0.1:1 --organization organization " +
        `--project sitewright --root-directory ${checkout} --stack site-a --pwd ${checkout} ` +
        "--parallel 16 --dry-run .",
    );
    assert.deepEqual(env, {
      PULUMI_NODEJS_TYPESCRIPT: "true",
      PULUMI_CONFIG: '{"sitewright:site":"{}"}',
      PULUMI_CONFIG_SECRET_KEYS: '["sitewright:secrets"]',
    });
  });

  it("says what to do where the SDK is not installed", () => {
    assert.throws(
      () => programStart(request("/"), "127.0.0.1:1"),
      /Run `npm install` in that folder/,
    );
  });

  const ends: readonly [number | NodeJS.Signals, string, boolean][] = [
    [0, "", false],
    [32, "", true],
    [1, "Program exited with non-zero exit code: 1", false],
    ["SIGKILL", "Program was ended by signal SIGKILL", false],
  ];
  for (const [end, error, bail] of ends) {
    it(`takes an end of ${end} for ${bail ? "reported" : error === "" ? "success" : "a failure"}`, () => {
      assert.deepEqual(programEnd(end), { error, bail });
    });
  }

  it("loads a policy pack after the engine's address, and other plugins before their arguments", () => {
    const plugin = new RunPluginRequest();
    plugin.setInfo(info(checkout));
    plugin.setArgsList(["127.0.0.1:1"]);
    plugin.setKind("analyzer");
    assert.deepEqual(pluginArguments(plugin), [sdk("run-policy-pack"), "127.0.0.1:1", "."]);
    plugin.setKind("resource");
    assert.deepEqual(pluginArguments(plugin), [sdk("run-plugin"), ".", "127.0.0.1:1"]);
  });
});
