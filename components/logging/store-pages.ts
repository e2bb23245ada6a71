import { logPages } from "../../site/platform/logging-place";
import { ownLabels } from "../support/own-labels";
import { authorityFile } from "./output-config";
import {
  authorityMounts,
  authorityVolumes,
  named,
  open,
  type Place,
  passwordKeys,
  secretVariable,
  storeContainerSecurity,
  storePodSecurity,
  storeUrl,
} from "./store-common";

/** Kibana: one, whose absence nobody but its readers notices. */
export function pagesDeployment(place: Place) {
  const { namespace, store } = place;
  const name = logPages.service;
  const signed = store.certificate !== undefined;
  return {
    metadata: { name, namespace, labels: { ...ownLabels, ...named(name) } },
    spec: {
      replicas: 1,
      selector: { matchLabels: named(name) },
      template: {
        metadata: { labels: named(name) },
        spec: {
          automountServiceAccountToken: false,
          enableServiceLinks: false,
          securityContext: storePodSecurity(),
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
                secretVariable("ELASTICSEARCH_PASSWORD", passwordKeys.pages),
                ...(signed
                  ? [{ name: "ELASTICSEARCH_SSL_CERTIFICATEAUTHORITIES", value: authorityFile }]
                  : []),
                ...["ENCRYPTEDSAVEDOBJECTS", "SECURITY", "REPORTING"].map((of) =>
                  secretVariable(`XPACK_${of}_ENCRYPTIONKEY`, passwordKeys.encryptionKey),
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
              securityContext: storeContainerSecurity,
              volumeMounts: [...authorityMounts(signed)],
            },
          ],
          volumes: [...authorityVolumes(store)],
        },
      },
    },
  };
}
