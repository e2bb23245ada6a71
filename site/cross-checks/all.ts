import type { CheckInput, CrossCheck } from "../check-input";
import type { Path } from "../path";
import type { Problem } from "../problems";
import { logins, secretsPresent } from "./access";
import { alertChecks } from "./alerts";
import { canaryChecks } from "./canary";
import { capacity } from "./capacity";
import { certificatesChecks } from "./certificates";
import { endpointAddress, endpointMode, kubeVipSupport, supportedVersion } from "./cluster";
import { configCentreChecks } from "./config-centre";
import { deliveryChecks } from "./delivery";
import { edgeChecks } from "./edge";
import { egressChecks } from "./egress";
import { externalChecks } from "./externals";
import { bastionName, distinctNames, hostIdentities, installer, ownLabels, zones } from "./hosts";
import { ingressChecks } from "./ingress";
import { loggingChecks } from "./logging";
import { meshChecks } from "./mesh";
import { monitoringChecks } from "./monitoring";
import { addressesOutside, distinctNetworks, networkSizes } from "./networks";
import { nightingaleChecks } from "./nightingale";
import { workloadOrder } from "./order";
import { pageChecks } from "./own-pages";
import { platformSupport } from "./platform";
import { podChecks } from "./pods";
import { portChecks } from "./ports";
import { registryChecks } from "./registry";
import {
  distinctImages,
  ownNamespaces,
  resourceLimits,
  workloadNames,
  workloadNamespaces,
} from "./release";
import { roleCombinations, roleCounts, stableFirstControlPlane } from "./roles";
import { ruleChecks } from "./rules";
import { secretChecks } from "./secrets";
import { storageChecks } from "./storage";
import { tenancyChecks } from "./tenancy";
import { tracingChecks } from "./tracing";
import { trafficChecks } from "./traffic";
import { volumeChecks } from "./volumes";
import { workloadDifferences } from "./workloads";

/** Every rule over more than one value, in the order of the site's keys. */
export const crossChecks: readonly CrossCheck[] = [
  logins,
  secretsPresent,
  hostIdentities,
  bastionName,
  distinctNames,
  ownLabels,
  roleCounts,
  roleCombinations,
  stableFirstControlPlane,
  zones,
  installer,
  supportedVersion,
  kubeVipSupport,
  endpointAddress,
  endpointMode,
  distinctNetworks,
  addressesOutside,
  networkSizes,
  ...registryChecks,
  ...storageChecks,
  ...certificatesChecks,
  ...edgeChecks,
  ...meshChecks,
  ...ingressChecks,
  ...tenancyChecks,
  ...loggingChecks,
  ...monitoringChecks,
  ...alertChecks,
  ...ruleChecks,
  ...tracingChecks,
  ...nightingaleChecks,
  ...deliveryChecks,
  ...configCentreChecks,
  pageChecks,
  platformSupport,
  workloadDifferences,
  workloadNamespaces,
  ownNamespaces,
  ...portChecks,
  ...externalChecks,
  ...egressChecks,
  workloadNames,
  workloadOrder,
  ...podChecks,
  ...secretChecks,
  ...volumeChecks,
  resourceLimits,
  distinctImages,
  ...trafficChecks,
  ...canaryChecks,
  capacity,
];

/** Problems found by every rule that relies on nothing faulty. */
export function crossCheck(input: CheckInput, faulty: readonly Path[]): readonly Problem[] {
  return crossChecks
    .filter((check) => !check.reads.some((read) => faulty.some((fault) => touches(read, fault))))
    .flatMap((check) => check.find(input));
}

/** Whether one path lies within the other. */
function touches(one: Path, other: Path): boolean {
  const shared = Math.min(one.length, other.length);
  return one.slice(0, shared).every((step, at) => step === other[at]);
}
