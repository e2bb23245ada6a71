import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

/** A Kubernetes object as it is written to a file: what kind it is stands in it. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

type ResourceClass = new (
  name: string,
  // Each class knows its own shape; here they are written by functions whose tests know it.
  args: never,
  opts: pulumi.CustomResourceOptions,
) => pulumi.CustomResource;

/** Kinds that the provider knows more of than a custom resource: what to wait for, what cannot be changed. */
const classes: Readonly<Record<string, ResourceClass>> = {
  "v1/ConfigMap": k8s.core.v1.ConfigMap,
  "v1/PersistentVolumeClaim": k8s.core.v1.PersistentVolumeClaim,
  "v1/Secret": k8s.core.v1.Secret,
  "v1/Service": k8s.core.v1.Service,
  "v1/ServiceAccount": k8s.core.v1.ServiceAccount,
  "apps/v1/DaemonSet": k8s.apps.v1.DaemonSet,
  "apps/v1/Deployment": k8s.apps.v1.Deployment,
  "apps/v1/StatefulSet": k8s.apps.v1.StatefulSet,
  "batch/v1/CronJob": k8s.batch.v1.CronJob,
  "batch/v1/Job": k8s.batch.v1.Job,
  "discovery.k8s.io/v1/EndpointSlice": k8s.discovery.v1.EndpointSlice,
  "networking.k8s.io/v1/NetworkPolicy": k8s.networking.v1.NetworkPolicy,
  "policy/v1/PodDisruptionBudget": k8s.policy.v1.PodDisruptionBudget,
};

/** A resource for any object; of a kind that is not Kubernetes' own, a custom resource. */
export function kubernetesObject(
  name: string,
  object: KubernetesObject,
  opts: pulumi.CustomResourceOptions,
): pulumi.CustomResource {
  const { apiVersion, kind } = object;
  const Known = classes[`${apiVersion}/${kind}`];
  if (Known !== undefined) return new Known(name, object as never, opts);
  return new k8s.apiextensions.CustomResource(name, object, opts);
}
