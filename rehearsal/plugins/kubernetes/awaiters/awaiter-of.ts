import { type KubeObject, typeOf } from "../objects/kube-object";
import { daemonSetAwaiter } from "./daemon-set";
import { deploymentAwaiter } from "./deployment";
import { ingressAwaiter } from "./ingress";
import { jobAwaiter } from "./job";
import { podAwaiter } from "./pod";
import { serviceAwaiter } from "./service";
import {
  apiServiceAwaiter,
  claimAwaiter,
  crdAwaiter,
  namespaceAwaiter,
  quotaAwaiter,
  replicaSetAwaiter,
  replicationControllerAwaiter,
  secretAwaiter,
  volumeAwaiter,
} from "./simple-kinds";
import { statefulSetAwaiter } from "./stateful-set";
import type { Awaiter } from "./verdict";

const AWAITERS: Record<string, Awaiter> = {
  "apiextensions.k8s.io/v1/CustomResourceDefinition": crdAwaiter,
  "apiregistration.k8s.io/v1/APIService": apiServiceAwaiter,
  "apps/v1/DaemonSet": daemonSetAwaiter,
  "apps/v1/Deployment": deploymentAwaiter,
  "apps/v1/ReplicaSet": replicaSetAwaiter,
  "apps/v1/StatefulSet": statefulSetAwaiter,
  "batch/v1/Job": jobAwaiter,
  "networking.k8s.io/v1/Ingress": ingressAwaiter,
  "v1/Namespace": namespaceAwaiter,
  "v1/PersistentVolume": volumeAwaiter,
  "v1/PersistentVolumeClaim": claimAwaiter,
  "v1/Pod": podAwaiter,
  "v1/ReplicationController": replicationControllerAwaiter,
  "v1/ResourceQuota": quotaAwaiter,
  "v1/Secret": secretAwaiter,
  "v1/Service": serviceAwaiter,
};

/** How to tell that an object is ready; undefined for kinds that are ready once they exist. */
export function awaiterOf(object: KubeObject): Awaiter | undefined {
  return AWAITERS[typeOf(object)];
}
