import { jobs } from "../alerting/jobs";
import type { BlueprintInput } from "../blueprint-input";
import type { ReleaseProbe } from "../schema/workload-probe";
import { portProtocol } from "../workload/ports";
import { consulNamespace, consulPort } from "./config-centre-place";
import { argoRoute } from "./delivery";
import { clientAddress } from "./ingress-names";
import type { RouteBlueprint } from "./ingress-types";
import { statedModule, statedProbe } from "./monitoring-stated-probes";
import type { ProbeBlueprint, ProbeModule } from "./monitoring-target-types";
import type { PageBlueprint } from "./monitoring-types";
import { workloadRoutes } from "./routes";

/** What is asked from within the cluster in the way that clients ask. */

const intervalSeconds = 60;
const timeoutSeconds = 10;
const times = { intervalSeconds, timeoutSeconds };
const noAnswerYet = { timeoutSeconds, statuses: [] };

/** Pages that want a login or send people on are there; what is not found or fails is not. */
const there = [200, 201, 202, 204, 301, 302, 303, 307, 308, 401, 403, 405];

/** Ways to ask that every site has. */
const usualModules: Readonly<Record<string, ProbeModule>> = {
  web: {
    ...noAnswerYet,
    prober: "http",
    statuses: there,
    tls: "verified",
    authority: "site",
  },
  // Asked without a request, which would have to be gRPC.
  tls: { ...noAnswerYet, prober: "tcp", tls: "verified", authority: "site" },
  // The workload has a certificate of its own, from whomever.
  passthrough: { ...noAnswerYet, prober: "tcp", tls: "unverified", authority: "public" },
  connection: { ...noAnswerYet, prober: "tcp", authority: "public" },
  // Signed by KubeKey's own authority, which stays on the hosts.
  harbor: {
    ...noAnswerYet,
    prober: "http",
    // Of each of its parts it says whether it is well.
    contains: '"healthy"',
    lacks: '"unhealthy"',
    tls: "unverified",
    authority: "public",
  },
  leader: { ...noAnswerYet, prober: "http", contains: '"[^"]+"', authority: "public" },
};

/** All probes of a site, and the ways to ask that they need. */
export function siteProbes(
  input: BlueprintInput,
  pages: readonly PageBlueprint[],
): {
  readonly probes: readonly ProbeBlueprint[];
  readonly modules: Readonly<Record<string, ProbeModule>>;
} {
  const stated = Object.entries(input.site.monitoring?.probes ?? {}).sort(([one], [other]) =>
    one < other ? -1 : 1,
  );
  const probes = [
    ...workloadProbes(input),
    ...pageProbes(input, pages),
    ...placeProbes(input),
    ...stated.map(([name, probe]) => statedProbe(name, probe)),
  ];
  const used = new Set(probes.map(({ module }) => module));
  const all: Readonly<Record<string, ProbeModule>> = {
    ...usualModules,
    ...Object.fromEntries(
      stated.map(([name, probe]) => [`stated-${name}`, statedModule(probe)] as const),
    ),
  };
  return {
    probes,
    modules: Object.fromEntries(Object.entries(all).filter(([name]) => used.has(name))),
  };
}

/** Every name and port that a workload is reached by. */
function workloadProbes({ site, release }: BlueprintInput): readonly ProbeBlueprint[] {
  return Object.entries(release.workloads).flatMap(([workload, stated]) =>
    workloadRoutes(site, release.product, workload, stated).flatMap((route) => {
      const port = stated.ports.find((one) => one.port === route.port);
      const grpc = port !== undefined && portProtocol(port) === "grpc";
      const urls = route.urls.map((url) => askedUrl(url, stated.probe, route.port));
      const name = `${stated.namespace}-${route.name}`;
      return routeProbes(input(site), name, { ...route, urls }, grpc, {
        namespace: stated.namespace,
        workload,
      });
    }),
  );
}

/**
 * Where a workload says itself that it is well, as far as that is exposed: many a program has no page at the path below
 * which it is exposed, and answers 404 there with nothing wrong.
 */
function askedUrl(url: string, probe: ReleaseProbe | undefined, port: number): string {
  if (probe?.path === undefined || probe.port !== port) return url;
  const asked = new URL(probe.path, url).href;
  return asked.startsWith(url) ? asked : url;
}

function pageProbes(
  { site, release }: BlueprintInput,
  pages: readonly PageBlueprint[],
): readonly ProbeBlueprint[] {
  const argo = argoRoute({ site, release });
  const all = [...(argo === undefined ? [] : [{ name: "argo-cd", route: argo }]), ...pages];
  return all.flatMap(({ name, route }) =>
    routeProbes(input(site), name, route, false, { part: name }),
  );
}

const input = (site: BlueprintInput["site"]) => ({
  address: clientAddress(site),
  certificates: site.certificates !== undefined,
});

/** One probe for each name: the address is known, so that nothing depends on the cluster's knowing the customer's names. */
function routeProbes(
  { address, certificates }: ReturnType<typeof input>,
  name: string,
  { kind, urls }: Pick<RouteBlueprint, "kind" | "urls">,
  grpc: boolean,
  labels: Readonly<Record<string, string>>,
): readonly ProbeBlueprint[] {
  return urls.map((url, at) => {
    const { protocol, host, hostname, port } = new URL(url);
    const number = port === "" ? (protocol === "https:" ? 443 : 80) : Number(port);
    const common = { job: jobs.urls, ...times, labels };
    const own = at === 0 ? name : `${name}-${at + 1}`;
    if (kind === "tcp") {
      return { ...common, name: own, module: "connection", url: `${host}`.replace(/^\/+/, "") };
    }
    const encrypted = protocol === "https:" && certificates;
    if (kind === "tls" || grpc) {
      const module = kind === "tls" ? "passthrough" : encrypted ? "tls" : "connection";
      return {
        ...common,
        name: own,
        module,
        url: `${hostname}:${number}`,
        at: `${address}:${number}`,
      };
    }
    return { ...common, name: own, module: "web", url, at: address };
  });
}

/** Shared addresses, the registry and the config centre. */
function placeProbes({ site }: BlueprintInput): readonly ProbeBlueprint[] {
  const { edge, cluster, hosts, registry, configCentre } = site;
  const { endpoint } = cluster;
  const connection = (name: string, address: string, port: number): ProbeBlueprint => ({
    ...times,
    name,
    job: jobs.urls,
    module: "connection",
    url: `${address}:${port}`,
    labels: { part: name },
  });
  const harborHost = hosts.find(({ roles }) => roles.includes("registry"));
  return [
    ...(edge === undefined || edge.address === undefined
      ? []
      : [connection("edge-address", edge.address, edge.https)]),
    ...(edge?.secondAddress === undefined
      ? []
      : [connection("second-edge-address", edge.secondAddress, edge.https)]),
    ...(endpoint.address === undefined
      ? []
      : [connection("api-server-address", endpoint.address, endpoint.port)]),
    ...(harborHost === undefined
      ? []
      : [
          {
            ...times,
            name: "harbor",
            job: jobs.harbor,
            module: "harbor",
            url: `https://${registry.host}/api/v2.0/health`,
            at: harborHost.address,
            labels: { part: "harbor", host: harborHost.name },
          },
        ]),
    ...(configCentre?.kind === "consul"
      ? [
          {
            ...times,
            name: "config-centre",
            job: jobs.configCentre,
            module: "leader",
            url: `http://consul-server.${consulNamespace}.svc:${consulPort}/v1/status/leader`,
            labels: { part: "config-centre" },
          },
        ]
      : []),
  ];
}
