import assert from "node:assert/strict";
import { tenantKinds } from "../../site/platform/delivery-projects";
import { roleBlueprints } from "../../site/platform/tenancy-roles";

describe("What a team's repository may hold", () => {
  it("is what its developers may deploy by hand, and nothing more", () => {
    const developer = roleBlueprints.find(({ role }) => role === "developer");
    const mayMake = (group: string, resource: string) =>
      (developer?.rules ?? []).some(
        ({ apiGroups, resources, verbs }) =>
          apiGroups.includes(group) && resources.includes(resource) && verbs.includes("create"),
      );
    const plural = (kind: string) => `${kind.toLowerCase()}${kind.endsWith("s") ? "es" : "s"}`;
    const beyond = tenantKinds.filter(({ group, kind }) => !mayMake(group, plural(kind)));
    assert.deepEqual(beyond, []);
    assert.ok(!mayMake("", "resourcequotas"), "the rules are read as they are meant");
  });
});
