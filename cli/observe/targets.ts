import type { ExpectedTargets } from "../../site/alerting/expected-targets";
import { printable } from "../view/colours";
import type { Fault } from "./fault";
import type { ActiveTarget } from "./read";

/** Targets of one kind: how many there should be, and how many of them answer. */
export interface TargetRow {
  readonly job: string;
  readonly what: string;
  readonly expected: number;
  readonly up: number;
  readonly down: readonly TargetFault[];
  /** Not asked yet. */
  readonly waiting: number;
  /** Instances that are not there; of kinds without known instances, how many. */
  readonly missing: readonly string[];
  readonly next: string;
}

export interface TargetFault {
  readonly instance: string;
  readonly error: string;
}

export interface TargetReport {
  readonly rows: readonly TargetRow[];
  /** Targets that nothing of the site's file leads to: somebody's own monitors. */
  readonly unexpected: readonly {
    readonly job: string;
    readonly targets: number;
    readonly down: number;
  }[];
}

/** What Prometheus reads against what it should. A target counts for the first kind that it fits. */
export function compareTargets(
  expected: readonly ExpectedTargets[],
  active: readonly ActiveTarget[],
): TargetReport {
  const left = new Set(active);
  const rows = expected.map((one) => {
    const own = [...left].filter((target) => belongs(one, target));
    for (const target of own) left.delete(target);
    return row(one, own);
  });
  const byJob = new Map<string, ActiveTarget[]>();
  for (const target of left) {
    const job = target.labels.job ?? "";
    byJob.set(job, [...(byJob.get(job) ?? []), target]);
  }
  return {
    rows,
    unexpected: [...byJob]
      .map(([job, targets]) => ({
        job,
        targets: targets.length,
        down: targets.filter(({ health }) => health === "down").length,
      }))
      .sort((one, other) => one.job.localeCompare(other.job)),
  };
}

function belongs({ job, labels, instances }: ExpectedTargets, target: ActiveTarget): boolean {
  const own = target.labels;
  return (
    own.job === job &&
    Object.entries(labels).every(([name, value]) => own[name] === value) &&
    (instances === undefined || instances.includes(own.instance ?? ""))
  );
}

function row(expected: ExpectedTargets, own: readonly ActiveTarget[]): TargetRow {
  const { job, what, instances, least, next } = expected;
  const there = new Set(own.map(({ labels }) => labels.instance));
  const missing =
    instances === undefined
      ? own.length < least
        ? [`${least - own.length} of ${least}`]
        : []
      : instances.filter((instance) => !there.has(instance));
  return {
    job,
    what,
    // A program may show figures at several places.
    expected: instances === undefined ? Math.max(least, own.length) : own.length + missing.length,
    up: own.filter(({ health }) => health === "up").length,
    waiting: own.filter(({ health }) => health === "unknown").length,
    down: own
      .filter(({ health }) => health === "down")
      .map(({ labels, lastError }) => ({
        instance: labels.instance ?? "",
        error: printable(lastError).slice(0, 300),
      })),
    missing,
    next,
  };
}

/** What is wrong with targets, each with its next step. */
export function targetFaults({ rows }: TargetReport): readonly Fault[] {
  return rows.flatMap(({ job, what, down, missing, next }) => [
    ...down.map(({ instance, error }) => ({
      what: `${what}: ${instance} does not answer`,
      why: error === "" ? "no reason given" : error,
      next: nextOfError(error, job, instance),
    })),
    ...(missing.length === 0
      ? []
      : [
          {
            what: `${what}: missing ${missing.join(", ")}`,
            why: "Prometheus knows no such target",
            next,
          },
        ]),
  ]);
}

/** What to do about the faults that Prometheus meets most. */
function nextOfError(error: string, job: string, instance: string): string {
  if (/connection refused/.test(error)) {
    return `start what should listen at ${instance}, or let it listen on that address`;
  }
  if (/no such host|server misbehaving/.test(error)) {
    return `make the name in ${instance} known to the cluster's DNS, or state an address`;
  }
  if (/deadline exceeded|timeout|no route|unreachable/.test(error)) {
    return `see whether workers reach ${instance}: route, firewall, network policies of its namespace`;
  }
  if (/x509|tls:|certificate/.test(error)) {
    return `state the authority of its certificate, or the name that it is for (job ${job})`;
  }
  if (/status 40[13]/.test(error)) {
    return `give it a login that may read figures (job ${job})`;
  }
  if (/status 404/.test(error)) return `correct the path of job ${job}`;
  if (/Content-Type|invalid metric|unexpected|parse/i.test(error)) {
    return `something else than figures answers at ${instance}: correct its port or path`;
  }
  if (/sample limit|body size limit/.test(error)) {
    return `find out why ${instance} shows so many figures; then raise its bound`;
  }
  return `ask it yourself, as Prometheus does: kubectl -n monitoring exec prometheus-monitoring-prometheus-0 -c prometheus -- promtool query instant http://localhost:9090 'up{job="${job}"}'`;
}
