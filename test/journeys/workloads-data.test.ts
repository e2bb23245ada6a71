import assert from "node:assert/strict";
import { join } from "node:path";
import { installProvider } from "../../rehearsal/plugins/protocol/launcher";
import { makeBlueprint } from "../../site/blueprint";
import { projectRoot } from "../../site/load";
import { parseDocument } from "../../site/parse";
import { releaseSchema } from "../../site/schema/release";
import { siteSchema } from "../../site/schema/site";
import { roomySite } from "../support/any-release";
import { image, releaseProblems, resources } from "../support/releases";
import { catalogue } from "../support/sites";
import { onCluster } from "./support/plugins/cluster-suite";
import { at } from "./support/plugins/control-plane";

/** Secrets, volumes and Jobs of a release, as a real API server and the engine with its state treat them. */
describe("Secrets and data of a release on a real control plane", function () {
  this.timeout(480_000);
  const suite = onCluster(3);
  const oldPassword = "an-old-password-of-the-site";

  function release(version: string, extra: object = {}) {
    const common = { namespace: "parcels", resources };
    return {
      release: "2026.11",
      product: "parcels",
      namespaces: { parcels: {} },
      secrets: { "ledger-password": { random: { length: 24 } }, "smtp-key": { given: true } },
      volumes: { photos: { namespace: "parcels", sizeGiB: 1 } },
      workloads: {
        migrate: { kind: "Job", ...common, image: tagged("migrate", version), migratesData: true },
        web: {
          kind: "Deployment",
          ...common,
          image: tagged("nginx", "1.0"),
          after: ["migrate"],
          secretEnv: { DB_PASSWORD: "ledger-password" },
          secretFiles: { "/etc/app/key": "smtp-key" },
          files: { "/etc/app/app.conf": "mode = fast\n" },
          init: [
            { name: "wait", image: tagged("busybox", "1.0"), resources },
            { name: "proxy", image: tagged("busybox", "1.0"), resources, sidecar: true },
          ],
          volumes: {
            data: { mountPath: "/data", claim: { sizeGiB: 1 } },
            photos: { mountPath: "/photos", shared: "photos", readOnly: true },
            fonts: {
              mountPath: "/fonts",
              image: { image: tagged("fonts", "1.0"), path: "/usr/share/fonts", sizeMiB: 50 },
            },
          },
          ...extra,
        },
      },
    };
  }

  function tagged(name: string, version: string): string {
    return image(name).replace(":1.0@", `:${version}@`);
  }

  /** JavaScript that makes what a release brings, as a site does. */
  function program(data: object, secrets: object, siteMore: object = {}): string {
    const siteData = { ...roomySite(), ...siteMore };
    assert.deepEqual(releaseProblems(data, siteData, ["sshPassword", ...Object.keys(secrets)]), []);
    const site = parseDocument("site", siteSchema, siteData).value;
    const found = parseDocument("release", releaseSchema, data).value;
    assert.ok(site && found);
    const blueprint = makeBlueprint({ name: "site-t", site, release: found, catalogue });
    const component = (file: string) =>
      JSON.stringify(join(projectRoot, "components/workload", file));
    const options =
      "enablePatchForce: true, upsertExistingObjects: true, enableSecretMutable: true, enableConfigMapMutable: true";
    return `${suite.provider(options)}
      require(${JSON.stringify(join(projectRoot, "toolchain/register.js"))});
      const { Product } = require(${component("product.ts")});
      const { SecretValues } = require(${component("secret-values.ts")});
      const { namespaces, workloads, sharedVolumes, productSecrets: wanted } = ${JSON.stringify(blueprint)};
      const secrets = new SecretValues("values", { wanted, secrets: pulumi.secret(${JSON.stringify(secrets)}) });
      new Product("product", { namespaces, workloads, sharedVolumes, secrets, rules: [] }, { providers: [k.provider] });`;
  }

  const inParcels = (path: string) => `${path}/namespaces/parcels`;
  const deployment = () => suite.plane.api("GET", `${inParcels("/apis/apps/v1")}/deployments/web`);
  const hashOf = (object: unknown) =>
    (at(object, "spec.template.metadata.annotations") as Record<string, string>)[
      "sitewright/secrets-hash"
    ];
  const passwordOf = async () => {
    const secret = await suite.plane.api("GET", `${inParcels("/api/v1")}/secrets/web-secrets`);
    const data = at(secret, "data") as Record<string, string>;
    return Buffer.from(data["ledger-password"] ?? "", "base64").toString();
  };
  const jobId = async () =>
    at(await suite.plane.api("GET", `${inParcels("/apis/batch/v1")}/jobs/migrate`), "metadata.uid");

  /** Volumes that are there already, as a server's folders would be. */
  async function volumes(): Promise<void> {
    await suite.plane.api("POST", "/apis/storage.k8s.io/v1/storageclasses", {
      metadata: {
        name: "nfs",
        annotations: { "storageclass.kubernetes.io/is-default-class": "true" },
      },
      provisioner: "kubernetes.io/no-provisioner",
    });
    for (const name of ["one", "two"]) {
      await suite.plane.api("POST", "/api/v1/persistentvolumes", {
        metadata: { name },
        spec: {
          capacity: { storage: "1Gi" },
          accessModes: ["ReadWriteOnce", "ReadWriteMany"],
          storageClassName: "nfs",
          nfs: { server: "files.example", path: `/export/${name}` },
        },
      });
    }
  }

  it("come up, stay as they are, and change only with what they are made from", async () => {
    installProvider(join(suite.project.folder, "home"), { name: "random", version: "4.21.2" });
    await volumes();
    const given = { "smtp-key": "first-smtp-key" };
    suite.project.program(program(release("1.0"), given));
    const output = await suite.up();
    assert.doesNotMatch(output, /first-smtp-key/);
    assert.deepEqual(await suite.project.plan(), []);

    const password = await passwordOf();
    assert.match(password, /^[A-Za-z0-9]{24}$/);
    const first = { hash: hashOf(await deployment()), job: await jobId() };
    assert.match(first.hash ?? "", /^[0-9a-f]{16}$/);

    // Another value of the stack's secret: new Pods, the same Job, and nothing to read in the preview.
    suite.project.program(program(release("1.0"), { "smtp-key": "second-smtp-key" }));
    const { output: preview } = await suite.project.run("preview", "--diff");
    assert.doesNotMatch(preview, new RegExp(`smtp-key"?: "(first|second)|${password}`));
    const planned = await suite.project.plan();
    assert.deepEqual(planned.map(({ op, urn }) => `${op} ${urn.split("::").at(-1)}`).sort(), [
      "update product-web-deployment",
      "update product-web-secrets",
    ]);
    await suite.up();
    const second = { hash: hashOf(await deployment()), job: await jobId() };
    assert.notEqual(second.hash, first.hash);
    assert.equal(second.job, first.job);
    assert.equal(await passwordOf(), password);

    // Another version of the Job: it takes the place of the last, under the same name.
    suite.project.program(program(release("1.1"), { "smtp-key": "second-smtp-key" }));
    assert.deepEqual(
      (await suite.project.plan()).map(({ op, urn }) => `${op} ${urn.split("::").at(-1)}`).sort(),
      ["replace product-migrate-job"],
    );
    await suite.up();
    assert.notEqual(await jobId(), second.job);
    assert.equal(hashOf(await deployment()), second.hash);

    // The site has a password already: it takes the place of the random one.
    const all = { "smtp-key": "second-smtp-key", oldDbPassword: oldPassword };
    const mapped = { secrets: { "ledger-password": "oldDbPassword" } };
    suite.project.program(program(release("1.1"), all, mapped));
    await suite.up();
    assert.equal(await passwordOf(), oldPassword);

    // Without its workload a claim stays, and is taken up again by the same name.
    const { web: _, ...others } = release("1.1").workloads;
    const without = { ...release("1.1"), workloads: others };
    suite.project.program(program(without, all, mapped));
    await suite.up();
    const claim = () =>
      suite.plane.api("GET", `${inParcels("/api/v1")}/persistentvolumeclaims/web-data`);
    const kept = at(await claim(), "metadata.uid");
    assert.equal(typeof kept, "string");
    suite.project.program(program(release("1.1"), all, mapped));
    await suite.up();
    assert.equal(at(await claim(), "metadata.uid"), kept);
  });
});
