import assert from "node:assert/strict";
import { chmodSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { type PoliciesOptions, policies } from "../../cli/policies";
import { rules } from "../../policies/rules";
import { projectRoot } from "../../site/load";
import { RunError } from "../../site/run-error";
import { readStackFile } from "../../site/stack-file";
import { deployment, inContainer } from "../policies/support/sample-objects";
import { ioFor } from "../support/io";
import { makeProject, type Project } from "../support/projects";

const plain: PoliciesOptions = { state: false, json: false };
const image = "images-from-site-registry";

/** Runs the command; `root` is the checkout where none is given. */
async function run(site: string | undefined, more: Partial<PoliciesOptions>, root = projectRoot) {
  const { io, text } = ioFor(root);
  const code = await policies(site, { ...plain, ...more }, io);
  return { code, text: text() };
}

const refused = (exitCode: number, message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof RunError);
  assert.equal(error.exitCode, exitCode);
  assert.match(error.message, message);
  return true;
};

describe("policies", () => {
  it("lists every rule in a line", async () => {
    const { code, text } = await run(undefined, {});
    assert.equal(code, 0);
    for (const { name, severity } of rules) {
      assert.match(text, new RegExp(`^${name} +${severity} +\\S`, "m"));
    }
  });

  it("says all of one rule, its settings with their defaults included", async () => {
    const { text } = await run(undefined, { rule: image });
    assert.match(text, /^why: Nodes reach no other registry/m);
    assert.match(text, /^ {2}digests: known, all, default known\. /m);
    assert.ok(!text.includes("`"), text);
  });

  it("prints the same as one JSON object", async () => {
    const { rules: listed } = JSON.parse((await run(undefined, { json: true })).text);
    assert.deepEqual(
      listed.map(({ name }: { name: string }) => name),
      rules.map(({ name }) => name),
    );
    assert.equal(listed[0].knownSettings.digests?.default, "known");
  });

  it("knows what a misspelt rule was to be", async () => {
    const asked = run(undefined, { rule: "images-from-site-registri" });
    await assert.rejects(asked, refused(2, /write images-from-site-registry/));
  });

  it("wants a site to judge by", async () => {
    await assert.rejects(run(undefined, { state: true }), refused(2, /name of a site is needed/));
  });

  for (const site of ["site-a", "site-b"]) {
    it(`shows how ${site} keeps every rule`, async () => {
      const { code, text } = await run(site, {});
      assert.equal(code, 0);
      for (const { name } of rules) assert.match(text, new RegExp(`^${name} `, "m"));
    });
  }
});

describe("policies of a site's own", () => {
  let project: Project;
  const folder = (name: string) => join(project.root, name);

  /** site-b with other policies. */
  const stackFile = (policies: unknown) => {
    const { data } = readStackFile(projectRoot, "site-b");
    return stringify({
      config: {
        "sitewright:site": data,
        "sitewright:secrets": Object.fromEntries(
          ["sshPrivateKey", "bastionPassword", "alertMail"].map((name) => [name, { secure: "v1" }]),
        ),
        "sitewright:policies": policies,
      },
    });
  };
  const bad = deployment(inContainer((one) => Object.assign(one, { image: "nginx:latest" })));
  const reason = "the registry of the customer moves";
  const nextYear = `${new Date().getUTCFullYear() + 1}-06`;

  before(() => {
    project = makeProject();
    project.write("Pulumi.strict.yaml", stackFile({}));
    project.write(
      "Pulumi.lenient.yaml",
      stackFile({
        rules: {
          [image]: { enforcement: "advisory", reason, settings: { digests: "all" } },
          "log-format": { enforcement: "disabled", reason, until: "2026-10" },
        },
      }),
    );
    project.write(
      "Pulumi.blind.yaml",
      stackFile({ rules: { [image]: { enforcement: "disabled", reason } } }),
    );
    project.write(
      "Pulumi.faulty.yaml",
      stackFile({ rules: { "image-from": {}, [image]: { enforcement: "advisory" } } }),
    );
    const exempt = structuredClone(bad);
    const until = { [`policy.sitewright.io/${image}`]: `until ${nextYear}: ${reason}` };
    Object.assign(exempt.metadata, { name: "exempt", annotations: until });
    project.write("bad/deep/web.yaml", `# a comment\n${stringify(bad)}---\nvalues: 1\n---\n`);
    project.write(
      "bad/list.json",
      JSON.stringify({ apiVersion: "v1", kind: "List", items: [bad, exempt] }, null, 2),
    );
    const kustomization = "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n";
    project.write("bad/kustomization.yaml", kustomization);
    project.write("bad/.git/hidden.yaml", "{{ no YAML");
    project.write("bad/README.md", "no: [YAML");
    project.write(
      "unrendered/chart.yaml",
      "apiVersion: v1\nkind: Pod\nmetadata: {name: {{ .Release.Name }}}\n",
    );
    project.write("unrendered/bomb.yaml", `a: &a [x]\n${"b: [*a, *a]\n"}c: [\n`);
    project.write("unread/endless.yaml", "apiVersion: v1\nkind: Pod\nspec: &s\n  spec: *s\n");
    project.write("unread/powershell.yaml", Buffer.from(`\ufeff${stringify(bad)}`, "utf16le"));
    project.write("unread/secret.yaml", stringify(bad));
    const odd =
      "apiVersion: constructor\nkind: __proto__\nmetadata: {name: a\u202eb, namespace: nowhere}\n";
    project.write("odd/\u001b[31mred.yaml", odd + stringify({ spec: { template: bad.spec } }));
    project.write("odd/web.yaml", stringify(bad));
    mkdirSync(folder("links"));
    symlinkSync(".", folder("links/self"));
    symlinkSync("../bad/deep/web.yaml", folder("links/web.yaml"));
    symlinkSync("../bad/deep/web.yaml", folder("odd/link.yaml"));
    const list = (kind: string, ...items: readonly object[]) => ({ apiVersion: "v1", kind, items });
    project.write("sly/.hidden/.web.yaml", stringify(bad));
    project.write("sly/nested.json", JSON.stringify(list("List", list("List", bad))));
    project.write("sly/other.yaml", stringify(list("Bundle", bad)));
    project.write("empty/values.yaml", "replicas: 1\n");
  });
  after(() => project.remove());

  const judge = (site: string, manifests: string, more: Partial<PoliciesOptions> = {}) =>
    run(site, { manifests: folder(manifests), rule: image, ...more }, project.root);

  it("ends with 3 where manifests break a rule, each named by file and line", async () => {
    const { code, text } = await judge("strict", "bad");
    assert.equal(code, 3);
    const path =
      "Deployment parcels/web: spec.template.spec.containers[0].image needs an image from";
    assert.ok(text.includes(`  deep/web.yaml:2  ${path}`), text);
    assert.ok(text.includes(`  list.json:5  ${path}`), text);
    assert.match(text, /1 rule over 3 objects of the manifests in .*: 1 broken, 1 exemption\n$/);
    assert.match(text, /no Kubernetes object: 2, the first at deep\/web.yaml:\d+/);
  });

  it("finds what stands in hidden files, in lists of lists, and in lists of another name", async () => {
    const { code, text } = await judge("strict", "sly", { json: true });
    assert.equal(code, 3);
    const [{ findings }] = JSON.parse(text).rules;
    assert.deepEqual(
      findings.map(({ id }: Record<string, string>) => id),
      [".hidden/.web.yaml:1", "nested.json:1", "other.yaml:4"],
    );
  });

  it("lists the exemptions in use with their reasons", async () => {
    const { text } = await judge("strict", "bad");
    assert.match(
      text,
      new RegExp(`^${image} +Deployment parcels/exempt +${nextYear} +${reason}$`, "m"),
    );
  });

  it("gives the same as JSON", async () => {
    const { code, text } = await judge("strict", "bad", { json: true });
    assert.equal(code, 3);
    const { ok, objects, rules: judged } = JSON.parse(text);
    assert.deepEqual([ok, objects, judged.length], [false, 3, 1]);
    const [{ findings, exemptions, enforcement }] = judged;
    assert.equal(enforcement, "mandatory");
    assert.deepEqual(
      findings.map(({ id, about, given }: Record<string, string>) => [id, about, given]),
      ["deep/web.yaml:2", "list.json:5"].map((at) => [
        at,
        "Deployment parcels/web",
        "nginx:latest",
      ]),
    );
    assert.deepEqual([exemptions.length, exemptions[0].reason], [1, reason]);
  });

  it("ends well where a rule is advisory, and still says what it found", async () => {
    const { code, text } = await judge("lenient", "bad");
    assert.equal(code, 0);
    assert.match(text, /needs an image from/);
    assert.match(text, /all kept, 1 advised against/);
  });

  it("does not look where a rule is disabled, and says so", async () => {
    const { code, text } = await judge("blind", "bad");
    assert.equal(code, 0);
    assert.match(text, new RegExp(`note: disabled: ${image}`));
    assert.match(text, /0 rules over 3 objects .*: nothing judged$/m);
  });

  it("shows reasons and settings of a site that differ, and what has ended", async () => {
    const { text } = await run("lenient", {}, project.root);
    assert.match(text, new RegExp(`^${image} +high +advisory +${reason}; digests: all$`, "m"));
    assert.match(text, /^log-format +low +mandatory +what was stated ended with 2026-10$/m);
  });

  it("names every fault of sitewright:policies by file and line", async () => {
    await assert.rejects(
      run("faulty", {}, project.root),
      refused(3, /^2 problems.*(\n {2}Pulumi.faulty.yaml:\d+ {2}sitewright:policies\.rules.*){2}$/),
    );
  });

  it("names every file that is not rendered", async () => {
    await assert.rejects(
      judge("strict", "unrendered"),
      refused(
        3,
        /^bomb.yaml:4 {2}needs valid YAML.*\nchart.yaml:1 {2}needs a name.*\n.*helm template/,
      ),
    );
  });

  it("names every file that cannot be read to its end, whoever may deploy it", async () => {
    chmodSync(folder("unread/secret.yaml"), 0);
    // Root may read everything.
    const user = process.geteuid?.();
    chmodSync(project.root, 0o755);
    if (user === 0) process.seteuid?.(65534);
    try {
      await assert.rejects(
        judge("strict", "unread"),
        refused(
          3,
          /^endless.yaml {2}needs modest YAML: an alias leads back.*\npowershell.yaml {2}needs UTF-8\nsecret.yaml {2}cannot be read: EACCES\n/,
        ),
      );
    } finally {
      if (user !== undefined) process.seteuid?.(user);
    }
  });

  it("judges objects with the oddest names, and prints nothing that moves the cursor", async () => {
    const { code, text } = await run("strict", { manifests: folder("odd") }, project.root);
    assert.equal(code, 3);
    assert.ok(!text.includes("\u001b"), text);
    assert.match(text, /red\.yaml:1 {2}__proto__ nowhere\/a b: /);
  });

  it("says which links it did not follow", async () => {
    assert.match((await judge("strict", "odd")).text, /links, .*: 1, the first at link\.yaml$/m);
    await assert.rejects(judge("strict", "links"), refused(2, /0 YAML or JSON files; links.* 2\n/));
  });

  it("says what to do once for all findings of a rule, and apart where it is another thing", async () => {
    const { text } = await judge("strict", "bad");
    assert.equal(text.match(/next: name the image with tag and digest/g)?.length, 1);
    const web = deployment((one) => delete one.spec.template.spec.containers[0].resources.limits);
    project.write("limits/web.yaml", stringify(web));
    const limits = await judge("strict", "limits", { rule: "resource-limits" });
    assert.match(limits.text, /given nothing\n.*given nothing\n {2}next: state requests/);
    const spread = await judge("strict", "odd", { rule: "pod-spread" });
    assert.match(spread.text, /web\.yaml:1 .*; next: lower replicas.*\n\n/);
  });

  it("refuses to judge manifests by a rule that needs the whole site", async () => {
    const asked = judge("strict", "bad", { rule: "data-kept" });
    await assert.rejects(asked, refused(2, /not enough to judge data-kept by\n.*--state/));
  });

  it("takes a folder without objects, or none at all, for a mistake", async () => {
    await assert.rejects(judge("strict", "empty"), refused(2, /holds no Kubernetes object/));
    await assert.rejects(judge("strict", "nowhere"), refused(2, /is no folder that can be read/));
  });

  it("judges one thing at a time", async () => {
    const both = judge("strict", "bad", { state: true });
    await assert.rejects(both, refused(2, /do not go together/));
  });
});
