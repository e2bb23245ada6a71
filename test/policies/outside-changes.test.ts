import assert from "node:assert/strict";
import fc from "fast-check";
import { outsideChanges } from "../../policies/outside-changes";
import type { Subject } from "../../policies/support/subject";
import { judged, objectSubject, patchSubject, siteA, violations } from "./support/judging";
import { deployment, goodImage } from "./support/sample-objects";

const site = "sitewright:site:Site";
const inProduct = `${site}$sitewright:workload:Product$sitewright:workload:Workload`;
const inPlatform = `${site}$sitewright:platform:Platform$sitewright:monitoring:Monitoring`;

/** A subject below some components. */
function below(path: string, made: Subject): Subject {
  const { type, name } = made;
  const own = path === "" ? type : `${path}$${type}`;
  return { ...made, id: `urn:pulumi:site-a::sitewright::${own}::${name}` };
}

const { workloads } = siteA();
const api = workloads.find(({ name }) => name === "api");
if (api === undefined) throw new Error("site-a has no workload api");

type Change = NonNullable<Parameters<typeof deployment>[0]>;

/** The Deployment of `api` as the site runs it, changed. */
const apiObject = (change: Change = () => {}) =>
  deployment((object) => {
    Object.assign(object.metadata, { name: api.name, namespace: api.namespace });
    object.spec.replicas = api.replicas;
    object.spec.template.spec.containers[0].image = api.image;
    change(object);
  });
const apiSubject = (change?: Change) => below(inProduct, objectSubject(apiObject(change)));

const found = (...subjects: readonly Subject[]) => violations(outsideChanges, subjects);
const only = (subject: Subject) => {
  const [violation = "", ...others] = found(subject);
  assert.deepEqual(others, []);
  return violation;
};

const namespaced = (namespace: string, name = "web") =>
  objectSubject(deployment(({ metadata }) => Object.assign(metadata, { namespace, name })));

describe("outside-changes", () => {
  it("lets a workload of the release through as the site runs it", () => {
    assert.deepEqual(found(apiSubject()), []);
  });

  describe("refuses what is not below the site's component:", () => {
    const service = { apiVersion: "v1", kind: "Service", metadata: { name: "web" } };
    for (const [title, path] of [
      ["beside it", ""],
      ["below another component", "sitewright:other:Other"],
      ["below one whose type begins alike", `${site}s`],
    ] as const) {
      it(title, () => {
        const violation = only(below(path, objectSubject(service)));
        assert.match(violation, /^Service web: needs a place within the site's component/);
      });
    }

    it("but no provider that Pulumi makes by itself", () => {
      const type = "pulumi:providers:random";
      const [made] = [objectSubject(service, { type, name: "default_4_21_2" })];
      assert.deepEqual(found(below("", made)), []);
    });
  });

  it("refuses a workload that the release does not have", () => {
    const violation = only(below(inProduct, namespaced("parcels", "extra")));
    assert.match(violation, /^Deployment parcels\/extra: needs a workload of the release, or/);
  });

  it("refuses one in a namespace of a team or of the platform that is none of the platform's", () => {
    for (const namespace of ["site-a-sorting-web", "monitoring"]) {
      const violation = only(below(site, namespaced(namespace)));
      assert.match(violation, /given Deployment .*, which neither has; next: state it in the rel/);
    }
  });

  it("refuses a workload of another kind than the release's", () => {
    const { object } = apiSubject();
    const violation = only(below(inProduct, objectSubject({ ...object, kind: "StatefulSet" })));
    assert.match(violation, /given StatefulSet parcels\/api, which neither has/);
  });

  it("refuses another image than the release's, though the site's registry has it", () => {
    const violation = only(
      apiSubject(({ spec }) => {
        spec.template.spec.containers[0].image = goodImage;
      }),
    );
    assert.ok(
      violation.includes(`containers[0].image needs the image ${api.image}; given ${goodImage};`),
    );
  });

  it("leaves images to their own rule that are not pinned or from elsewhere", () => {
    for (const image of [
      goodImage.replace(/@.*/, ""),
      goodImage.replace("1.29", "latest"),
      goodImage.replace(/^[^/]+/, "docker.io"),
      undefined,
    ]) {
      const change: Change = ({ spec }) => {
        spec.template.spec.containers[0].image = image;
      };
      assert.deepEqual(found(apiSubject(change)), []);
    }
  });

  it("refuses other replicas than the site's, also where none are stated", () => {
    for (const [replicas, given] of [
      [5, "5"],
      [0, "0"],
      [undefined, "1"],
      ["3", '"3"'],
    ] as const) {
      const violation = only(
        apiSubject(({ spec }) => {
          spec.replicas = replicas;
        }),
      );
      assert.ok(
        violation.includes(`spec.replicas needs ${api.replicas}; given ${given};`),
        violation,
      );
    }
  });

  it("takes a canary at its own image and replicas", () => {
    const canary = { name: "api-canary", image: goodImage, version: "2", replicas: 1, weight: 5 };
    const blueprint = siteA();
    const setting = {
      blueprint: {
        ...blueprint,
        workloads: [{ ...api, canary: { ...canary, headers: {} } }],
      },
    };
    const canaryOf = (replicas: number) =>
      apiSubject(({ metadata, spec }) => {
        metadata.name = canary.name;
        spec.replicas = replicas;
        spec.template.spec.containers[0].image = goodImage;
      });
    assert.deepEqual(violations(outsideChanges, [canaryOf(1), apiSubject()], setting), []);
    assert.match(
      violations(outsideChanges, [canaryOf(3)], setting)[0] ?? "",
      /replicas needs 1; given 3/,
    );
  });

  describe("takes of the platform", () => {
    const withImage = (image: string) =>
      below(
        inPlatform,
        objectSubject(
          deployment(({ metadata, spec }) => {
            metadata.namespace = "monitoring";
            spec.template.spec.containers[0].image = image;
          }),
        ),
      );

    it("whatever it makes from the bundle's images", () => {
      const [first] = siteA().images;
      assert.deepEqual(found(withImage(first?.siteImage ?? "")), []);
    });

    it("no image that the bundle lacks", () => {
      assert.match(only(withImage(goodImage)), /image needs an image of the site's bundle; given /);
    });
  });

  it("takes the Job that fills the config centre for a workload, with its own image", () => {
    const blueprint = siteA();
    const centre = { image: goodImage, address: "", prefix: "", entries: {}, labels: {} };
    const keeper = { ...api, centre: { ...centre, resources: api.resources } };
    const setting = { blueprint: { ...blueprint, workloads: [keeper] } };
    const { spec } = apiObject();
    const metadata = { name: "api-centre", namespace: "parcels" };
    const job = (image: string) => {
      const containers = [{ name: "import", image }];
      const template = { spec: { containers } };
      const object = { apiVersion: "batch/v1", kind: "Job", metadata, spec: { ...spec, template } };
      return below(inProduct, objectSubject(object));
    };
    assert.deepEqual(violations(outsideChanges, [job(goodImage)], setting), []);
    assert.equal(violations(outsideChanges, [job(api.image)], setting).length, 1);
    assert.equal(found(job(goodImage)).length, 1);
  });

  it("leaves patches, and namespaces of nobody, alone", () => {
    const patch = patchSubject(deployment());
    assert.deepEqual(found(below(inProduct, patch), below(inProduct, namespaced("nobody"))), []);
  });

  it("throws at nothing, whatever stands in an object", () => {
    fc.assert(
      fc.property(fc.anything(), (odd) => {
        const { object } = apiSubject();
        const containers = [odd, { image: odd }];
        judged(outsideChanges, [
          below(inProduct, objectSubject({ ...object, spec: odd })),
          below(
            inProduct,
            objectSubject({
              ...object,
              spec: { replicas: odd, template: { spec: { containers } } },
            }),
          ),
        ]);
      }),
    );
  });
});
