import type { PreparedRehearsal } from "../../rehearsal/run/rehearse";
import type { Report } from "../../rehearsal/run/report";
import type { Blueprint } from "../../site/blueprint-types";
import { withCanaries } from "../../site/workload/canary";

export interface SummaryInput {
  readonly blueprint: Blueprint;
  readonly prepared: PreparedRehearsal;
  readonly result: Extract<Report, { kind: "finished" }>;
  readonly seconds: number;
  /** Hours until the rehearsal ends by itself; undefined when it stays. */
  readonly idleHours: number | undefined;
  readonly warnings: readonly string[];
}

/** What a rehearsal came to, as text for a person and as data for a script. */
export function rehearsalSummary(input: SummaryInput): { text: string; data: object } {
  const { blueprint, prepared, result } = input;
  const { kubeconfig: _secret, robots: _secrets, ...outputs } = result.outputs;
  const data = {
    site: blueprint.site,
    release: blueprint.release,
    seconds: Math.round(input.seconds),
    changes: result.changes,
    outputs,
    plugins: prepared.plugins,
    charts: prepared.charts ?? "own",
    definitions: prepared.definitions ?? "permissive",
    secretsReplaced: prepared.secretsReplaced,
    warnings: input.warnings,
  };
  const lines = [
    "",
    `${blueprint.site} is up in ${duration(input.seconds)}: ${changesText(result.changes)}`,
    "",
    ...table([
      ["endpoint", String(outputs.endpoint ?? "")],
      ["kubernetes", `${blueprint.cluster.kubernetes} by kk ${blueprint.cluster.kubekey}`],
      ["release", blueprint.release],
      ...withCanaries(blueprint.workloads).map(
        ({ name, namespace, kind, replicas, version }): [string, string] => [
          `${namespace}/${name}`,
          `${kind} ${version}${kind === "CronJob" ? "" : ` × ${replicas}`}`,
        ],
      ),
    ]),
    "",
    ...honesty(input),
    ...input.warnings.map((warning) => `warning: ${warning}`),
    "",
    "Next:",
    ...table(nextCommands(blueprint.site)),
    "",
    input.idleHours === undefined
      ? `It stays until ./sitewright rehearse ${blueprint.site} --destroy.`
      : `It ends by itself in ${input.idleHours} hours; --keep lets it stay.`,
    "",
  ];
  return { text: lines.join("\n"), data };
}

function nextCommands(site: string): [string, string][] {
  return [
    [`./sitewright enter ${site} kubectl get pods -A -o wide`, "look at the cluster"],
    [
      `./sitewright enter ${site} pulumi preview -s ${site} --diff`,
      "what would change now: nothing",
    ],
    [`$EDITOR Pulumi.${site}.yaml`, "change something, say replicas"],
    [`./sitewright rehearse ${site}`, "apply just that"],
    [`./sitewright rehearse ${site} --keep`, "the same, and let it stay until --destroy"],
    [`./sitewright rehearse ${site} --destroy`, "end it and leave nothing behind"],
  ];
}

/** What in this run was not the real thing. */
function honesty({ prepared, blueprint }: SummaryInput): string[] {
  const standIns = prepared.plugins.filter((plugin) => !plugin.real).map((plugin) => plugin.name);
  const minor = blueprint.cluster.kubernetes.replace(/^v(\d+\.\d+).*/, "$1");
  const lines = [
    "Real: SSH servers, etcd, API server, controllers, scheduler, registry, Pulumi engine.",
    ...(blueprint.edge?.own || blueprint.controlPlaneAddress
      ? ["Real as well: keepalived and haproxy."]
      : []),
    ...(blueprint.edge === undefined
      ? []
      : ["Behind NodePorts answers a proxy that names itself, whether its Pods are there or not."]),
    ...(blueprint.edge?.mode === "external" || blueprint.cluster.endpoint.mode === "external"
      ? ["The customer's balancer is a machine of the rehearsal with a haproxy of ours."]
      : []),
    `Simulated: kk ${blueprint.cluster.kubekey}, kubelets, containers (kwok) and operators; Kubernetes is v1.34.2 as ${minor}.`,
    standIns.length === 0
      ? "Pulumi plugins: the real ones."
      : `Pulumi plugins played by stand-ins: ${standIns.join(", ")}.`,
  ];
  if (blueprint.platform.definitions.length > 0) {
    lines.push(
      `Charts: ${prepared.charts === undefined ? "small ones of our own; --charts <folder> takes real ones" : `the real ones of ${prepared.charts}`}.`,
      `Custom resources: ${prepared.definitions === undefined ? "any is accepted; SITEWRIGHT_CRDS=<folder> takes real definitions" : `checked by the real definitions of ${prepared.definitions}`}.`,
    );
  }
  if (prepared.secretsReplaced) {
    lines.push("The site's passphrase was not at hand: random secrets stood for the site's own.");
  }
  return lines;
}

function changesText(changes: Readonly<Record<string, number>>): string {
  const words: Readonly<Record<string, string>> = {
    create: "created",
    update: "updated",
    replace: "replaced",
    delete: "deleted",
    same: "unchanged",
  };
  const parts = Object.entries(words).flatMap(([op, word]) =>
    changes[op] ? [`${changes[op]} ${word}`] : [],
  );
  return parts.join(", ") || "nothing to do";
}

function duration(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

function table(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
