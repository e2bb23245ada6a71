import { alertsReceived } from "./alerts-received";
import { capacity } from "./capacity";
import { claimCapacity } from "./claim-capacity";
import { commandSecrets } from "./command-secrets";
import { dataKept } from "./data-kept";
import { definitionsFirst } from "./definitions-first";
import { disruptionBudgets } from "./disruption-budgets";
import { exemptions } from "./exemptions";
import { hostNames } from "./host-names";
import { hostPaths } from "./host-paths";
import { imagesFromSiteRegistry } from "./images-from-site-registry";
import { logFormat } from "./log-format";
import { namespaceQuotas } from "./namespace-quotas";
import { namespaceTenancy } from "./namespace-tenancy";
import { nodePorts } from "./node-ports";
import { outsideChanges } from "./outside-changes";
import { podSecurity } from "./pod-security";
import { podSpread } from "./pod-spread";
import { probes } from "./probes";
import { resourceLimits } from "./resource-limits";
import { secretLiterals } from "./secret-literals";
import { serviceAccountTokens } from "./service-account-tokens";
import { storageClasses } from "./storage-classes";
import type { Rule } from "./support/rule";
import { tlsHosts } from "./tls-hosts";
import { updateStrategy } from "./update-strategy";
import { workloadsWatched } from "./workloads-watched";

/** Pods, namespaces, ways in, storage, watching, changes. */
const kept: readonly Rule[] = [
  imagesFromSiteRegistry,
  podSpread,
  resourceLimits,
  capacity,
  disruptionBudgets,
  updateStrategy,
  probes,
  podSecurity,
  hostPaths,
  serviceAccountTokens,
  secretLiterals,
  commandSecrets,
  logFormat,
  namespaceTenancy,
  namespaceQuotas,
  nodePorts,
  hostNames,
  tlsHosts,
  storageClasses,
  claimCapacity,
  workloadsWatched,
  alertsReceived,
  dataKept,
  outsideChanges,
  definitionsFirst,
];

/** Every rule, in the order in which reports list them. */
export const rules: readonly Rule[] = [...kept, exemptions(kept)];
