import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { askPatiently } from "../../cli/step/definitions";
import { runStep } from "../../cli/step/step-command";
import { Definitions } from "../../components/definitions/definitions";
import { RunError } from "../../site/run-error";
import { withBundle } from "../support/bundled-site";
import { deploy } from "../support/deploy";
import { sampleSite } from "../support/sites";
import { hostKeys } from "../support/steps";

const blueprint = withBundle(sampleSite("site-a"));
const secrets = Object.fromEntries(blueprint.secretNames.map((name) => [name, "a secret"]));
const {
  release,
  platform: { definitions },
} = blueprint;

describe("Definitions of custom resources", () => {
  it("are one step, which names each set with its version and digest", async () => {
    const { one, seen } = await deploy(
      () => new Definitions("definitions", { blueprint, hostKeys, secrets, definitions }),
    );
    assert.deepEqual(
      seen.map(({ name }) => name),
      ["definitions", "definitions-sets"],
    );
    const { create, environment, delete: removal } = one("command:local:Command").inputs;
    assert.equal(create, "./sitewright step definitions");
    assert.equal(removal, undefined, "a deletion only forgets: objects of the kinds would go too");
    const request = JSON.parse(environment.SITEWRIGHT_REQUEST);
    assert.deepEqual(request.definitions.istio, {
      version: "1.30.3",
      path: `bundles/${release}/crds/istio.yaml`,
      sha256: "0".repeat(64),
    });
    assert.equal(request.api.from, "control-1");
  });

  it("are refused as long as the bundle lacks a set", async () => {
    const lacking = [{ set: "istio", version: "1.30.3", groups: [] }];
    await assert.rejects(
      deploy(() => {
        new Definitions("definitions", { blueprint, hostKeys, secrets, definitions: lacking });
      }),
      /the bundle has no definitions of istio/,
    );
  });
});

describe("The step that applies definitions", () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "definitions-"));
  });

  afterEach(() => rmSync(root, { recursive: true }));

  /** Exit code and words of a step that gets no further than the file. */
  async function outcome(content: string, sha256?: string) {
    writeFileSync(join(root, "istio.yaml"), content);
    const digest = sha256 ?? createHash("sha256").update(content).digest("hex");
    const host = {
      address: "192.0.2.11",
      arch: "amd64",
      keys: [],
      login: { user: "a", port: 22, sudo: "none" },
    };
    const request = {
      site: "site-t",
      hosts: { "control-1": host },
      installer: "control-1",
      workDir: "/var/lib/sitewright/site-t",
      kubekey: "v3.1.12",
      api: { name: "cluster.local", from: "control-1", endpoint: blueprint.cluster.endpoint },
      definitions: { istio: { version: "1.30.3", path: "istio.yaml", sha256: digest } },
    };
    let said = "";
    const code = await runStep("definitions", {
      env: { SITEWRIGHT_REQUEST: JSON.stringify(request) },
      stdin: (async function* () {
        yield "{}";
      })(),
      stdout: () => assert.fail("there is no result"),
      stderr: (text) => {
        said += text;
      },
      root,
    });
    return { code, said };
  }

  it("refuses a file that is not the one of the index, before it reaches for the site", async () => {
    const { code, said } = await outcome("---\n{}\n", "1".repeat(64));
    assert.equal(code, 5);
    assert.match(said, /istio\.yaml is not the file that the bundle's index names/);
    assert.match(said, /next: fetch the bundle again/);
  });

  it("refuses a file that cannot be read, without a stack trace", async () => {
    for (const text of ["---\n{\n", "---\na: [\n"]) {
      const { code, said } = await outcome(text);
      assert.equal(code, 5);
      assert.match(said, /istio\.yaml is not readable: /);
      assert.doesNotMatch(said, /\n\s+at /);
    }
  });

  it("refuses a file that holds anything else, in JSON and in YAML", async () => {
    for (const text of ['---\n{"kind": "Secret"}\n', "---\nkind: Secret\n"]) {
      const { code, said } = await outcome(text);
      assert.equal(code, 5);
      assert.match(said, /holds a Secret among the istio definitions/);
    }
  });

  it("asks an API server again that gives no answer, and says where to look when none comes", async () => {
    let dialled = 0;
    const access = {
      ca: Buffer.from(""),
      serverName: "lb.example",
      dial: async () => {
        dialled++;
        throw new Error("connect ECONNREFUSED");
      },
    };
    await assert.rejects(
      askPatiently(access, { method: "GET", path: "/readyz" }, 1),
      (error: Error) => {
        assert.ok(error instanceof RunError);
        assert.equal(error.exitCode, 6);
        assert.match(error.message, /no answer for 1 s: connect ECONNREFUSED\n {2}next: /);
        return true;
      },
    );
    assert.ok(dialled > 1);
  });
});
