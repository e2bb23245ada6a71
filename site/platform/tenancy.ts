import type { BlueprintInput } from "../blueprint-input";
import { ownValue } from "../path";
import type { Site } from "../schema/site";
import {
  productNamespaceDefaults,
  type RoleName,
  type Tenancy,
  type TenancyNamespace,
  type TenancyRoles,
} from "../schema/tenancy";
import { kubesphereBlueprint, kubespherePart } from "./kubesphere";
import { meshLabels } from "./mesh-members";
import { productPolicies } from "./product-network";
import { accessNamespace, roleAccount, tenantNamespace, workspaceLabel } from "./tenancy-names";
import {
  namespacePolicies,
  type SiteTraffic,
  siteTraffic,
  statedExceptions,
} from "./tenancy-network";
import { quotaHard } from "./tenancy-quotas";
import { clusterRole, roleBlueprints, roleNames } from "./tenancy-roles";
import type { BindingBlueprint, TenancyBlueprint, TenantNamespace } from "./tenancy-types";

/** A namespace with what the site states of it, whichever workspace it belongs to. */
interface Stated {
  readonly key: string;
  readonly name: string;
  readonly workspace: string;
  /** The product's come with the release and keep to the strictest level. */
  readonly ofProduct: boolean;
  readonly roles: TenancyRoles;
  readonly settings: Partial<Pick<TenancyNamespace, "quota" | "baselineBecause" | "mesh">> &
    Pick<TenancyNamespace, "containers" | "allow" | "callsApi">;
}

const level = "pod-security.kubernetes.io";

/** Everything decided about the site's tenancy; undefined where the site has none. */
export function tenancyBlueprint(input: BlueprintInput): TenancyBlueprint | undefined {
  const { name, site, release } = input;
  const { tenancy } = site;
  if (tenancy === undefined) return undefined;
  const stated = statedNamespaces(input, tenancy);
  const traffic = siteTraffic(
    site,
    stated.flatMap((one) => statedExceptions(name, one.name, one.settings.allow)),
    productPolicies(site, release),
  );
  const namespaces = stated.map((one) => tenantBlueprint(one, tenancy, traffic, site));
  const of = (workspace: string) => ({
    name: workspace,
    namespaces: namespaces.filter((one) => one.workspace === workspace),
  });
  const workspaces = Object.keys(tenancy.workspaces).sort();
  const kubesphere = kubesphereBlueprint(input);
  const part = kubespherePart(kubesphere);
  return {
    ...part,
    namespaces: [
      // Accounts only: whatever else could run here could act as any of them.
      { name: accessNamespace, labels: { [`${level}/enforce`]: "restricted" } },
      ...part.namespaces,
    ],
    roles: roleBlueprints,
    access: {
      namespace: accessNamespace,
      accounts: [release.product, ...workspaces].flatMap((workspace) =>
        roleNames.map((role) => roleAccount(workspace, role)),
      ),
    },
    workspaces: workspaces.map(of),
    product: of(release.product),
    ...(kubesphere !== undefined && { kubesphere }),
  };
}

/** The product's namespaces first, then every workspace's, by name. */
function statedNamespaces({ name, release }: BlueprintInput, tenancy: Tenancy): readonly Stated[] {
  const product = Object.keys(release.namespaces)
    .sort()
    .map((key): Stated => {
      const own = tenancy.product.namespaces;
      const { quota, ...rest } = ownValue(own, key) ?? productNamespaceDefaults;
      return {
        key,
        name: key,
        workspace: release.product,
        ofProduct: true,
        roles: tenancy.product.roles,
        settings: { ...rest, ...(quota !== undefined && { quota }) },
      };
    });
  const tenants = sorted(tenancy.workspaces).flatMap(([workspace, { roles, namespaces }]) =>
    sorted(namespaces).map(([key, { baselineBecause, ...rest }]) => ({
      key,
      name: tenantNamespace(name, workspace, key),
      workspace,
      ofProduct: false,
      roles,
      settings: { ...rest, ...(baselineBecause !== undefined && { baselineBecause }) },
    })),
  );
  return [...product, ...tenants];
}

function tenantBlueprint(
  { key, name, workspace, ofProduct, roles, settings }: Stated,
  tenancy: Tenancy,
  traffic: SiteTraffic,
  site: Site,
): TenantNamespace {
  const { quota, containers, callsApi, baselineBecause } = settings;
  return {
    key,
    name,
    workspace,
    labels: ofProduct ? {} : tenantLabels(workspace, settings, site),
    annotations:
      baselineBecause === undefined ? {} : { "sitewright/baseline-because": baselineBecause },
    bindings: roleNames.map((role) => binding(workspace, role, roles, tenancy)),
    ...(quota !== undefined && { quota: quotaHard(quota) }),
    containers: {
      defaultRequest: containers.requests,
      default: containers.limits,
      max: containers.most,
    },
    policies: namespacePolicies(name, callsApi, traffic),
  };
}

function tenantLabels(
  workspace: string,
  { mesh, baselineBecause }: Stated["settings"],
  site: Site,
): Readonly<Record<string, string>> {
  return {
    [`${level}/enforce`]: baselineBecause === undefined ? "restricted" : "baseline",
    // Who is let off still sees what the stricter level would say.
    [`${level}/warn`]: "restricted",
    [`${level}/audit`]: "restricted",
    ...(mesh === true && meshLabels(site)),
    [workspaceLabel]: workspace,
  };
}

function binding(
  workspace: string,
  role: RoleName,
  roles: TenancyRoles,
  { operators }: Tenancy,
): BindingBlueprint {
  const everywhere = role === "operator" ? operators : { users: [], groups: [] };
  return {
    role,
    clusterRole: clusterRole(role),
    users: unique([...roles[role].users, ...everywhere.users]),
    groups: unique([...roles[role].groups, ...everywhere.groups]),
    account: roleAccount(workspace, role),
    accountNamespace: accessNamespace,
  };
}

function sorted<Value>(
  record: Readonly<Record<string, Value>>,
): readonly (readonly [string, Value])[] {
  return Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1));
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)].sort();
}
