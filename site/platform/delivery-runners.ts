import type { BlueprintInput } from "../blueprint-input";
import { hostGroups } from "../groups";
import { siteImage } from "../images";
import { ownValue } from "../path";
import type { Resources } from "../pod-types";
import { cpuMillis, memoryMiB } from "../quantities";
import type { Delivery, WorkspaceDelivery } from "../schema/delivery";
import type { Site } from "../schema/site";
import type { RunnerBlueprint } from "./delivery-types";
import type { PlatformPods } from "./part-types";
import { chartBlueprint } from "./parts";
import { tenantNamespace, workspaceLabel } from "./tenancy-names";
import { type Exception, namespacePolicies, siteTraffic } from "./tenancy-network";
import { quotaHard } from "./tenancy-quotas";
import { clusterRole } from "./tenancy-roles";
import type { TenantNamespace } from "./tenancy-types";

/** GitLab runners of workspaces, each in a namespace of its own, with its jobs beside it. */

/** Short name of a runner's namespace; no namespace of a team may have it beside one. */
export const runnerKey = "runner";

const chartName = "gitlab-runner";
const account = "jobs";

const resources = {
  requests: { cpu: "50m", memory: "96Mi" },
  limits: { cpu: "500m", memory: "256Mi" },
};

/** A job has two containers: the build, and one that fetches code and keeps files. */
const containersOfJob = 2;
const jobResources = {
  requests: { cpu: "100m", memory: "256Mi" },
  limits: { cpu: "2", memory: "2Gi" },
};

/** A runner for each workspace that wants one; none where the site names no GitLab. */
export function runnerBlueprints(
  input: BlueprintInput,
  { gitlab, servers }: Delivery,
): readonly RunnerBlueprint[] {
  if (gitlab === undefined) return [];
  const { name: siteName, site, catalogue } = input;
  const { host } = site.registry;
  const helper = catalogue.platform.charts[chartName]?.images.find((image) =>
    image.includes("/gitlab-runner-helper:"),
  );
  if (helper === undefined)
    throw new Error(`catalogue/platform.yaml has no helper of ${chartName}`);
  const gitlabHost = hostOf(gitlab.url);
  const ca = ownValue(servers, gitlabHost)?.ca;
  return Object.entries(site.tenancy?.workspaces ?? {})
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([workspace, { delivery, namespaces }]) => {
      if (delivery?.runner === undefined) return [];
      const name = tenantNamespace(siteName, workspace, runnerKey);
      return [
        {
          workspace,
          namespace: runnerNamespace(name, workspace, delivery.runner, site),
          chart: chartBlueprint(input, chartName, chartName, name),
          url: gitlab.url,
          host: gitlabHost,
          ...(ca !== undefined && { ca }),
          tokenSecret: delivery.runner.tokenSecret,
          concurrent: delivery.runner.concurrent,
          image: `${host}/${gitlab.image}`,
          helperImage: siteImage(helper, host),
          // A star ends at a slash.
          allowedImages: [`${host}/*`, `${host}/**`],
          resources,
          jobResources,
          account,
          watched: Object.keys(namespaces)
            .sort()
            .map((key) => tenantNamespace(siteName, workspace, key)),
          watchRole: clusterRole("viewer"),
        },
      ];
    });
}

/** Host of an address with its scheme. */
export function hostOf(url: string): string {
  return /^https?:\/\/([^/:]+)/.exec(url)?.[1]?.toLowerCase() ?? "";
}

/** The runner and its jobs at their height. */
export function runnerPods({ namespace, concurrent }: RunnerBlueprint): readonly PlatformPods[] {
  const pods = (name: string, replicas: number, of: Resources): PlatformPods => ({
    name,
    namespace: namespace.name,
    replicas,
    resources: of,
    nodeSelector: {},
    tolerates: [],
  });
  return [pods(chartName, 1, resources), pods("jobs", concurrent, ofJob())];
}

type Runner = NonNullable<WorkspaceDelivery["runner"]>;

function runnerNamespace(
  name: string,
  workspace: string,
  { concurrent }: Runner,
  site: Site,
): TenantNamespace {
  const jobs = ofJob();
  const all = (kind: "requests" | "limits") => ({
    cpu: `${cpuMillis(resources[kind].cpu) + concurrent * cpuMillis(jobs[kind].cpu)}m`,
    memory: `${memoryMiB(resources[kind].memory) + concurrent * memoryMiB(jobs[kind].memory)}Mi`,
  });
  const quota = {
    requests: all("requests"),
    limits: all("limits"),
    // One more while the runner itself is replaced.
    pods: concurrent + 2,
    claims: 0,
    storageGiB: 0,
    nodePorts: 0,
  };
  const level = "pod-security.kubernetes.io";
  return {
    key: runnerKey,
    name,
    workspace,
    labels: {
      // Most images that things are built with start as root.
      [`${level}/enforce`]: "baseline",
      [`${level}/warn`]: "restricted",
      [workspaceLabel]: workspace,
    },
    annotations: {},
    bindings: [],
    quota: quotaHard(quota),
    containers: {
      defaultRequest: jobResources.requests,
      default: jobResources.limits,
      max: jobResources.limits,
    },
    // The runner starts its jobs through the API, and jobs look at what was deployed.
    policies: namespacePolicies(name, true, siteTraffic(site, outside(name, site), new Map())),
  };
}

/** What a job reaches beyond its namespace: Git servers, and the site's registry. */
function outside(name: string, { delivery, hosts }: Site): readonly Exception[] {
  const from = { namespace: name };
  const registry = hostGroups(hosts).registry[0];
  const address = hosts.find((host) => host.name === registry)?.address;
  return [
    ...Object.values(delivery?.servers ?? {}).flatMap(({ networks }) =>
      networks.map((cidr) => ({ from, to: { cidr }, ports: [] })),
    ),
    ...(address === undefined ? [] : [{ from, to: { cidr: `${address}/32` }, ports: [443] }]),
  ];
}

function ofJob(): Resources {
  const all = (kind: "requests" | "limits") => ({
    cpu: `${containersOfJob * cpuMillis(jobResources[kind].cpu)}m`,
    memory: `${containersOfJob * memoryMiB(jobResources[kind].memory)}Mi`,
  });
  return { requests: all("requests"), limits: all("limits") };
}
