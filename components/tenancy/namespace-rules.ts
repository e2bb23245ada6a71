import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { TenantNamespace } from "../../site/platform/tenancy-types";
import { limitRange, networkPolicy, resourceQuota, roleBinding } from "./resources";

export interface NamespaceRulesArgs {
  readonly namespace: TenantNamespace;
}

/** What holds within one namespace, before anything runs there: bounds, roles and policies. */
export class NamespaceRules extends pulumi.ComponentResource {
  static readonly type = "sitewright:tenancy:NamespaceRules";

  constructor(name: string, args: NamespaceRulesArgs, opts?: pulumi.ComponentResourceOptions) {
    super(NamespaceRules.type, name, {}, opts);
    const { namespace } = args;
    const child = { parent: this };

    const quota = resourceQuota(namespace);
    if (quota !== undefined) new k8s.core.v1.ResourceQuota(`${name}-quota`, quota, child);
    new k8s.core.v1.LimitRange(`${name}-limit-range`, limitRange(namespace), child);
    for (const binding of namespace.bindings) {
      new k8s.rbac.v1.RoleBinding(
        `${name}-${binding.role}-binding`,
        roleBinding(namespace.name, binding),
        child,
      );
    }
    for (const policy of namespace.policies) {
      new k8s.networking.v1.NetworkPolicy(
        `${name}-${policy.name}-policy`,
        networkPolicy(namespace.name, policy),
        child,
      );
    }
    this.registerOutputs({});
  }
}
