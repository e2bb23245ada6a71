import type { Colour } from "../view/colours";
import { tableLines } from "../view/table";
import { age } from "./age";
import type { NextLook, Trouble } from "./pod-trouble";
import type { WorkloadStatus } from "./status";

export interface ReportPlace {
  readonly site: string;
  readonly release: string;
  readonly now: Date;
  readonly paint: (colour: Colour, text: string) => string;
  /** Characters of a line. */
  readonly columns: number;
}

/** The table, then what is not as it should be with the reason and the next step, then one line that sums up. */
export function statusText(
  statuses: readonly WorkloadStatus[],
  place: ReportPlace,
): readonly string[] {
  const { site, release, paint } = place;
  const wrong = statuses.filter(({ state }) => state !== "ready");
  const headings = [
    "workload",
    "kind",
    "version",
    "ready",
    "restarts",
    "image",
    "age",
    "reached at, or runs",
  ];
  const rows = statuses.map((status) => ({
    cells: cells(status, place.now),
    paint: (line: string) => (status.state === "ready" ? line : paint(colours[status.state], line)),
  }));
  const silent = statuses.some(({ pods, digest }) => pods.ready > 0 && digest.running.length === 0);
  return [
    ...tableLines(headings, rows, place.columns),
    "",
    ...wrong.flatMap((status) => troubleLines(status, place)),
    ...(silent
      ? ["image -: no node says what it runs; in a rehearsal containers do not run", ""]
      : []),
    wrong.length === 0
      ? paint("green", `all ${statuses.length} as ${site} wants them, release ${release}`)
      : `${wrong.length} of ${statuses.length} not as ${site} wants them, release ${release}`,
  ];
}

/** The same for a program. */
export function statusJson(
  statuses: readonly WorkloadStatus[],
  place: Pick<ReportPlace, "site" | "release">,
) {
  return {
    site: place.site,
    release: place.release,
    ok: isSound(statuses),
    workloads: statuses.map(({ troubles, ...status }) => ({
      ...status,
      reasons: troubles.map((trouble) => ({
        why: trouble.why,
        pods: trouble.pods,
        next: nextStep(trouble, status.workload, place.site),
      })),
    })),
  };
}

/** Whether all of a site runs as its file says. */
export function isSound(statuses: readonly WorkloadStatus[]): boolean {
  return statuses.every(({ state }) => state === "ready");
}

const colours = { differs: "yellow", "not-ready": "red", missing: "red" } as const;

function cells(status: WorkloadStatus, now: Date): readonly string[] {
  const { namespace, name, canary, kind, version, pods, restarts, digest, since, state } = status;
  const cron = kind === "CronJob";
  return [
    canary ? `  ${name}` : `${namespace}/${name}`,
    kind,
    version.running.length === 0 ? version.wanted : besideWanted(version.running, version.wanted),
    cron ? "-" : `${pods.ready}/${pods.wanted}`,
    cron ? "-" : String(restarts),
    digest.running.length === 0
      ? "-"
      : besideWanted(digest.running.map(short), short(digest.wanted)),
    since === undefined ? "-" : age(since, now),
    state === "missing" ? "not there" : cron ? runsText(status, now) : status.urls.join(" "),
  ];
}

function besideWanted(running: readonly string[], wanted: string): string {
  const all = running.join(" + ");
  return all === wanted || wanted === "" ? all : `${all}, not ${wanted}`;
}

function short(digest: string): string {
  return digest.replace("sha256:", "").slice(0, 12);
}

function runsText({ schedule, runs }: WorkloadStatus, now: Date): string {
  const ago = (time: string | undefined) =>
    time === undefined ? "never" : `${age(time, now)} ago`;
  const went = runs && [
    `last run ${ago(runs.lastRun)}`,
    `last success ${ago(runs.lastSuccess)}`,
    ...(runs.active > 0 ? ["running now"] : []),
    ...(runs.suspended ? ["suspended"] : []),
  ];
  return [`at ${schedule ?? "no time"}`, ...(went ?? [])].join("; ");
}

function troubleLines(status: WorkloadStatus, { site, paint }: ReportPlace): readonly string[] {
  return [
    paint("bold", `${status.namespace}/${status.name}`),
    ...status.troubles.flatMap((trouble) => [
      `  ${podsText(trouble.pods)}${trouble.why}`,
      `  next: ${nextStep(trouble, status.workload, site)}`,
    ]),
    "",
  ];
}

function podsText([first, ...more]: readonly string[]): string {
  if (first === undefined) return "";
  return more.length === 0 ? `${first}: ` : `${first} and ${more.length} more: `;
}

function nextStep({ look, pods: [pod] }: Trouble, workload: string, site: string): string {
  const logs = `./sitewright workloads ${site} logs ${workload}${pod === undefined ? "" : ` --pod ${pod}`}`;
  const steps: Readonly<Record<NextLook, string>> = {
    deploy: `see what a deployment would change: pulumi preview -s ${site} --diff`,
    image: `see that the image is in the site's registry: ./sitewright check ${site} --json names it; pulumi up -s ${site} brings it`,
    logs,
    "previous-logs": `${logs} --previous`,
    room: `make room, or ask for less: ./sitewright check ${site} counts, ./sitewright workloads ${site} scale ${workload} <pods> changes the file`,
    wait: `wait a moment and look again; then ${logs}`,
  };
  return steps[look];
}
