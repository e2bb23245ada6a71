import { z } from "zod";
import { alertsSchema } from "./alerts";
import { certificatesSchema } from "./certificates";
import { clusterSchema } from "./cluster";
import { configCentreSchema } from "./config-centre";
import { deliverySchema } from "./delivery";
import { workloadDifferenceSchema } from "./differences";
import { edgeSchema } from "./edge";
import {
  addressOrDomainField,
  list,
  nameField,
  releaseField,
  secretNameField,
  timezoneField,
  whole,
} from "./fields";
import { accessSchema, hostSchema } from "./hosts";
import { ingressSchema } from "./ingress";
import { loggingSchema } from "./logging";
import { meshSchema } from "./mesh";
import { monitoringSchema } from "./monitoring";
import { nightingaleSchema } from "./nightingale";
import { registrySchema } from "./registry";
import { storageSchema } from "./storage";
import { tenancySchema } from "./tenancy";
import { tracingSchema } from "./tracing";
import { egressField, externalPlaceSchema } from "./workload-network";
import { releaseSecretField } from "./workload-secrets";
import { mountPathField, storageDifferenceSchema } from "./workload-volumes";

/** Everything a customer's site states about itself: the object under `sitewright:site`. */

export const siteSchema = z.strictObject({
  release: releaseField.describe("Release that the site runs: a file of releases/."),
  timezone: timezoneField
    .default("Etc/UTC")
    .describe("Time zone of every host, of CronJob schedules, and of the product's processes."),
  ntpServers: list(addressOrDomainField, 10, "time servers")
    .default([])
    .describe(
      "Time servers inside the customer's network. Without any the hosts keep what they have.",
    ),
  access: accessSchema.describe("How to log in to every host. Secrets appear by name only."),
  hosts: list(hostSchema, 1000, "hosts")
    .min(1, { error: "at least one host" })
    .describe("Every machine of the site that Sitewright may touch."),
  installer: nameField
    .optional()
    .describe("Host that KubeKey runs on. Default: the registry host."),
  cluster: clusterSchema.describe("The Kubernetes cluster."),
  registry: registrySchema
    .prefault({})
    .describe("The site's own image registry, the only one its nodes reach."),
  storage: storageSchema
    .optional()
    .describe("Where Pods keep data. Absent: nowhere but on their node."),
  certificates: certificatesSchema
    .optional()
    .describe("The site's own certificate authority. Absent: none."),
  edge: edgeSchema
    .optional()
    .describe(
      "How clients reach the cluster's ingress from the customer's network. Absent: not through Sitewright.",
    ),
  mesh: meshSchema.optional().describe("The service mesh. Absent: none."),
  ingress: ingressSchema
    .optional()
    .describe("Names under which workloads are reached, and the standby ingress. Absent: none."),
  tenancy: tenancySchema
    .optional()
    .describe("Workspaces of teams that deploy for themselves. Absent: none."),
  logging: loggingSchema
    .optional()
    .describe(
      "Where logs of Pods and hosts go, and what brings them there. Absent: they stay on the hosts.",
    ),
  monitoring: monitoringSchema
    .optional()
    .describe(
      "Figures of hosts, platform and workloads, rules over them and their pages: Prometheus, Alertmanager and Grafana. Absent: none.",
    ),
  alerts: alertsSchema.optional().describe("Who is told of what, and how. Absent: nobody."),
  tracing: tracingSchema
    .optional()
    .describe(
      "Where traces of requests are kept and looked at. Absent: nowhere of the site's own.",
    ),
  nightingale: nightingaleSchema
    .optional()
    .describe(
      "Nightingale, which shows the same figures and rules and notifies beside Alertmanager. Absent: none.",
    ),
  delivery: deliverySchema
    .optional()
    .describe(
      "Argo CD and GitLab runners, for namespaces that are deployed from a repository. Absent: none.",
    ),
  configCentre: configCentreSchema
    .optional()
    .describe(
      "Where workloads keep configuration that is changed while they run. Absent: nowhere.",
    ),
  workloads: z
    .record(nameField, workloadDifferenceSchema, {
      error: "an object of workload name and differences",
    })
    .default({})
    .describe("Differences from the release, by the release's workload names."),
  volumes: z
    .record(nameField, storageDifferenceSchema, {
      error: "an object of volume name and differences",
    })
    .default({})
    .describe("Differences from the release's own `volumes`, by their names."),
  secrets: z
    .record(releaseSecretField, secretNameField, {
      error: "an object of name of a secret of the release and name of a secret of the stack",
    })
    .default({})
    .describe(
      "Secrets of the release that stand in the stack under another name, or in place of random ones.",
    ),
  hostPaths: list(mountPathField, 50, "folders")
    .default([])
    .describe("Folders of nodes that workloads may mount, with all below them."),
  externals: z
    .record(nameField, externalPlaceSchema, { error: "an object of name and place" })
    .default({})
    .describe("Where services outside the cluster stand, by the release's names of them."),
  egress: z
    .record(nameField, egressField, { error: "an object of namespace name and ways out" })
    .default({})
    .describe("Ways out of the cluster, added to the release's, by its namespaces."),
  capacity: z
    .strictObject({
      spareNodes: whole(0, 100, "nodes")
        .default(1)
        .describe("Nodes that may be lost with every Pod still finding a place."),
    })
    .prefault({})
    .describe("How much room is kept."),
});

export type Site = z.output<typeof siteSchema>;
export type SiteHost = Site["hosts"][number];
