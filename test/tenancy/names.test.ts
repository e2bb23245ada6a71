import assert from "node:assert/strict";
import fc from "fast-check";
import { projectRoot, resolveSite } from "../../site/load";
import {
  keptNamespaces,
  longestNamespace,
  tenantNamespace,
} from "../../site/platform/tenancy-names";
import { ProblemsError } from "../../site/problems";
import { nameField } from "../../site/schema/fields";
import { tenancySchema } from "../../site/schema/tenancy";
import { catalogue, secretNames, smallSite } from "../support/sites";

const short = fc.stringMatching(/^[a-z][a-z0-9]{0,19}$/);
const site = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/);
const place = fc.tuple(site, short, short);

/** Few letters and many hyphens: names that come close to each other. */
const alike = fc.tuple(
  fc.stringMatching(/^a(-?a){0,3}$/),
  fc.stringMatching(/^a{1,2}$/),
  fc.stringMatching(/^a{1,2}$/),
);

/** Problems of a site of that name with these workspaces. */
function problems(name: string, workspaces: object): readonly string[] {
  const data = { ...smallSite(), tenancy: { workspaces } };
  try {
    resolveSite({ name, data, secretNames }, projectRoot, catalogue);
    return [];
  } catch (error) {
    assert.ok(error instanceof ProblemsError);
    return error.problems.map(({ needed }) => needed);
  }
}

describe("A tenant's namespace", () => {
  it("has a name that no other site, workspace and namespace have", () => {
    fc.assert(
      fc.property(alike, alike, (one, other) => {
        const same = one.every((part, at) => part === other[at]);
        assert.equal(tenantNamespace(...one) === tenantNamespace(...other), same);
      }),
      { numRuns: 500 },
    );
    // With hyphens in them it would not hold: a + b-c + d is a-b + c + d.
    const spoilt = tenancySchema.safeParse({ workspaces: { "b-c": { namespaces: {} } } });
    assert.equal(spoilt.success, false);
  });

  it("is valid in Kubernetes whenever the site is taken for sound, and refused for its length or owner else", () => {
    fc.assert(
      fc.property(place, ([name, workspace, key]) => {
        const full = tenantNamespace(name, workspace, key);
        const found = problems(name, { [workspace]: { namespaces: { [key]: {} } } });
        if (found.length === 0) {
          assert.ok(nameField.safeParse(full).success, full);
          assert.doesNotMatch(full, keptNamespaces);
        } else {
          const refused =
            full.length > longestNamespace || keptNamespaces.test(full) || workspace === "parcels";
          assert.ok(refused, `${full}: ${found.join()}`);
        }
      }),
      { numRuns: 60 },
    );
  });

  it("is not one that belongs to Kubernetes, to the platform, or to the release", () => {
    const one = { sorting: { namespaces: { web: {} } } };
    assert.match(problems("kube", one).join(), /not the platform's/);
    assert.match(problems("s".repeat(54), one).join(), /at most 63 letters; .* this one has 66/);
    assert.deepEqual(problems("s".repeat(51), one), []);
  });
});
