import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { rules } from "../../policies/rules";
import { projectRoot } from "../../site/load";
import { readStackFile } from "../../site/stack-file";
import { onCluster } from "./support/plugins/cluster-suite";

const reason = "a project of two objects is no site";
const disabled = rules
  .filter(({ name }) => name !== "data-kept")
  .map(({ name }) => [name, { enforcement: "disabled", reason }]);

/** What a pack sees of what a stack held before: Pulumi itself tells it only of what is to be. */
describe("The rule about data, with a real engine and a real control plane", function () {
  this.timeout(240_000);
  const suite = onCluster(1);
  const pack = ["--policy-pack", join(projectRoot, "policies")];
  const { data, secretNames } = readStackFile(projectRoot, "site-a");

  /** Each test has a claim of its own, and leaves what it made. */
  let tests = 0;
  let name = "";
  beforeEach(() => {
    tests += 1;
    name = `archive-${tests}`;
  });

  const configure = (settings: object = {}) => {
    const file = join(suite.project.folder, "Pulumi.test.yaml");
    const stack = parse(readFileSync(file, "utf8"));
    const secrets = Object.fromEntries(secretNames.map((name) => [name, `sample-${name}`]));
    const policies = { rules: { ...Object.fromEntries(disabled), "data-kept": { settings } } };
    const config = {
      "sitewright:site": data,
      "sitewright:secrets": secrets,
      "sitewright:policies": policies,
    };
    // Quoted, since Pulumi takes a bare date for one.
    writeFileSync(file, stringify({ ...stack, config }, { defaultStringType: "QUOTE_DOUBLE" }));
  };

  /** A program with a claim of this class, with these options of Pulumi; without options, with none. */
  const program = (options?: string, storageClassName = "ceph-block") => {
    const annotations = { "pulumi.com/skipAwait": "true" };
    const resources = { requests: { storage: "1Gi" } };
    const claim = {
      metadata: { name, namespace: "default", annotations },
      spec: { accessModes: ["ReadWriteOnce"], storageClassName, resources },
    };
    const made = `new k8s.core.v1.PersistentVolumeClaim("archive", ${JSON.stringify(claim)},
      { ...k, ${options} });`;
    suite.project.program(`${suite.provider()}
      ${options === undefined ? "" : made}`);
  };

  const refused = async () => {
    const { exitCode, output } = await suite.project.run("preview", ...pack);
    assert.notEqual(exitCode, 0, output);
    return output;
  };
  const passes = async (...more: string[]) =>
    await suite.project.succeed("preview", ...more, ...pack);

  it("lets a protected claim come, and finds nothing wrong with it afterwards", async () => {
    configure();
    program("protect: true");
    await suite.project.succeed("up", "--yes", ...pack);
    await passes("--expect-no-changes");
  });

  it("refuses that a claim goes which is not protected, and lets go what stays in the cluster", async () => {
    configure();
    program("");
    await suite.up();
    program();
    const output = await refused();
    assert.match(output, /\[mandatory\] .*data-kept/);
    assert.match(
      output,
      /needs to stay in the stack; given nothing in the program any more; it holds/,
    );
    program("retainOnDelete: true");
    await suite.up();
    program();
    await passes();
  });

  it("refuses that an empty claim takes the place of one with data", async () => {
    configure();
    program("");
    await suite.up();
    program("protect: true", "local");
    assert.match(
      await refused(),
      /spec\.storageClassName needs "ceph-block"; given "local", by which/,
    );
  });

  it("lets a claim go with both words, not with one", async () => {
    const givenUp = { [`PersistentVolumeClaim default/${name}`]: "moved to the ledger" };
    configure({ givenUp });
    program("");
    await suite.up();
    program();
    assert.match(await refused(), /needs to stay in the stack/);
    await suite.useProject({ SITEWRIGHT_DESTROY: "test" });
    name = `${name}-too`;
    configure({ givenUp: { [`PersistentVolumeClaim default/${name}`]: "moved to the ledger" } });
    program("");
    await suite.up();
    program();
    await passes();
  });
});
