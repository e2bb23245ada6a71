import { meshRoutes } from "../../components/mesh/traffic";
import { workloadObjects } from "../../components/workload/objects";
import { makeBlueprint } from "../../site/blueprint";
import type { Blueprint } from "../../site/blueprint-types";
import { crossChecks } from "../../site/cross-checks/all";
import { formatPath } from "../../site/path";
import { releaseSchema } from "../../site/schema/release";
import { siteSchema } from "../../site/schema/site";
import type { WorkloadBlueprint } from "../../site/workload/workload-types";
import { roomySite, workloadOf } from "../support/platform-site";
import { catalogue } from "../support/sites";

/** A release of two workloads that are called, at a site with a mesh and an ingress. */

const podinfo = (tag: string, digit: string) =>
  `ghcr.io/stefanprodan/podinfo:${tag}@sha256:${digit.repeat(64)}`;

/** Another image of `api`. */
export const canaryImage = podinfo("6.7.2", "1");

// biome-ignore lint/suspicious/noExplicitAny: tests spoil it in ways that no type allows
export type Anything = any;

/** Free to be changed before it is read. */
export function plainRelease(): Anything {
  const common = {
    kind: "Deployment",
    namespace: "parcels",
    replicas: 2,
    resources: {
      requests: { cpu: "100m", memory: "64Mi" },
      limits: { cpu: "500m", memory: "128Mi" },
    },
  };
  return {
    release: "2026.11",
    product: "parcels",
    namespaces: { parcels: {} },
    workloads: {
      api: {
        ...common,
        image: podinfo("6.7.1", "0"),
        env: { MODE: "fast" },
        ports: [{ name: "http", port: 9898 }],
        expose: [{ port: "http" }],
      },
      web: { ...common, image: podinfo("6.7.3", "2"), ports: [{ name: "http", port: 8080 }] },
    },
  };
}

/** A site with room, a mesh and an ingress. Free to be changed before it is read. */
export function plainSite(): Anything {
  return {
    ...roomySite(),
    mesh: {},
    ingress: { domain: "apps.site-t.example", httpsRedirect: false },
    workloads: {},
  };
}

function input(site: Anything, release: Anything) {
  return {
    name: "site-t",
    site: siteSchema.parse(site),
    release: releaseSchema.parse(release),
    catalogue,
  };
}

export function blueprintOf(site: Anything, release: Anything): Blueprint {
  return makeBlueprint(input(site, release));
}

/** Problems of both together, each as `document path: needs`. */
export function problemsOf(site: Anything, release: Anything): readonly string[] {
  const given = input(site, release);
  const hosts = given.site.hosts.map((host, at) => ({ host, path: ["hosts", at] }));
  return crossChecks
    .flatMap((check) => check.find({ ...given, hosts }))
    .map(({ document, path, needed }) => `${document} ${formatPath(path)}: ${needed}`);
}

/** What a release states of `api`, and what a site does. */
export function apiOf(released: object, own: object = {}): WorkloadBlueprint {
  const [site, release] = [plainSite(), plainRelease()];
  Object.assign(release.workloads.api, released);
  site.workloads.api = own;
  return workloadOf(blueprintOf(site, release), "api");
}

/** `api` with this traffic in the release, and what the site states of it. */
export function trafficOf(traffic: object | undefined, own: object = {}): WorkloadBlueprint {
  return apiOf(traffic === undefined ? {} : { traffic }, own);
}

/** Rules for requests to `api` from within the mesh. */
export function requestsOf(traffic: object, own: object = {}) {
  return meshRoutes(trafficOf(traffic, own))?.spec.http;
}

/** `api` with a canary in the release, how far the site has it, and what else either states. */
export function canaryOf(canary: object, own: object = {}, released: object = {}) {
  return apiOf({ canary: { image: canaryImage }, ...released }, { ...own, canary });
}

/** One object of a workload by its noun. @throws when there is none. */
export function objectOf(workload: WorkloadBlueprint, noun: string): Anything {
  const found = workloadObjects(workload).find((one) => one.noun === noun);
  if (found === undefined) throw new Error(`no ${noun} of ${workload.name}`);
  return found.object;
}
