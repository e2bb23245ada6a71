import { logPages, logStore } from "../../site/platform/logging-place";
import type { LogStoreBlueprint } from "../../site/platform/logging-types";
import { authorityFile } from "./output-config";
import { storeFiles, storeScripts } from "./store-script";

/** Elasticsearch and Kibana, as plain data. */

const labels = { "app.kubernetes.io/managed-by": "sitewright" };
const named = (name: string) => ({ "app.kubernetes.io/name": name });

/** User of the images. */
const user = 1000;

/** Secret with the passwords, and its keys. */
export const passwordsSecret = "elasticsearch-passwords";
const keys = {
  administrator: "administrator",
  pages: "pages",
  writer: "writer",
  encryptionKey: "encryptionKey",
} as const;

const nodes = `${logStore.service}-nodes`;
const certificates = "/usr/share/elasticsearch/config/certificates";

interface Place {
  readonly namespace: string;
  readonly store: LogStoreBlueprint;
}

function storeUrl({ namespace, store }: Place): string {
  const scheme = store.certificate === undefined ? "http" : "https";
  return `${scheme}://${logStore.service}.${namespace}.svc:${logStore.port}`;
}

function secretVariable(name: string, key: string) {
  return { name, valueFrom: { secretKeyRef: { name: passwordsSecret, key } } };
}

function podSecurity() {
  return {
    runAsNonRoot: true,
    runAsUser: user,
    runAsGroup: user,
    fsGroup: user,
    fsGroupChangePolicy: "OnRootMismatch",
    seccompProfile: { type: "RuntimeDefault" },
  };
}

const containerSecurity = { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } };

export function storeServices({ namespace }: Place) {
  const selector = named(logStore.service);
  const http = { name: "http", port: logStore.port, targetPort: logStore.port };
  return {
    service: {
      metadata: { name: logStore.service, namespace, labels },
      spec: { selector, ports: [http] },
    },
    nodes: {
      metadata: { name: nodes, namespace, labels },
      // Servers have to find each other before any of them is ready.
      spec: {
        selector,
        clusterIP: "None",
        publishNotReadyAddresses: true,
        ports: [{ name: "transport", port: 9300, targetPort: 9300 }],
      },
    },
    pages: {
      metadata: { name: logPages.service, namespace, labels },
      spec: {
        selector: named(logPages.service),
        ports: [{ name: "http", port: logPages.port, targetPort: logPages.port }],
      },
    },
  };
}

/** The servers, each with a volume and a worker of its own. */
export function storeSet(place: Place) {
  const { namespace, store } = place;
  const name = logStore.service;
  const { replicas, sizeGiB, storageClass, certificate } = store;
  const members = Array.from({ length: replicas }, (_, at) => `${name}-${at}`);
  return {
    metadata: { name, namespace, labels: { ...labels, ...named(name) } },
    spec: {
      replicas,
      serviceName: nodes,
      podManagementPolicy: "Parallel",
      selector: { matchLabels: named(name) },
      template: {
        metadata: { labels: named(name) },
        spec: {
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          terminationGracePeriodSeconds: 120,
          securityContext: podSecurity(),
          nodeSelector: { ...store.nodeSelector },
          affinity: {
            podAntiAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: [
                {
                  topologyKey: "kubernetes.io/hostname",
                  labelSelector: { matchLabels: named(name) },
                },
              ],
            },
          },
          containers: [
            {
              name,
              image: store.image,
              env: [
                { name: "cluster.name", value: "logs" },
                { name: "node.name", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
                { name: "network.host", value: "0.0.0.0" },
                ...(replicas === 1
                  ? [{ name: "discovery.type", value: "single-node" }]
                  : [
                      { name: "discovery.seed_hosts", value: nodes },
                      { name: "cluster.initial_master_nodes", value: members.join(",") },
                    ]),
                // Some nodes allow fewer maps of memory than it wants.
                { name: "node.store.allow_mmap", value: "false" },
                { name: "ingest.geoip.downloader.enabled", value: "false" },
                { name: "xpack.ml.enabled", value: "false" },
                { name: "xpack.security.enabled", value: "true" },
                ...security(certificate !== undefined),
                secretVariable("ELASTIC_PASSWORD", keys.administrator),
              ],
              ports: [
                { name: "http", containerPort: logStore.port },
                { name: "transport", containerPort: 9300 },
              ],
              startupProbe: { ...open(logStore.port), periodSeconds: 10, failureThreshold: 60 },
              readinessProbe: { ...open(logStore.port), periodSeconds: 10, failureThreshold: 3 },
              livenessProbe: { ...open(9300), periodSeconds: 30, failureThreshold: 6 },
              resources: store.resources,
              securityContext: containerSecurity,
              volumeMounts: [
                { name: "data", mountPath: "/usr/share/elasticsearch/data" },
                ...(certificate === undefined
                  ? []
                  : [{ name: "certificate", mountPath: certificates, readOnly: true }]),
              ],
            },
          ],
          volumes:
            certificate === undefined
              ? []
              : [
                  {
                    name: "certificate",
                    secret: { secretName: certificate.secretName, defaultMode: 0o440 },
                  },
                ],
        },
      },
      volumeClaimTemplates: [
        {
          metadata: { name: "data" },
          spec: {
            accessModes: ["ReadWriteOnce"],
            resources: { requests: { storage: `${sizeGiB}Gi` } },
            ...(storageClass !== undefined && { storageClassName: storageClass }),
          },
        },
      ],
    },
  };
}

/** One certificate serves clients and the servers among each other. */
function security(signed: boolean) {
  const files = [
    { key: "certificate", file: "tls.crt" },
    { key: "key", file: "tls.key" },
    { key: "certificate_authorities", file: "ca.crt" },
  ];
  if (!signed) return [{ name: "xpack.security.http.ssl.enabled", value: "false" }];
  return ["http", "transport"].flatMap((where) => [
    { name: `xpack.security.${where}.ssl.enabled`, value: "true" },
    ...files.map(({ key, file }) => ({
      name: `xpack.security.${where}.ssl.${key}`,
      value: `${certificates}/${file}`,
    })),
  ]);
}

function open(port: number) {
  return { tcpSocket: { port }, timeoutSeconds: 5 };
}

/** A budget on a single server would only keep its node from ever being drained. */
export function storeBudget({ namespace, store }: Place) {
  if (store.replicas === 1) return undefined;
  return {
    metadata: { name: logStore.service, namespace, labels },
    spec: { maxUnavailable: 1, selector: { matchLabels: named(logStore.service) } },
  };
}

/** Scripts, and what they send. */
export function storeConfigMap({ namespace, store }: Place) {
  return { metadata: { name: "elasticsearch-setup", namespace, labels }, data: storeFiles(store) };
}

/** Sets users, template and policy; may run as often as it likes. */
export function setupJob(place: Place, hash: string) {
  const { namespace } = place;
  return {
    metadata: { name: "elasticsearch-setup", namespace, labels },
    spec: {
      backoffLimit: 6,
      activeDeadlineSeconds: 900,
      template: {
        metadata: { labels, annotations: { "sitewright/config-hash": hash } },
        spec: helper(place, "setup.sh"),
      },
    },
  };
}

/** Keeps the store within its room, where days alone would not. */
export function cleaning(place: Place) {
  const { namespace } = place;
  return {
    metadata: { name: "elasticsearch-clean", namespace, labels },
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
          template: { metadata: { labels }, spec: helper(place, "clean.sh") },
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
    securityContext: podSecurity(),
    nodeSelector: { ...store.nodeSelector },
    containers: [
      {
        name: script.replace(".sh", ""),
        image: store.image,
        command: ["bash", `${storeScripts}/${script}`],
        env: [
          { name: "STORE", value: storeUrl(place) },
          { name: "STREAM", value: store.dataStream },
          { name: "KEEP_MIB", value: String(store.keepMiB) },
          ...(signed ? [{ name: "AUTHORITY", value: authorityFile }] : []),
          secretVariable("ADMINISTRATOR_PASSWORD", keys.administrator),
          secretVariable("WRITER_PASSWORD", keys.writer),
          secretVariable("PAGES_PASSWORD", keys.pages),
        ],
        resources: store.helperResources,
        securityContext: { ...containerSecurity, readOnlyRootFilesystem: true },
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

function authorityMounts(signed: boolean) {
  const mountPath = authorityFile.slice(0, authorityFile.lastIndexOf("/"));
  return signed ? [{ name: "authority", mountPath, readOnly: true }] : [];
}

function authorityVolumes({ certificate }: LogStoreBlueprint) {
  if (certificate === undefined) return [];
  const { secretName } = certificate;
  return [
    { name: "authority", secret: { secretName, items: [{ key: "ca.crt", path: "ca.crt" }] } },
  ];
}

/** Kibana: one, whose absence nobody but its readers notices. */
export function pagesDeployment(place: Place) {
  const { namespace, store } = place;
  const name = logPages.service;
  const signed = store.certificate !== undefined;
  return {
    metadata: { name, namespace, labels: { ...labels, ...named(name) } },
    spec: {
      replicas: 1,
      selector: { matchLabels: named(name) },
      template: {
        metadata: { labels: named(name) },
        spec: {
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          securityContext: podSecurity(),
          nodeSelector: { ...store.nodeSelector },
          containers: [
            {
              name,
              image: store.kibanaImage,
              env: [
                { name: "SERVER_NAME", value: name },
                ...(store.url === undefined
                  ? []
                  : [{ name: "SERVER_PUBLICBASEURL", value: store.url }]),
                { name: "ELASTICSEARCH_HOSTS", value: storeUrl(place) },
                { name: "ELASTICSEARCH_USERNAME", value: "kibana_system" },
                secretVariable("ELASTICSEARCH_PASSWORD", keys.pages),
                ...(signed
                  ? [{ name: "ELASTICSEARCH_SSL_CERTIFICATEAUTHORITIES", value: authorityFile }]
                  : []),
                ...["ENCRYPTEDSAVEDOBJECTS", "SECURITY", "REPORTING"].map((of) =>
                  secretVariable(`XPACK_${of}_ENCRYPTIONKEY`, keys.encryptionKey),
                ),
                // Nothing outside is asked or told.
                { name: "TELEMETRY_OPTIN", value: "false" },
                { name: "NEWSFEED_ENABLED", value: "false" },
                { name: "XPACK_FLEET_ISAIRGAPPED", value: "true" },
              ],
              ports: [{ name: "http", containerPort: logPages.port }],
              startupProbe: { ...open(logPages.port), periodSeconds: 10, failureThreshold: 60 },
              readinessProbe: {
                httpGet: { path: "/login", port: logPages.port },
                periodSeconds: 15,
                timeoutSeconds: 10,
                failureThreshold: 4,
              },
              livenessProbe: { ...open(logPages.port), periodSeconds: 30, failureThreshold: 6 },
              resources: store.kibanaResources,
              securityContext: containerSecurity,
              volumeMounts: [...authorityMounts(signed)],
            },
          ],
          volumes: [...authorityVolumes(store)],
        },
      },
    },
  };
}
