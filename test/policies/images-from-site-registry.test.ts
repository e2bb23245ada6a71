import assert from "node:assert/strict";
import { imagesFromSiteRegistry } from "../../policies/images-from-site-registry";
import { objectSubject, patchSubject, violations } from "./support/judging";
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

  it("does not ask a patch for an image that it leaves alone", () => {
    const patch = deployment(inContainer((container) => delete container.image));
    assert.deepEqual(violations(imagesFromSiteRegistry, [patchSubject(patch)]), []);
  });
});
