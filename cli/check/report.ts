import { hasEnded } from "../../policies/support/enforcement";
import type { Blueprint, CapacityReport } from "../../site/blueprint-types";
import { namedServices } from "../../site/outputs";
import { edgeForwards } from "../../site/platform/edge";
import type { EdgeBlueprint } from "../../site/platform/edge-types";
import { namedParts } from "../../site/platform/named-parts";
import { ProblemsError } from "../../site/problems";
import type { RunError } from "../../site/run-error";
import { withCanaries } from "../../site/workload/canary";
import type { WorkloadBlueprint } from "../../site/workload/workload-types";
import type { KeptSite } from "../policies/kept-site";
import { countedLevels } from "../policies/levels";
import type { Colour } from "../view/colours";
import { tableLines } from "../view/table";

type Paint = (colour: Colour, text: string) => string;

/** A sound site, and what does not stop a plan of it but would stop or weaken a delivery. */
export interface Checked extends KeptSite {
  /** What keeps the release's bundle from being used, each a sentence. */
  readonly bundleProblems: readonly string[];
}

/** What a sound site would make, for a person. */
export function checkText(checked: Checked, paint: Paint): readonly string[] {
  const { found } = checked;
  const { blueprint } = found;
  const { cluster, registry } = blueprint;
  const platform = platformLines(blueprint.platform);
  const section = (title: string, lines: readonly string[]) => [
    "",
    paint("bold", title),
    ...lines.map((line) => `  ${line}`),
  ];
  return [
    `${paint("green", "nothing is wrong")} with ${blueprint.site}, which runs release ${blueprint.release}`,
    ...section("Hosts", hostLines(blueprint)),
    ...section("Cluster", [
      `Kubernetes ${cluster.kubernetes} by KubeKey ${cluster.kubekey}, which runs on ${cluster.installer} in ${cluster.workDir}`,
      `runs: ${kubekeyRuns.join(", ")}`,
      `API server ${cluster.endpoint.domain}:${cluster.endpoint.port}, ${cluster.endpoint.mode}, reached at ${cluster.endpoint.address}`,
      `Pods ${cluster.podCidr}, Services ${cluster.serviceCidr}`,
      `registry ${registry.host} on ${registry.hostName}, images in ${registry.dataDir}`,
    ]),
    ...(blueprint.edge === undefined ? [] : section("Way in", edgeLines(blueprint.edge))),
    ...(platform.length === 0 ? [] : section("Platform", platform)),
    ...section("Workloads", workloadLines(blueprint)),
    ...section("Names within the cluster", serviceLines(blueprint)),
    ...section("Capacity of the workers", capacityLines(blueprint.capacity)),
    ...section("Travels to the site", [
      `${blueprint.images.length} images, ${cluster.images.length} of them the cluster's`,
      `secrets: ${blueprint.secretNames.join(", ") || "none"}`,
    ]),
    ...section("Policies", policyLines(checked)),
    "",
    ...warnings(checked).map((warning) => `${paint("yellow", "warning")}: ${warning}`),
  ];
}

/** How many rules are kept how strictly, and each that is not mandatory. */
function policyLines({ enforcements }: Checked): readonly string[] {
  const weaker = [...enforcements].filter(([, { level }]) => level !== "mandatory");
  return [
    countedLevels(enforcements),
    ...weaker.map(([rule, { level, until, reason }]) => {
      const end = until === undefined ? "" : ` until ${until}`;
      return `${rule}: ${level}${end}${reason === undefined ? "" : `, ${reason}`}`;
    }),
  ];
}

/** Each part with its charts and namespaces. */
function platformLines(platform: Blueprint["platform"]): readonly string[] {
  return namedParts(platform).map(([name, part]) => {
    const charts = part.charts.map(({ chart, version }) => `${chart} ${version}`);
    const namespaces = part.namespaces.map((namespace) => namespace.name).join(", ");
    const made = [...charts, ...part.programs].join(", ");
    return `${name}: ${[made, namespaces && `in ${namespaces}`].filter(Boolean).join(" ")}`;
  });
}

/** The same for a program. */
export function checkJson(checked: Checked) {
  const { blueprint } = checked.found;
  const { cluster } = blueprint;
  return {
    ok: true,
    site: blueprint.site,
    release: blueprint.release,
    hosts: blueprint.hosts.map(({ name, address, roles, node }) => ({
      name,
      address,
      roles,
      node,
    })),
    cluster: {
      kubernetes: cluster.kubernetes,
      kubekey: cluster.kubekey,
      installer: cluster.installer,
      endpoint: cluster.endpoint,
      runs: kubekeyRuns,
    },
    edge: blueprint.edge && edgeForwards(blueprint.edge),
    workloads: withCanaries(blueprint.workloads).map(
      ({ namespace, name, kind, replicas, image }) => ({
        namespace,
        name,
        kind,
        replicas,
        image,
      }),
    ),
    services: namedServices(blueprint),
    images: blueprint.images,
    capacity: blueprint.capacity,
    secretNames: blueprint.secretNames,
    policies: Object.fromEntries(
      [...checked.enforcements].map(([rule, { level }]) => [rule, level]),
    ),
    bundleReady: checked.bundleProblems.length === 0,
    warnings: warnings(checked),
  };
}

/** Problems for a program; a file that cannot be read at all is one problem without a path. */
export function problemsJson(site: string, error: RunError) {
  const problems = error instanceof ProblemsError ? error.problems : [];
  return { ok: false, site, problems, message: error.message };
}

/** What KubeKey is asked for, in order, whichever version it is. */
const kubekeyRuns = ["prepare hosts", "build registry", "push images", "create cluster"];

function hostLines({ hosts }: Blueprint): readonly string[] {
  const byRoles = new Map<string, Blueprint["hosts"][number][]>();
  for (const host of hosts) {
    const roles = host.roles.join(" + ") || "installer";
    byRoles.set(roles, [...(byRoles.get(roles) ?? []), host]);
  }
  const rows = [...byRoles].map(([roles, members]) => ({
    cells: [
      String(members.length),
      roles,
      members.map(({ name, address }) => `${name} ${address}`).join(", "),
    ],
  }));
  return tableLines(["", "roles", "hosts"], rows);
}

function edgeLines(edge: EdgeBlueprint): readonly string[] {
  const who = edge.own
    ? `${edge.proxyAddresses.length} edge hosts share ${edge.addresses.join(" and ")}`
    : `the customer's balancer at ${edge.addresses.join(" and ")} is to forward:`;
  const rows = edgeForwards(edge).map(({ name, from, to, standby, readyWhen }) => ({
    cells: [name, from, to.join(" "), standby.join(" "), readyWhen],
  }));
  return [
    who,
    ...(edge.proxyProtocol ? ["with PROXY protocol v2, but for further ports of the site"] : []),
    ...tableLines(["port", "from", "to", "if none is ready", "ready when"], rows),
  ];
}

function workloadLines({ workloads }: Blueprint): readonly string[] {
  const rows = withCanaries(workloads).map((workload) => ({
    cells: [
      `${workload.namespace}/${workload.name}`,
      workload.kind,
      count(workload),
      `${workload.resources.requests.cpu} ${workload.resources.requests.memory}`,
      workload.version,
      workload.keeps === undefined ? "" : kept[workload.keeps],
    ],
  }));
  return tableLines(["name", "kind", "Pods", "requests", "version", "keeps"], rows);
}

/** What going back to an earlier release does not undo. */
const kept = { claims: "its volumes", migration: "what it migrated" } as const;

function serviceLines(blueprint: Blueprint): readonly string[] {
  const rows = Object.values(namedServices(blueprint)).map(({ host, ports, leadsTo }) => ({
    cells: [
      host,
      Object.values(ports)
        .map(({ port, protocol, nodePort, hostPort }) =>
          [
            `${protocol} ${port}`,
            ...(nodePort === undefined ? [] : [`on nodes ${nodePort}`]),
            ...(hostPort === undefined ? [] : [`on its hosts ${hostPort}`]),
          ].join(", "),
        )
        .join("; "),
      leadsTo?.join(" ") ?? "",
    ],
  }));
  return tableLines(["name", "ports", "outside the cluster"], rows);
}

function count({ kind, replicas, schedule, timeZone }: WorkloadBlueprint): string {
  return kind === "CronJob" ? `at ${schedule} ${timeZone}` : String(replicas);
}

function capacityLines({ allocatable, withLargestNodeLost, requested }: CapacityReport) {
  const row = (title: string, room: CapacityReport["requested"]) => ({
    cells: [title, (room.cpuMillis / 1000).toFixed(1), (room.memoryMiB / 1024).toFixed(1)],
  });
  return tableLines(
    ["", "cores", "GiB"],
    [
      row("for Pods", allocatable),
      row("with the largest lost", withLargestNodeLost),
      row("asked for", requested),
    ],
  );
}

function warnings(checked: Checked): readonly string[] {
  const { found, bundleProblems, enforcements, month } = checked;
  const { blueprint, site } = found;
  const ended = [...enforcements].filter(([, one]) => hasEnded(one, month));
  return [
    ...bundleProblems.map((problem) => `${problem} (a rehearsal brings its own)`),
    ...(site.capacity.spareNodes === 0
      ? ["capacity.spareNodes is 0: the loss of a worker stops Pods until it is back"]
      : []),
    ...(blueprint.cluster.groups.etcd.length === 1
      ? ["etcd has one host: its loss is the cluster's"]
      : []),
    ...ended.map(
      ([rule, { until }]) =>
        `policy ${rule} is mandatory again: what was stated ended with ${until}`,
    ),
  ];
}
