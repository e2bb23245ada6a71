import { z } from "zod";
import { alertsSchema } from "./alerts";
import { certificatesSchema } from "./certificates";
import { configCentreSchema } from "./config-centre";
import { deliverySchema } from "./delivery";
import { workloadDifferenceSchema } from "./differences";
import { edgeSchema, interfaceField, routerIdField } from "./edge";
import {
  addressField,
  addressOrDomainField,
  cidrField,
  domainField,
  kubekeyField,
  kubernetesVersionField,
  labelsField,
  list,
  nameField,
  portField,
  releaseField,
  roleField,
  secretNameField,
  taintField,
  text,
  timezoneField,
  whole,
} from "./fields";
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

const login = {
  user: text(/^[a-z_][a-z0-9_-]{0,31}$/, "a Linux user name such as deliver").describe(
    "User that logs in over SSH.",
  ),
  port: portField.default(22).describe("TCP port of the SSH server."),
  passwordSecret: secretNameField
    .optional()
    .describe("Secret with the user's password, which is also what sudo asks for."),
  privateKeySecret: secretNameField
    .optional()
    .describe("Secret with the user's private key in OpenSSH or PEM form, without a passphrase."),
};

const accessSchema = z.strictObject({
  ...login,
  sudo: z
    .enum(["none", "nopasswd", "password"], { error: "none, nopasswd or password" })
    .default("none")
    .describe(
      "What it takes to become root: `none` when the user is root already, `nopasswd` when sudo asks nothing, `password` when sudo asks for the login's password.",
    ),
  bastion: z
    .strictObject({
      address: addressField.describe(
        "Address of the jump host as the operator's machine reaches it.",
      ),
      ...login,
    })
    .optional()
    .describe("Jump host before the site's own network. Absent when every host answers directly."),
});

const hostSchema = z.strictObject({
  name: nameField.describe("Becomes the host's own name and its Kubernetes node name."),
  address: addressField.describe("Address within the site, for SSH and for Kubernetes alike."),
  roles: list(roleField, 6, "roles").describe(
    "What the host does. Only `worker` hosts run the product's Pods: a node without that role is tainted for its own. `registry` stands alone. An empty list is allowed for the installer only.",
  ),
  arch: z
    .enum(["amd64", "arm64"], { error: "amd64 or arm64" })
    .default("amd64")
    .describe("Processor architecture; checked before anything is installed."),
  cpus: whole(1, 4096, "cores").describe("Cores the host has; checked, and the base of capacity."),
  memoryGiB: whole(1, 65_536, "memory in GiB").describe(
    "Memory in GiB; checked, and the base of capacity.",
  ),
  diskGiB: whole(1, 1_048_576, "disk in GiB").describe(
    "Size in GiB of the file system that holds /var/lib; checked.",
  ),
  zone: text(/^[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/, "a short name such as rack-1")
    .optional()
    .describe(
      "Rack or room that fails as one; Pods are spread over zones. All nodes state one, or none does.",
    ),
  labels: labelsField.default({}).describe("Further labels of the Kubernetes node."),
  taints: list(taintField, 20, "taints")
    .default([])
    .describe("Further taints of the Kubernetes node."),
  user: login.user
    .optional()
    .describe("SSH user of this host where it differs from `access.user`."),
  port: portField.optional().describe("SSH port of this host where it differs from `access.port`."),
});

const endpointSchema = z.strictObject({
  domain: domainField
    .default("lb.kubesphere.local")
    .describe("Name of the API server within the site; need not be in any DNS."),
  port: portField.default(6443).describe("TCP port of the API server."),
  mode: z
    .enum(["haproxy", "kube-vip", "keepalived", "external", "first-control-plane"], {
      error: "haproxy, kube-vip, keepalived, external or first-control-plane",
    })
    .default("first-control-plane")
    .describe(
      "Who spreads requests over the control plane: `haproxy` on every worker, `kube-vip` with an address that moves, `keepalived` with one that keepalived moves between the control-plane hosts, `external` for the customer's own balancer, `first-control-plane` for a site with one.",
    ),
  address: addressField
    .optional()
    .describe("Address of the API server; for `kube-vip`, `keepalived` and `external` only."),
  routerId: routerIdField
    .optional()
    .describe(
      "VRRP router id; for `keepalived` only, where it is 50 by default. No other VRRP group of the same network may have it.",
    ),
  interface: interfaceField
    .optional()
    .describe(
      "Network interface of the control-plane hosts; for `keepalived` only. Default: the one that has the host's address.",
    ),
});

const clusterSchema = z.strictObject({
  name: domainField.default("cluster.local").describe("Name of the cluster and its DNS domain."),
  kubernetes: kubernetesVersionField.describe(
    "Kubernetes version; one that the KubeKey version installs.",
  ),
  kubekey: kubekeyField.describe(
    "KubeKey version that builds the cluster. v4.0.6 has no upgrade; v3.1.12 ends at Kubernetes v1.33.4.",
  ),
  endpoint: endpointSchema.prefault({}).describe("How the API server is reached."),
  podCidr: cidrField
    .default("10.233.64.0/18")
    .describe("Network of Pods; each node takes a /24 of it."),
  serviceCidr: cidrField.default("10.233.0.0/18").describe("Network of Services."),
  maxPods: whole(10, 254, "Pods on one node").default(110).describe("Most Pods on one node."),
  certificateNames: list(addressOrDomainField, 50, "names")
    .default([])
    .describe(
      "Further names and addresses in the API server's certificate, for example behind NAT.",
    ),
  // No full date: some YAML readers make a point in time of that, others a text.
  certificatesRenewed: text(/^\d{4}-(0[1-9]|1[0-2])$/, "a month such as 2026-11")
    .optional()
    .describe(
      "Month of the last wanted renewal of the control plane's certificates, which last one year. Another month renews them in the next deployment.",
    ),
});

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
