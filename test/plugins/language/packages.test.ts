import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  programDependencies,
  providerPackages,
} from "../../../rehearsal/plugins/language/packages";

describe("packages of a program", () => {
  const top = mkdtempSync(join(tmpdir(), "sitewright-packages-"));
  const program = join(top, "program");
  after(() => rmSync(top, { recursive: true }));

  function install(folder: string, manifest: object): void {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
  }

  before(() => {
    const modules = join(program, "node_modules");
    const random = (version: string) => ({
      name: "@pulumi/random",
      version,
      pulumi: { resource: true, name: "random", version },
    });
    install(program, { dependencies: { "@pulumi/random": "^4", absent: "1.x" } });
    install(join(modules, "@pulumi/random"), random("4.21.2"));
    install(join(modules, "plain"), {
      name: "plain",
      version: "1.0.0",
      pulumi: { resource: false },
    });
    install(join(modules, "library"), { name: "library", version: "2.0.0" });
    install(join(modules, "library/node_modules/@pulumi/random"), random("4.0.0"));
    install(join(top, "node_modules/acme-widgets"), {
      name: "acme-widgets",
      version: "v3.1.0",
      pulumi: { resource: true, server: "https://plugins.test" },
    });
    mkdirSync(join(modules, "broken"));
    writeFileSync(join(modules, "broken/package.json"), "{");
  });

  it("say which plugins are needed, from nested and outer folders too, each version once", () => {
    assert.deepEqual(
      providerPackages(program)
        .map(({ name, version, server }) => `${name} ${version} ${server}`)
        .sort(),
      ["acme-widgets 3.1.0 https://plugins.test", "random 4.0.0 ", "random 4.21.2 "],
    );
  });

  it("are listed at the version installed, or at the range declared", () => {
    assert.deepEqual(programDependencies(program, false), [
      { name: "@pulumi/random", version: "4.21.2" },
      { name: "absent", version: "1.x" },
    ]);
    assert.deepEqual(
      programDependencies(program, true)
        .map(({ name }) => name)
        .sort(),
      ["@pulumi/random", "acme-widgets", "library", "plain"],
    );
  });

  it("are the ones this checkout pins, which the stand-ins stand for", () => {
    const found = providerPackages(join(__dirname, "../../..")).map(
      ({ name, version }) => `${name} ${version}`,
    );
    assert.deepEqual(found.sort(), ["command 1.2.1", "kubernetes 4.34.2", "random 4.21.2"]);
  });
});
