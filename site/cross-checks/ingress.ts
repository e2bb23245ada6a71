import type { CheckInput, CrossCheck } from "../check-input";
import { clientAddress, clientPorts } from "../platform/ingress-names";
import { redirects } from "../platform/routes";
import { type Problem, show, siteProblem } from "../problems";
import { gatewayPorts } from "./gateway-ports";
import { hostClashes } from "./host-names";
import { exposedPorts, standbyOrGateway } from "./routes";

const path = ["ingress"];

/** There are names, from one source, and somebody who serves them. */
export const ingressNames: CrossCheck = {
  reads: [path, ["edge"], ["hosts"]],
  find: ({ site }: CheckInput) => {
    const { ingress } = site;
    if (ingress === undefined) return [];
    const { domain, nipIo } = ingress;
    if (domain === undefined && !nipIo) {
      const needed = "a domain, since workloads get their names below it";
      const next = "state one that the customer's DNS leads here, or nipIo: true";
      return [siteProblem([...path, "domain"], needed, "nothing", next)];
    }
    if (domain !== undefined && nipIo) {
      const next = "remove one of them";
      return [siteProblem([...path, "nipIo"], "either a domain or nipIo", "both", next)];
    }
    if (nipIo && clientAddress(site) === "") {
      return [siteProblem([...path, "nipIo"], "an edge address or a worker to name", "neither")];
    }
    return [];
  },
};

/** Whoever is to serve is there. */
export const ingressServers: CrossCheck = {
  reads: [path, ["mesh"]],
  find: ({ site: { ingress, mesh } }: CheckInput): readonly Problem[] => {
    if (ingress === undefined) return [];
    if (mesh === undefined && !ingress.standby) {
      const needed = "somebody who serves: the standby, or a mesh with its gateway";
      const next = "set it to true, or add the key mesh";
      return [siteProblem([...path, "standby"], needed, "false, and no mesh", next)];
    }
    return ingress.active === undefined
      ? []
      : standbyOrGateway(ingress.active, { ingress, mesh }).map((needed) =>
          siteProblem([...path, "active"], needed, show(ingress.active)),
        );
  },
};

/** The gateway can only send on to HTTPS's own port. */
export const ingressRedirect: CrossCheck = {
  reads: [path, ["mesh"], ["edge"], ["certificates"]],
  find: ({ site }: CheckInput) => {
    const { https } = clientPorts(site);
    if (site.mesh === undefined || !redirects(site) || https === 443) return [];
    const needed = "no redirect: clients reach HTTPS on another port than 443";
    const next = "set it to false, or let the edge answer on 443";
    return [siteProblem([...path, "httpsRedirect"], needed, `true, with port ${https}`, next)];
  },
};

/** Every rule over the site's `ingress` key and over what is reached through it. */
export const ingressChecks: readonly CrossCheck[] = [
  ingressNames,
  ingressServers,
  ingressRedirect,
  exposedPorts,
  hostClashes,
  gatewayPorts,
];
