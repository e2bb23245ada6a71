import type { Cases } from "./case";
import { nodeCases, podCases, volumeCases } from "./cluster";
import { controlPlaneCases, etcdCases } from "./control-plane";
import { diskCases, hostCases, windowsCases } from "./hosts";
import {
  addressCases,
  cephCases,
  certificateCases,
  configCentreCases,
  deliveryCases,
  edgeCases,
  loggingCases,
  meshCases,
  nightingaleCases,
  registryCases,
  standbyCases,
  urlCases,
} from "./platform";
import { backupCases, monitoringCases } from "./watching";
import { businessCases, expiryCases, objectiveCases, workloadCases } from "./workloads";

/** Cases of every rule that is ours, by the name of its file. */
export const allCases: Readonly<Record<string, Cases>> = {
  monitoring: monitoringCases,
  hosts: hostCases,
  disks: diskCases,
  windows: windowsCases,
  nodes: nodeCases,
  pods: podCases,
  volumes: volumeCases,
  "control-plane": controlPlaneCases,
  etcd: etcdCases,
  backups: backupCases,
  ceph: cephCases,
  registry: registryCases,
  certificates: certificateCases,
  mesh: meshCases,
  edge: edgeCases,
  addresses: addressCases,
  urls: urlCases,
  standby: standbyCases,
  logging: loggingCases,
  nightingale: nightingaleCases,
  delivery: deliveryCases,
  "config-centre": configCentreCases,
  expiries: expiryCases,
  workloads: workloadCases,
  objectives: objectiveCases,
  business: businessCases,
};
