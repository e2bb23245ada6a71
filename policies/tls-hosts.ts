import { z } from "zod";
import { hostField } from "../site/schema/ingress";
import {
  apiGatewayFaults,
  meshGatewayFaults,
  routeFaults,
  virtualServiceFaults,
} from "./support/gateway-hosts";
import { groupKind } from "./support/objects";
import { subjectRule } from "./support/rule";
import { siteNames } from "./support/site-names";
import { ingressFaults, traefikFaults } from "./support/standby-hosts";

export const tlsHosts = subjectRule({
  name: "tls-hosts",
  description:
    "What lets clients in has host names below the site's domain, and encrypts or sends them on to where it is.",
  why: "The customer's DNS and the site's certificate know no other names, and what is sent unencrypted, passwords among it, everybody on the way reads.",
  severity: "high",
  remedy: "expose the workload in the release, which gives it a name, a certificate and a redirect",
  settings: z.strictObject({
    domains: z
      .array(hostField, { error: "a list of domains" })
      .default([])
      .describe("Further domains that lead to the site, whose certificates somebody else brings."),
    redirects: z
      .array(
        z
          .string()
          .regex(/^[^/]+\/[^/]+$/, { error: "a namespace and a name, such as shop/to-https" }),
        { error: "a list of names" },
      )
      .default([])
      .describe(
        "Middlewares of teams that send plain HTTP on to HTTPS as the site's own do, each with its namespace: `shop/to-https`.",
      ),
  }),
  *judge({ object }, { blueprint, settings }) {
    if (object === undefined) return;
    const names = siteNames(blueprint, settings);
    if (names === undefined) return;
    switch (groupKind(object)) {
      case "networking.k8s.io/Ingress":
        yield* ingressFaults(object, names);
        break;
      case "traefik.io/IngressRoute":
      case "traefik.io/IngressRouteTCP":
        yield* traefikFaults(object, names);
        break;
      case "networking.istio.io/Gateway":
        yield* meshGatewayFaults(object, names, blueprint);
        break;
      case "networking.istio.io/VirtualService":
        yield* virtualServiceFaults(object, names);
        break;
      case "gateway.networking.k8s.io/Gateway":
        yield* apiGatewayFaults(object, names);
        break;
      case "gateway.networking.k8s.io/HTTPRoute":
      case "gateway.networking.k8s.io/GRPCRoute":
      case "gateway.networking.k8s.io/TLSRoute":
        yield* routeFaults(object, names);
        break;
    }
  },
});
