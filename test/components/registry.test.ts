import { strict as assert } from "node:assert";
import { PREVIOUS_PASSWORD } from "../../components/registry/harbor-secret-names";
import { strong } from "../../components/registry/harbor-secrets";
import { Registry } from "../../components/registry/registry";
import { projectRoot } from "../../site/load";
import { deploy } from "../support/deploy";
import { resolve, smallSite } from "../support/sites";
import { hostKeys, secrets, stepBlueprint, stepInputs } from "../support/steps";

function registry(change: Parameters<typeof stepBlueprint>[0] = {}) {
  return deploy(
    () => new Registry("registry", { blueprint: stepBlueprint(change), hostKeys, secrets }),
  );
}

/** What these cannot show, that the steps work on a real host, test/journeys shows. */
describe("Registry", () => {
  it("asks for exactly a password and its steps", async () => {
    const { seen } = await registry();
    assert.deepEqual(seen.map((one) => one.name).sort(), [
      "registry",
      "registry-harbor",
      "registry-images",
      "registry-init",
      "registry-password",
      "registry-transfer",
      "registry-workdir",
    ]);
  });

  it("makes up no password when the site names one", async () => {
    const { seen } = await registry({ passwordSecret: "harborPassword" });
    assert.ok(!seen.some((one) => one.name === "registry-password"));
    const init = stepInputs(seen, "registry-init");
    assert.equal(init.secrets.registryPassword, secrets.harborPassword);
  });

  it("takes passwords that no shell can misread", async () => {
    const { one } = await registry();
    const { inputs } = one("random:index/randomPassword:RandomPassword");
    assert.deepEqual([inputs.length, inputs.special], [24, false]);
    assert.deepEqual([inputs.minLower, inputs.minUpper, inputs.minNumeric], [1, 1, 1]);
  });

  it("calls its steps by the same text on every machine", async () => {
    const { seen } = await registry();
    const calls = seen.flatMap((one) => (one.inputs.create ? [one.inputs.create] : []));
    assert.deepEqual(calls.sort(), [
      "./sitewright step init-registry",
      "./sitewright step prepare",
      "./sitewright step push-images",
      "./sitewright step transfer",
    ]);
  });

  it("hands secrets over on standard input only, marked as secret", async () => {
    const { seen, secretInputs } = await registry({ passwordSecret: "harborPassword" });
    for (const one of seen.filter(({ inputs }) => inputs.create)) {
      assert.deepEqual(secretInputs(one.name), ["stdin"], one.name);
      const open = JSON.stringify({ ...one.inputs, stdin: undefined });
      for (const secret of Object.values(secrets)) assert.ok(!open.includes(secret), one.name);
    }
  });

  it("gives no step a secret that it does not use", async () => {
    const { seen } = await registry({ passwordSecret: "harborPassword" });
    assert.deepEqual(Object.keys(stepInputs(seen, "registry-transfer").secrets), ["sshPassword"]);
  });

  it("sees no change when a worker joins the site", async () => {
    const before = await registry();
    const after = await registry({ worker: "worker-9" });
    const inputs = (of: typeof before) =>
      of.seen.filter((one) => one.inputs.create).map((one) => [one.name, one.inputs]);
    assert.deepEqual(inputs(after), inputs(before));
  });

  it("sees a new artifact in the transfer and the images, not in the registry itself", async () => {
    const before = await registry();
    const after = await registry({ artifact: "f".repeat(64) });
    const changed = before.seen
      .filter(
        (one, index) => JSON.stringify(one.inputs) !== JSON.stringify(after.seen[index]?.inputs),
      )
      .map((one) => one.name);
    assert.deepEqual(changed.sort(), ["registry-images", "registry-transfer"]);
  });

  it("refuses a host whose key is not pinned", async () => {
    const program = () =>
      new Registry("registry", { blueprint: stepBlueprint(), hostKeys: {}, secrets });
    await assert.rejects(deploy(program), /trust site-t/);
  });

  it("keeps the name of the registry known in a preview", async () => {
    let host: string | undefined;
    await deploy(() => {
      host = new Registry("registry", { blueprint: stepBlueprint(), hostKeys, secrets }).host;
    });
    assert.equal(host, "dockerhub.kubekey.local");
  });

  describe("in its Harbor", () => {
    const robots = {
      ci: { projects: ["builds"], access: "push" },
      ops: { projects: ["builds"], secret: "robotPassword" },
    };
    const withRobots = (robotPassword: string) =>
      deploy(() => {
        const site = smallSite();
        const passwordSecret = "harborPassword";
        site.registry = { passwordSecret, projects: { builds: { quotaGiB: 5 } }, robots };
        const { blueprint } = resolve(site, ["sshPassword", "robotPassword", passwordSecret]);
        return new Registry("registry", {
          blueprint,
          hostKeys,
          secrets: { ...secrets, robotPassword },
        });
      });
    const harborOf = (seen: Awaited<ReturnType<typeof registry>>["seen"]) => {
      const found = seen.find((one) => one.name === "registry-harbor");
      assert.ok(found);
      return found.inputs;
    };

    it("makes a project of the first part of each image's path", async () => {
      const { seen } = await registry();
      const { images, registry: at } = stepBlueprint();
      const names = images.map(
        ({ siteImage }) => siteImage.slice(at.host.length + 1).split("/")[0],
      );
      const { projects } = harborOf(seen).configuration;
      assert.deepEqual(Object.keys(projects), [...new Set(names)].sort());
    });

    it("is set up as the site says, in one resource, with secrets that stay secret", async () => {
      const { seen, secretInputs } = await withRobots("Given-robot-1");
      const inputs = harborOf(seen);
      assert.equal(inputs.configuration.projects.builds.quotaGiB, 5);
      assert.deepEqual(inputs.configuration.robots.ci.access, { builds: "pull, push" });
      assert.deepEqual(secretInputs("registry-harbor"), ["secrets"]);
      const names = ["registryPassword", "robot:ci", "robot:ops", "sshPassword"];
      assert.deepEqual(Object.keys(inputs.secrets).sort(), names);
      assert.equal(inputs.secrets["robot:ops"], "Given-robot-1");
      assert.deepEqual(Object.keys(inputs.request.hosts), ["registry-1"]);
      assert.ok(!JSON.stringify({ ...inputs, secrets: {} }).includes("Given-robot-1"));
    });

    it("gives a robot a random password that Harbor takes, unless the site names one", async () => {
      const { seen } = await withRobots("Given-robot-1");
      const made = seen.filter((one) => one.name.startsWith("registry-robot-"));
      assert.deepEqual(
        made.map(({ name, inputs }) => [name, inputs.minLower, inputs.minUpper, inputs.minNumeric]),
        [["registry-robot-ci", 1, 1, 1]],
      );
    });

    for (const [what, value] of [
      ["short", "Short-1"],
      ["long", `Aa1${"x".repeat(126)}`],
      ["without a capital", "hunter-hunter-1"],
      ["without a digit", "Hunter-hunter"],
    ] as const) {
      it(`refuses a robot's password ${what}, as Harbor would, without showing it`, () => {
        assert.throws(
          () => strong("robotPassword", value, "a robot's"),
          (error: Error) => {
            assert.match(error.message, /robotPassword cannot be .*\n {2}next: set another one/);
            return !error.message.includes(value);
          },
        );
      });
    }

    it("keeps in state what is the same on every machine and in every run", async () => {
      const [one, other] = [await registry(), await registry()];
      const text: string = harborOf(one.seen).__provider;
      assert.equal(text, harborOf(other.seen).__provider);
      assert.ok(!text.includes(projectRoot), "no path of this machine");
      assert.ok(!/require\(|harbor-resource/.test(text), "nothing but what Node brings");
      // The text cannot import the name that the step knows.
      assert.ok(text.includes(PREVIOUS_PASSWORD));
    });
  });
});
