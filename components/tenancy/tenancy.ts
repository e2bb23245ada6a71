import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { TenancyBlueprint } from "../../site/platform/tenancy-types";
import { KubeSphere } from "../kubesphere/kubesphere";
import { NamespaceRules } from "./namespace-rules";
import { account, clusterRole, namespace, noPods } from "./resources";

export interface TenancyArgs {
  readonly tenancy: TenancyBlueprint;
  /** The stack's secrets by name. */
  readonly secrets: pulumi.Input<Record<string, string>>;
}

/** Workspaces of teams: their namespaces with all rules, roles, and accounts for kubeconfigs. */
export class Tenancy extends pulumi.ComponentResource {
  static readonly type = "sitewright:tenancy:Tenancy";

  constructor(name: string, args: TenancyArgs, opts?: pulumi.ComponentResourceOptions) {
    super(Tenancy.type, name, {}, opts);
    const { roles, access, workspaces, kubesphere } = args.tenancy;
    const child = { parent: this };

    const clusterRoles = roles.map(
      (role) => new k8s.rbac.v1.ClusterRole(`${name}-${role.role}-role`, clusterRole(role), child),
    );
    for (const one of access.accounts) {
      new k8s.core.v1.ServiceAccount(
        `${name}-${one}-account`,
        account(one, access.namespace),
        child,
      );
    }
    new k8s.core.v1.ResourceQuota(`${name}-access-quota`, noPods(access.namespace), child);
    for (const tenant of workspaces.flatMap((workspace) => workspace.namespaces)) {
      const made = new k8s.core.v1.Namespace(
        `${name}-${tenant.name}-namespace`,
        namespace(tenant),
        {
          ...child,
          // Everything that a team ever deployed goes with it: nobody does that by leaving out a line.
          protect: true,
        },
      );
      new NamespaceRules(
        `${name}-${tenant.name}`,
        { namespace: tenant },
        { ...child, dependsOn: [made, ...clusterRoles] },
      );
    }
    if (kubesphere !== undefined) {
      new KubeSphere(`${name}-kubesphere`, { kubesphere, secrets: args.secrets }, child);
    }
    this.registerOutputs({});
  }
}
