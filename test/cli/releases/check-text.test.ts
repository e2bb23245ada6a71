import assert from "node:assert/strict";
import { exitCodeOf } from "../../../cli/releases/check-command";
import { type CheckedRelease, checkedJson, checkedText } from "../../../cli/releases/check-text";

const image = (name: string) => `docker.io/shop/${name}:1.0@sha256:${"a".repeat(64)}`;

function checked(
  ...images: readonly (readonly [string, CheckedRelease["images"][number]["presence"]])[]
) {
  return {
    site: "site-t",
    release: "2030.01",
    registry: "registry.test",
    images: images.map(([name, presence]) => ({
      image: image(name),
      neededBy: `workload ${name}`,
      presence,
    })),
  };
}
const text = (one: CheckedRelease) => checkedText(one, (_, line) => line, 100).join("\n");

describe("releases check", () => {
  it("is one line when all is there", () => {
    const all = checked(["api", "there"], ["db", "there"]);
    assert.equal(text(all), "registry.test has all 2 images of release 2030.01 at site-t");
    assert.equal(exitCodeOf(all), 0);
  });

  it("names what is missing and what needs it, and blocks", () => {
    const some = checked(["api", "there"], ["db", "missing"], ["web", "other digest"]);
    assert.equal(
      text(some),
      `registry.test has 2 of 3 images of release 2030.01 at site-t
1 of them by tag, under another digest than the release pins: KubeKey joins architectures anew

         needed by    image
missing  workload db  docker.io/shop/db:1.0 (aaaaaaaaaaaa)

  next: bring them in the bundle of 2030.01: ./sitewright check site-t`,
    );
    assert.equal(exitCodeOf(some), 4);
    const { ok, missing, hidden } = checkedJson(some);
    assert.deepEqual({ ok, missing, hidden }, { ok: false, missing: 1, hidden: 0 });
  });

  it("takes what it may not see for unknown, not for missing", () => {
    const some = checked(["api", "there"], ["db", "hidden"]);
    assert.match(text(some), /hidden +workload db/);
    assert.match(text(some), /next: name the registry's password in the site file/);
    assert.equal(exitCodeOf(some), 6);
  });
});
