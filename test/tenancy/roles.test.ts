import assert from "node:assert/strict";
import { roleBlueprints } from "../../site/platform/tenancy-roles";
import type { RoleName } from "../../site/schema/tenancy";

/** Whether a role may do something; `resource` as the API spells it, subresources by a slash. */
function may(role: RoleName, verb: string, group: string, resource: string): boolean {
  const rules = roleBlueprints.find((one) => one.role === role)?.rules ?? [];
  return rules.some(
    ({ verbs, apiGroups, resources }) =>
      verbs.includes(verb) && apiGroups.includes(group) && resources.includes(resource),
  );
}

/** Group, resource, verb, then who may: operator, developer, viewer. */
const table: readonly (readonly [string, string, string, string])[] = [
  ["apps", "deployments", "list", "odv"],
  ["apps", "deployments", "delete", "od"],
  ["", "pods/log", "get", "odv"],
  ["", "pods/exec", "create", "od"],
  ["", "secrets", "get", "od"],
  ["", "secrets", "create", "od"],
  ["", "configmaps", "get", "odv"],
  ["", "configmaps", "update", "od"],
  ["", "serviceaccounts", "create", "o"],
  ["", "serviceaccounts/token", "create", "o"],
  ["rbac.authorization.k8s.io", "rolebindings", "list", "odv"],
  ["rbac.authorization.k8s.io", "rolebindings", "create", "o"],
  ["networking.istio.io", "virtualservices", "create", "o"],
  ["gateway.networking.k8s.io", "httproutes", "create", "od"],
  ["networking.k8s.io", "networkpolicies", "list", "odv"],
  ["networking.k8s.io", "networkpolicies", "delete", ""],
  ["networking.k8s.io", "networkpolicies", "create", ""],
  ["", "resourcequotas", "get", "odv"],
  ["", "resourcequotas", "update", ""],
  ["", "limitranges", "delete", ""],
  ["", "namespaces", "update", ""],
  ["", "nodes", "list", ""],
  ["discovery.k8s.io", "endpointslices", "create", ""],
];

describe("Roles", () => {
  for (const [group, resource, verb, who] of table) {
    it(`${verb} ${resource}${group === "" ? "" : `.${group}`}: ${who === "" ? "nobody" : who}`, () => {
      const roles: readonly RoleName[] = ["operator", "developer", "viewer"];
      const able = roles.filter((role) => may(role, verb, group, resource));
      assert.equal(able.map((role) => role[0]).join(""), who);
    });
  }

  it("contain each other, so that whoever binds roles hands on no more than they have", () => {
    const rights = (role: RoleName) =>
      (roleBlueprints.find((one) => one.role === role)?.rules ?? []).flatMap(
        ({ apiGroups, resources, verbs }) =>
          apiGroups.flatMap((group) =>
            resources.flatMap((resource) => verbs.map((verb) => `${verb} ${resource}.${group}`)),
          ),
      );
    const operator = new Set(rights("operator"));
    const developer = new Set(rights("developer"));
    assert.deepEqual(
      rights("developer").filter((right) => !operator.has(right)),
      [],
    );
    assert.deepEqual(
      rights("viewer").filter((right) => !developer.has(right)),
      [],
    );
  });

  it("name no group, resource or verb by a star", () => {
    assert.ok(!JSON.stringify(roleBlueprints).includes("*"));
  });
});
