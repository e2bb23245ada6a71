import type { Colour } from "../view/colours";
import { tableLines } from "../view/table";
import type { Observation } from "./look";
import type { TargetRow } from "./targets";

export interface ReportPlace {
  readonly site: string;
  readonly paint: (colour: Colour, text: string) => string;
  /** Characters of a line. */
  readonly columns: number;
}

/** Tables of what watches the site, then what is wrong with its next step, then one line that sums up. */
export function observeText(seen: Observation, place: ReportPlace): readonly string[] {
  const { paint, site } = place;
  const { faults, rules } = seen;
  const firing = rules?.firing.length ?? 0;
  return [
    ...targetLines(seen, place),
    ...ruleLines(seen, place),
    ...receiverLines(seen, place),
    ...dashboardLines(seen),
    ...faults.flatMap(({ what, why, next }) => [
      paint("red", what),
      `  ${why}`,
      `  next: ${next.replaceAll("<site>", site)}`,
      "",
    ]),
    faults.length === 0
      ? paint(
          "green",
          `everything that watches ${site} does${firing === 0 ? "" : `; ${firing} alerts fire`}`,
        )
      : `${faults.length} ${faults.length === 1 ? "thing" : "things"} wrong with what watches ${site}${firing === 0 ? "" : `; ${firing} alerts fire`}`,
  ];
}

/** The same for a program. */
export function observeJson(seen: Observation, site: string) {
  const { receivers, faults, ...rest } = seen;
  return {
    site,
    ok: faults.length === 0,
    ...rest,
    ...(receivers && { receivers: receivers.map(({ receiver: _, ...row }) => row) }),
    faults: faults.map((fault) => ({ ...fault, next: fault.next.replaceAll("<site>", site) })),
  };
}

function targetLines({ targets }: Observation, { paint, columns }: ReportPlace) {
  if (targets === undefined) return [];
  const rows = targets.rows.map((row) => ({
    cells: [row.job, row.what, `${row.up}/${row.expected}`, state(row)],
    paint: (line: string) => (isWell(row) ? line : paint("red", line)),
  }));
  const others = targets.unexpected.map(({ job, targets: number, down }) => ({
    cells: [job, "not of the site's file", `${number - down}/${number}`, down > 0 ? "down" : "up"],
    paint: (line: string) => paint("yellow", line),
  }));
  return [...tableLines(["job", "what", "up", "state"], [...rows, ...others], columns), ""];
}

function isWell({ down, missing }: TargetRow): boolean {
  return down.length === 0 && missing.length === 0;
}

function state({ down, missing, waiting }: TargetRow): string {
  const words = [
    ...(down.length > 0 ? [`${down.length} down`] : []),
    ...(missing.length > 0 ? ["missing"] : []),
    ...(waiting > 0 ? [`${waiting} not asked yet`] : []),
  ];
  return words.length === 0 ? "up" : words.join(", ");
}

function ruleLines({ rules }: Observation, { paint, columns }: ReportPlace) {
  if (rules === undefined) return [];
  const { expectedGroups, missingGroups, rules: number, failing, firing } = rules;
  const loaded = expectedGroups - missingGroups.length;
  const colours: Readonly<Record<string, Colour>> = { critical: "red", warning: "yellow" };
  return [
    `rules: ${number} loaded, ${loaded} of ${expectedGroups} groups, ${failing.length} in error, ${firing.length} firing`,
    ...(firing.length === 0
      ? []
      : tableLines(
          ["severity", "alert", "team", "about"],
          firing.map(({ severity, alert, team, about }) => ({
            cells: [severity, alert, team, about],
            paint: (line: string) => {
              const colour = colours[severity];
              return colour === undefined ? line : paint(colour, line);
            },
          })),
          columns,
        )),
    "",
  ];
}

function receiverLines({ receivers }: Observation, { paint, columns }: ReportPlace) {
  if (receivers === undefined) return [];
  if (receivers.length === 0) return ["receivers: none, nobody is told of anything", ""];
  const rows = receivers.map(({ name, kind, to, configured, failed, attempts }) => ({
    cells: [name, kind, configured ? "yes" : "no", `${failed} of ${attempts}`, to],
    paint: (line: string) => (configured && failed === 0 ? line : paint("red", line)),
  }));
  return [...tableLines(["receiver", "kind", "configured", "failed", "to"], rows, columns), ""];
}

function dashboardLines({ dashboards }: Observation) {
  if (dashboards === undefined) return [];
  return [`dashboards: ${dashboards.present} of ${dashboards.expected} in Grafana`, ""];
}
