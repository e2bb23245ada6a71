import assert from "node:assert/strict";
import { join } from "node:path";
import { projectRoot } from "../../site/load";
import { EngineProject } from "./support/plugins/command-project";

/** A program that prints what its stack told of itself last, and tells another word now. */
const program = (now: string) => `
  require(${JSON.stringify(join(projectRoot, "toolchain/register.js"))});
  const { lastOutputs } = require(${JSON.stringify(join(projectRoot, "components/support/last-outputs.ts"))});
  lastOutputs().then(async ({ word = "nothing", kubeconfig = "nothing" }) => {
    // A secret must not be printed; that it is a text, and how long, can be.
    await pulumi.log.warn("last: " + word + ", kubeconfig: " + typeof kubeconfig + " of " + kubeconfig.length);
  });
  export const word = ${JSON.stringify(now)};
  export const kubeconfig = pulumi.secret("apiVersion: v1");`;

describe("What a stack told of itself last, asked by its own program", function () {
  this.timeout(300_000);
  let project: EngineProject;
  before(async () => {
    project = new EngineProject();
    await project.succeed("stack", "init", "dev");
  });
  after(() => project.remove());

  it("is nothing before the first deployment", async () => {
    project.program(program("one"));
    assert.match(await project.succeed("preview"), /last: nothing, kubeconfig: string of 7/);
  });

  it("is what the last one said, secrets in clear, and no resource of the stack", async () => {
    await project.succeed("up", "--yes", "--skip-preview");
    project.program(program("two"));
    assert.match(await project.succeed("preview"), /last: one, kubeconfig: string of 14/);
    project.program(program("one"));
    const shown = await project.succeed("preview", "--expect-no-changes");
    assert.match(shown, /last: one, kubeconfig: string of 14/);
    assert.doesNotMatch(shown, /StackReference|to read/);
  });
});
