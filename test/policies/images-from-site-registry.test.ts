import assert from "node:assert/strict";
import { imagesFromSiteRegistry } from "../../policies/images-from-site-registry";
import { objectSubject, patchSubject, siteA, violations } from "./support/judging";
import { deployment, goodImage, inContainer } from "./support/sample-objects";

const found = (image: unknown) =>
  violations(imagesFromSiteRegistry, [
    objectSubject(deployment(inContainer((container) => Object.assign(container, { image })))),
  ]);

const path = "Deployment parcels/web: spec.template.spec.containers[0].image";

describe("images-from-site-registry", () => {
  it("lets an image through that is pinned by tag and digest", () => {
    assert.deepEqual(found(goodImage), []);
  });

  for (const [title, image, expected] of [
    ["another registry", goodImage.replace(/^[^/]+/, "docker.io"), /an image from dockerhub/],
    ["a name without registry", "nginx:1.29", /an image from dockerhub/],
    ["a tag alone", goodImage.replace(/@.*/, ""), /a digest/],
    ["a digest alone", goodImage.replace(":1.29", ""), /a tag other than latest;/],
    ["latest", goodImage.replace("1.29", "latest"), /a tag other than latest;/],
    ["no image at all", undefined, /needs an image; given nothing/],
  ] as const) {
    it(`refuses ${title}`, () => {
      const [violation = "", ...others] = found(image);
      assert.ok(violation.startsWith(path), violation);
      assert.match(violation, expected);
      assert.deepEqual(others, []);
    });
  }

  it("lets a gateway's image be put in by the injector, where its Pods ask for that and there is a mesh", () => {
    const labelled = (labels: object, blueprint = siteA()) =>
      violations(
        imagesFromSiteRegistry,
        [
          objectSubject(
            deployment((object) => {
              object.spec.template.metadata.labels = labels;
              object.spec.template.spec.containers[0].image = "auto";
            }),
          ),
        ],
        { blueprint },
      );
    const asked = { "sidecar.istio.io/inject": "true" };
    assert.deepEqual(labelled(asked), []);
    assert.match(labelled({})[0] ?? "", /needs an image from dockerhub/);
    assert.match(labelled({ "sidecar.istio.io/inject": "false" })[0] ?? "", /needs an image from/);
    const { mesh: _, ...platform } = siteA().platform;
    assert.match(labelled(asked, { ...siteA(), platform })[0] ?? "", /needs an image from/);
  });

  it("does not ask a patch for an image that it leaves alone", () => {
    const patch = deployment(inContainer((container) => delete container.image));
    assert.deepEqual(violations(imagesFromSiteRegistry, [patchSubject(patch)]), []);
  });
});
