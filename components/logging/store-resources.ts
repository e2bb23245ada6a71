import { logPages, logStore } from "../../site/platform/logging-place";
import { keepApart } from "../support/keep-apart";
import { ownLabels } from "../support/own-labels";
import {
  named,
  open,
  type Place,
  passwordKeys,
  secretVariable,
  storeContainerSecurity,
  storePodSecurity,
} from "./store-common";

/** Elasticsearch itself, as plain data. */

const nodes = `${logStore.service}-nodes`;
const certificates = "/usr/share/elasticsearch/config/certificates";

export function storeServices({ namespace }: Place) {
  const selector = named(logStore.service);
  const http = { name: "http", port: logStore.port, targetPort: logStore.port };
  return {
    service: {
      metadata: { name: logStore.service, namespace, labels: ownLabels },
      spec: { selector, ports: [http] },
    },
    nodes: {
      metadata: { name: nodes, namespace, labels: ownLabels },
      // Servers have to find each other before any of them is ready.
      spec: {
        selector,
        clusterIP: "None",
        publishNotReadyAddresses: true,
        ports: [{ name: "transport", port: 9300, targetPort: 9300 }],
      },
    },
    pages: {
      metadata: { name: logPages.service, namespace, labels: ownLabels },
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
    metadata: { name, namespace, labels: { ...ownLabels, ...named(name) } },
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
          securityContext: storePodSecurity(),
          nodeSelector: { ...store.nodeSelector },
          affinity: keepApart(named(name), "required"),
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
                secretVariable("ELASTIC_PASSWORD", passwordKeys.administrator),
              ],
              ports: [
                { name: "http", containerPort: logStore.port },
                { name: "transport", containerPort: 9300 },
              ],
              startupProbe: { ...open(logStore.port), periodSeconds: 10, failureThreshold: 60 },
              readinessProbe: { ...open(logStore.port), periodSeconds: 10, failureThreshold: 3 },
              livenessProbe: { ...open(9300), periodSeconds: 30, failureThreshold: 6 },
              resources: store.resources,
              securityContext: storeContainerSecurity,
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

/** A budget on a single server would only keep its node from ever being drained. */
export function storeBudget({ namespace, store }: Place) {
  if (store.replicas === 1) return undefined;
  return {
    metadata: { name: logStore.service, namespace, labels: ownLabels },
    spec: { maxUnavailable: 1, selector: { matchLabels: named(logStore.service) } },
  };
}
