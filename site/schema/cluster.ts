import { z } from "zod";
import { interfaceField, routerIdField } from "./edge";
import {
  addressField,
  addressOrDomainField,
  cidrField,
  domainField,
  kubekeyField,
  kubernetesVersionField,
  list,
  portField,
  text,
  whole,
} from "./fields";

/** The site's `cluster` key: Kubernetes, and how its API server is reached. */

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

export const clusterSchema = z.strictObject({
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
