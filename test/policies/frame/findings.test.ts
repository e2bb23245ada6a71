import assert from "node:assert/strict";
import { hostPaths } from "../../../policies/host-paths";
import { imagesFromSiteRegistry } from "../../../policies/images-from-site-registry";
import { judged, objectSubject, violations } from "../support/judging";
import { deployment } from "../support/sample-objects";

describe("Findings", () => {
  const secretValues = ["Sample-1-of-a-long-secret"];

  it("show nothing of the stack's secrets, whichever property they stand in", () => {
    const object = deployment(({ spec }) => {
      spec.template.spec.volumes = [{ name: "a", hostPath: { path: `/srv/${secretValues}` } }];
      spec.template.spec.containers[0].image = `other.example/web:${secretValues}`;
    });
    for (const rule of [hostPaths, imagesFromSiteRegistry]) {
      const text = violations(rule, [objectSubject(object)], { secretValues }).join("\n");
      assert.match(text, /; given a secret, which is not shown; next: /);
      assert.ok(!text.includes("Sample-1"), text);
    }
  });

  it("show no password within an address, known or not", () => {
    const object = deployment(({ spec }) => {
      spec.template.spec.containers[0].image = "https://user:Sample-2-password@files.example/x";
    });
    const [finding] = judged(imagesFromSiteRegistry, [objectSubject(object)]).findings;
    assert.ok(finding && !finding.given.includes("Sample-2"), finding?.given);
  });

  it("show everything else", () => {
    const object = deployment(({ spec }) => {
      spec.template.spec.volumes = [{ name: "a", hostPath: { path: "/srv" } }];
    });
    const text = violations(hostPaths, [objectSubject(object)], { secretValues }).join("\n");
    assert.match(text, /; given \/srv; next: /);
  });
});
