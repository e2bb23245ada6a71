import assert from "node:assert/strict";
import fc from "fast-check";
import { fullReference, rewriteImages, unknownImages } from "../../site/image-references";
import { imageUses } from "../../site/images";

const host = "registry.site.example";
const images = imageUses(
  [
    "quay.io/jetstack/cert-manager-acmesolver:v1.21.1",
    "docker.io/rook/ceph:v1.20.6",
    "docker.io/library/traefik:v3.7.11",
    "quay.io/cephcsi/cephcsi:v3.17.0",
  ].map((image) => ({ image, neededBy: "chart" })),
  host,
);
const rewrite = rewriteImages(images);

describe("A reference to an image", () => {
  for (const [short, full] of [
    ["traefik:v3", "docker.io/library/traefik:v3"],
    ["rook/ceph:v1", "docker.io/rook/ceph:v1"],
    ["docker.io/traefik:v3", "docker.io/library/traefik:v3"],
    ["quay.io/ceph/ceph:v20", "quay.io/ceph/ceph:v20"],
    ["localhost/ceph:v20", "localhost/ceph:v20"],
    ["registry:5000/ceph:v20", "registry:5000/ceph:v20"],
  ] as const) {
    it(`${short} is in full ${full}`, () => assert.equal(fullReference(short), full));
  }
});

describe("Images in the objects of a chart", () => {
  it("lead to the site's registry wherever they hide", () => {
    const object = {
      spec: {
        containers: [
          {
            image: "rook/ceph:v1.20.6",
            args: ["--acme-http01-solver-image=quay.io/jetstack/cert-manager-acmesolver:v1.21.1"],
          },
          { image: "docker.io/traefik:v3.7.11" },
        ],
      },
      data: { config: "plugin: quay.io/cephcsi/cephcsi:v3.17.0\nother: 1\n" },
    };
    assert.deepEqual(rewrite(object), {
      spec: {
        containers: [
          {
            image: `${host}/rook/ceph:v1.20.6`,
            args: [`--acme-http01-solver-image=${host}/jetstack/cert-manager-acmesolver:v1.21.1`],
          },
          { image: `${host}/library/traefik:v3.7.11` },
        ],
      },
      data: { config: `plugin: ${host}/cephcsi/cephcsi:v3.17.0\nother: 1\n` },
    });
  });

  it("are not taken out of the middle of something longer", () => {
    for (const text of [
      "quay.io/cephcsi/cephcsi:v3.17.0-debug",
      "mirror.example/quay.io/cephcsi/cephcsi:v3.17.0",
      "see rook/ceph:v1.20.6 for more",
    ]) {
      assert.equal(rewrite(text), text);
    }
  });

  it("stay as they are when they are rewritten already", () => {
    fc.assert(
      fc.property(fc.constantFrom(...images), fc.string(), ({ image }, around) => {
        const once = rewrite({ text: `${around} ${image} ${around}`, image });
        assert.deepEqual(rewrite(once), once);
        assert.ok(!once.image.startsWith("quay.io") && once.image.startsWith(host));
      }),
    );
  });

  it("leave values alone that are known only later", () => {
    class Later {}
    const later = new Later();
    assert.equal(rewrite({ later }).later, later);
    assert.deepEqual(rewriteImages([])({ image: "nginx" }), { image: "nginx" });
  });

  it("are reported when a Pod would start one from elsewhere, in any kind of object", () => {
    const pod = { containers: [{ image: "nginx:1" }], initContainers: [{ image: `${host}/a:1` }] };
    const template = { spec: pod };
    for (const object of [
      { spec: pod },
      { spec: { template } },
      { spec: { jobTemplate: { spec: { template } } } },
    ]) {
      assert.deepEqual(unknownImages(object, host), ["nginx:1"]);
    }
    assert.deepEqual(unknownImages({ spec: { containers: [{ image: "auto" }] } }, host), []);
    assert.deepEqual(unknownImages({ spec: { containers: 3 } }, host), []);
  });
});
