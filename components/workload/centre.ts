import { ownPrefix } from "../../site/nodes";
import { tokenVariable } from "../../site/platform/config-centre-place";
import type { CentreBlueprint, WorkloadBlueprint } from "../../site/workload/workload-types";
import { lockedContainer, restrictedPod } from "../support/pod-security";
import { shortHash } from "../support/short-hash";
import { centreFolder, centreImport, centreScript } from "./centre-script";
import { metadata, podLabels } from "./labels";

/** How a workload's entries get into the site's config centre, as plain data. */

/** A user that no image and no host knows. */
const runAsUser = 10_001;

type Keeper = WorkloadBlueprint & { readonly centre: CentreBlueprint };

/** Name of the ConfigMap with the entries, of the Secret with the token, and of the Job. */
export function centreName({ name }: Pick<WorkloadBlueprint, "name">): string {
  return `${name}-centre`;
}

export function keepsEntries(workload: WorkloadBlueprint): workload is Keeper {
  return workload.centre !== undefined;
}

/** The entries and the script that imports them. */
export function centreEntries(workload: Keeper) {
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: metadata(own(workload)),
    data: contents(workload),
  };
}

/** Holds the token; its value comes in when it is deployed. */
export function centreToken(workload: Keeper) {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: metadata(own(workload)),
    type: "Opaque",
  };
}

/** Brings the entries there. A Job cannot be changed: one with other entries takes the place of the last. */
export function centreJob(workload: Keeper) {
  const { image, resources, labels } = workload.centre;
  const { imagePullPolicy } = workload.settings;
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: metadata(own(workload)),
    spec: {
      // Servers that are being replaced have no leader for a moment.
      backoffLimit: 6,
      // Before Pulumi gives up waiting, which would not say why.
      activeDeadlineSeconds: 480,
      template: {
        metadata: {
          labels: { ...podLabels(own(workload)), ...labels },
          annotations: { "sitewright/centre-hash": contentHash(workload) },
        },
        spec: {
          restartPolicy: "Never",
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          securityContext: restrictedPod(runAsUser),
          nodeSelector: { [`${ownPrefix}worker`]: "true" },
          containers: [
            {
              name: "import",
              image,
              imagePullPolicy,
              command: ["sh", `${centreFolder}/import.sh`],
              env: importEnvironment(workload),
              resources,
              securityContext: lockedContainer,
              volumeMounts: [{ name: "entries", mountPath: centreFolder, readOnly: true }],
            },
          ],
          volumes: [{ name: "entries", configMap: { name: centreName(workload) } }],
        },
      },
    },
  };
}

/** Variables by which the workload itself finds its entries. */
export function centreEnvironment(workload: WorkloadBlueprint) {
  if (!keepsEntries(workload)) return [];
  const { address, prefix, ca } = workload.centre;
  return [
    { name: "CONFIG_CENTRE_ADDRESS", value: address },
    { name: "CONFIG_CENTRE_PREFIX", value: prefix },
    ...(ca === undefined ? [] : [{ name: "CONFIG_CENTRE_CA", value: ca }]),
    { name: tokenVariable, valueFrom: tokenOf(workload) },
  ];
}

function importEnvironment(workload: Keeper) {
  const { address, ca, serverName } = workload.centre;
  return [
    { name: "CONSUL_HTTP_ADDR", value: address },
    { name: "CONSUL_HTTP_TOKEN", valueFrom: tokenOf(workload) },
    ...(ca === undefined ? [] : [{ name: "CONSUL_CACERT", value: `${centreFolder}/ca.pem` }]),
    ...(serverName === undefined ? [] : [{ name: "CONSUL_TLS_SERVER_NAME", value: serverName }]),
  ];
}

function tokenOf(workload: Keeper) {
  return { secretKeyRef: { name: centreName(workload), key: tokenVariable } };
}

function contents({ centre }: Keeper): Readonly<Record<string, string>> {
  const { prefix, entries, ca } = centre;
  return {
    "entries.json": centreImport(prefix, entries),
    "import.sh": centreScript(prefix, entries),
    ...(ca !== undefined && { "ca.pem": ca }),
  };
}

function contentHash(workload: Keeper): string {
  const { address, serverName } = workload.centre;
  return shortHash(JSON.stringify([contents(workload), address, serverName]));
}

/** Under a name of its own, so that the workload's Service does not take the Pod for one of its own, and without a version: another one is no reason to import again. */
function own(workload: Keeper): WorkloadBlueprint {
  return { ...workload, name: centreName(workload), version: "" };
}
