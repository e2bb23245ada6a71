import { argoCd } from "./argo-cd";
import { cephCluster } from "./ceph-cluster";
import { cephDrivers } from "./ceph-drivers";
import { cephPools } from "./ceph-pools";
import { certManager } from "./cert-manager";
import { gatewayApi } from "./gateway-api";
import { istio } from "./istio";
import type { Operator } from "./operator";
import { prometheusOperator } from "./prometheus";
import { volumes } from "./volumes";

/** Every operator that is stood for. */
export const operators: readonly Operator[] = [
  cephCluster,
  cephDrivers,
  cephPools,
  ...volumes,
  certManager,
  gatewayApi,
  istio,
  argoCd,
  ...prometheusOperator,
];
