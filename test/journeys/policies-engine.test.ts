import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { rules } from "../../policies/rules";
import { projectRoot } from "../../site/load";
import { readStackFile } from "../../site/stack-file";
import { deployment, goodImage, inContainer } from "../policies/support/sample-objects";
import { onCluster } from "./support/plugins/cluster-suite";
import { at } from "./support/plugins/control-plane";

/** Rules that are looked at here; the others would miss the rest of a site in so small a project. */
const judged = ["images-from-site-registry", "resource-limits", "pod-security"];

const reason = "a project of two objects is no site";
const disabled = rules
  .filter(({ name }) => !judged.includes(name))
  .map(({ name }) => [name, { enforcement: "disabled", reason }]);

describe("The policy pack, with a real engine and a real control plane", function () {
  this.timeout(240_000);
  const suite = onCluster(1);
  const pack = ["--policy-pack", join(projectRoot, "policies")];
  const { data, secretNames } = readStackFile(projectRoot, "site-a");

  /** Gives the stack site-a's configuration, and its own word on rules. */
  const configure = (own: object = {}) => {
    const file = join(suite.project.folder, "Pulumi.test.yaml");
    const stack = parse(readFileSync(file, "utf8"));
    const secrets = Object.fromEntries(secretNames.map((name) => [name, `sample-${name}`]));
    const policies = { rules: { ...Object.fromEntries(disabled), ...own } };
    const config = {
      "sitewright:site": data,
      "sitewright:secrets": secrets,
      "sitewright:policies": policies,
    };
    // Quoted, since Pulumi takes a bare date for one.
    writeFileSync(file, stringify({ ...stack, config }, { defaultStringType: "QUOTE_DOUBLE" }));
  };

  /** Each test has a namespace of its own, and leaves what it made. */
  let namespace = "";
  let tests = 0;
  beforeEach(() => {
    tests += 1;
    namespace = `parcels-${tests}`;
  });

  /** A program that makes a Deployment; `image` is JavaScript, by default the sample's own. */
  const program = (change: (object: unknown) => void = () => {}, image?: string) => {
    const object = deployment((one) => {
      one.metadata.namespace = namespace;
      one.metadata.annotations = { "pulumi.com/skipAwait": "true" };
      change(one);
    });
    const assign =
      image === undefined ? "" : `web.spec.template.spec.containers[0].image = ${image};`;
    suite.project.program(`${suite.provider()}
      class Late extends pulumi.dynamic.Resource {
        constructor(name) {
          const create = async () => ({ id: name, outs: { image: "nginx:made-late" } });
          super({ create }, name, { image: undefined });
        }
      }
      const metadata = { name: ${JSON.stringify(namespace)} };
      const namespace = new k8s.core.v1.Namespace("parcels", { metadata }, k);
      const web = ${JSON.stringify(object)};
      ${assign}
      new k8s.apps.v1.Deployment("web", web, { ...k, dependsOn: namespace });`);
  };

  /** What the cluster has of the Deployment. */
  const made = async (path: string) =>
    at(await suite.plane.api("GET", `/apis/apps/v1/namespaces/${namespace}/deployments/web`), path);
  const badImage = inContainer((container) => Object.assign(container, { image: "nginx:latest" }));

  const refused = async (...args: string[]) => {
    const { exitCode, output } = await suite.project.run(...args, ...pack);
    assert.notEqual(exitCode, 0, output);
    return output;
  };
  const passes = async (...args: string[]) => await suite.project.succeed(...args, ...pack);

  it("lets through what keeps every rule, and shows no change afterwards", async () => {
    configure();
    program();
    await passes("up", "--yes");
    assert.equal(await made("metadata.name"), "web");
    await passes("preview", "--expect-no-changes");
  });

  it("refuses a bad change in a preview, with what is needed, given and next", async () => {
    configure();
    program(badImage);
    const output = await refused("preview");
    assert.match(output, /\[mandatory\] .*images-from-site-registry/);
    assert.match(
      output,
      /containers\[0\]\.image needs an image from dockerhub\.kubekey\.local; given nginx:latest; next: name the image/,
    );
  });

  it("stops an update without preview before the bad thing is touched", async () => {
    configure();
    program();
    await passes("up", "--yes", "--skip-preview");
    program(badImage);
    const output = await refused("up", "--yes", "--skip-preview");
    assert.match(output, /needs an image from dockerhub\.kubekey\.local/);
    assert.equal(await made("spec.template.spec.containers.0.image"), goodImage);
  });

  it("only warns of a rule that is advisory", async () => {
    configure({ "images-from-site-registry": { enforcement: "advisory", reason } });
    program(badImage);
    const output = await passes("up", "--yes", "--skip-preview");
    assert.match(output, /\[advisory\] .*images-from-site-registry/);
  });

  it("holds a rule to the settings that the site states", async () => {
    configure({ "resource-limits": { settings: { cpuRatio: 1 } } });
    program();
    assert.match(await refused("preview"), /needs at most 1 times what is requested/);
  });

  it("mends where the site says so, shows it in the diff, and has no change afterwards", async () => {
    configure({ "resource-limits": { enforcement: "remediate" } });
    program(inContainer((container) => delete container.resources));
    const diff = await passes("preview", "--diff");
    assert.match(diff, /\[remediate\] .*resource-limits/);
    assert.match(diff, /\+ +resources *: \{[^}]*limits *: \{/);
    await passes("up", "--yes", "--skip-preview");
    const limits = await made("spec.template.spec.containers.0.resources.limits");
    assert.deepEqual(Object.keys(Object(limits)).sort(), ["cpu", "memory"]);
    await passes("preview", "--expect-no-changes");
  });

  it("mends for a rule over everything too, and then finds nothing", async () => {
    configure({ "service-account-tokens": {} });
    const key = "automountServiceAccountToken";
    program((one) => delete Object(one).spec.template.spec[key]);
    assert.match(await refused("preview"), /an account that all Pods of its namespace share/);
    configure({ "service-account-tokens": { enforcement: "remediate" } });
    const diff = await passes("preview", "--diff");
    assert.match(diff, /\[remediate\] .*service-account-tokens/);
    assert.match(diff, /\+ +automountServiceAccountToken *: false/);
    await passes("up", "--yes", "--skip-preview");
    assert.equal(await made(`spec.template.spec.${key}`), false);
  });

  it("knows the stack's secrets where they must not be, and does not show them", async () => {
    configure({ "secret-literals": {} });
    const env = [{ name: "GREETING", value: "hello sample-sshPassword" }];
    program(inContainer((container) => Object.assign(container, { env })));
    const output = await refused("preview");
    assert.match(output, /env\[0\]\.value needs no secret; given a value of the stack's secrets;/);
    assert.doesNotMatch(output, /sample-sshPassword/);
  });

  it("judges in the update what no preview can know", async () => {
    configure();
    program(undefined, 'new Late("late").image');
    const output = await passes("preview");
    assert.match(output, /can't run policy 'images-from-site-registry'[^\n]*\.image/);
    const update = await refused("up", "--yes", "--skip-preview");
    assert.match(update, /given nginx:made-late;/);
    assert.equal(await made("code"), 404);
  });

  it("takes an exemption by annotation until its month is over", async () => {
    const exempt = (until: string) => (one: unknown) => {
      badImage(one);
      const text = `until ${until}: the vendor's registry is the customer's own`;
      const key = "policy.sitewright.io/images-from-site-registry";
      Object.assign(Object(one).metadata.annotations, { [key]: text });
    };
    configure();
    program(exempt(new Date().toISOString().slice(0, 7)));
    await passes("preview");
    program(exempt("2099-12"));
    assert.match(await refused("preview"), /its exemption does not count: it ends later than/);
    program(exempt("2020-01"));
    assert.match(await refused("preview"), /its exemption ended with 2020-01/);
  });

  it("names every fault of sitewright:policies, without a trace of the program", async () => {
    configure({ "image-registry": {}, "pod-security": { enforcement: "disabled" } });
    program();
    const output = await refused("preview");
    assert.match(output, /rules\.image-registry {2}needs the name of a rule/);
    assert.match(output, /rules\.pod-security\.reason {2}needs a reason/);
    assert.doesNotMatch(output, /enforcement\.ts|node_modules/);
  });
});
