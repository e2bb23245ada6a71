import { ownLabels } from "../support/own-labels";
import { lockedContainer } from "../support/pod-security";
import { authorityFile } from "./output-config";
import {
  authorityMounts,
  authorityVolumes,
  type Place,
  passwordKeys,
  secretVariable,
  storePodSecurity,
  storeUrl,
} from "./store-common";
import { storeFiles, storeScripts } from "./store-script";

/** What sets the store up and cleans it, as plain data. */

/** Scripts, and what they send. */
export function storeConfigMap({ namespace, store }: Place) {
  return {
    metadata: { name: "elasticsearch-setup", namespace, labels: ownLabels },
    data: storeFiles(store),
  };
}

/** Sets users, template and policy; may run as often as it likes. */
export function setupJob(place: Place, hash: string) {
  const { namespace } = place;
  return {
    metadata: { name: "elasticsearch-setup", namespace, labels: ownLabels },
    spec: {
      backoffLimit: 6,
      activeDeadlineSeconds: 900,
      template: {
        metadata: { labels: ownLabels, annotations: { "sitewright/config-hash": hash } },
        spec: helper(place, "setup.sh"),
      },
    },
  };
}

/** Keeps the store within its room, where days alone would not. */
export function cleaning(place: Place) {
  const { namespace } = place;
  return {
    metadata: { name: "elasticsearch-clean", namespace, labels: ownLabels },
    spec: {
      schedule: "17 * * * *",
      concurrencyPolicy: "Forbid",
      startingDeadlineSeconds: 600,
      successfulJobsHistoryLimit: 1,
      failedJobsHistoryLimit: 2,
      jobTemplate: {
        spec: {
          backoffLimit: 2,
          activeDeadlineSeconds: 600,
          template: { metadata: { labels: ownLabels }, spec: helper(place, "clean.sh") },
        },
      },
    },
  };
}

function helper(place: Place, script: string) {
  const { store } = place;
  const signed = store.certificate !== undefined;
  return {
    restartPolicy: "Never",
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: storePodSecurity(),
    nodeSelector: { ...store.nodeSelector },
    containers: [
      {
        name: script.replace(".sh", ""),
        image: store.image,
        command: ["bash", `${storeScripts}/${script}`],
        env: [
          { name: "STORE", value: storeUrl(place) },
          { name: "STREAM", value: store.dataStream },
          { name: "METRICS", value: store.metricsStream ?? "" },
          { name: "KEEP_MIB", value: String(store.keepMiB) },
          ...(signed ? [{ name: "AUTHORITY", value: authorityFile }] : []),
          secretVariable("ADMINISTRATOR_PASSWORD", passwordKeys.administrator),
          secretVariable("WRITER_PASSWORD", passwordKeys.writer),
          secretVariable("PAGES_PASSWORD", passwordKeys.pages),
        ],
        resources: store.helperResources,
        securityContext: lockedContainer,
        volumeMounts: [
          { name: "scripts", mountPath: storeScripts, readOnly: true },
          { name: "tmp", mountPath: "/tmp" },
          ...authorityMounts(signed),
        ],
      },
    ],
    volumes: [
      { name: "scripts", configMap: { name: "elasticsearch-setup" } },
      { name: "tmp", emptyDir: { sizeLimit: "16Mi" } },
      ...authorityVolumes(store),
    ],
  };
}
