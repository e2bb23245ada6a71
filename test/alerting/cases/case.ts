/** Figures at which an alert fires, and figures at which it does not: what promtool is given. */
export interface AlertCase {
  /** Values by series, one a step, as promtool writes them: `0x30`, `1+2x60`. */
  readonly series: Readonly<Record<string, string>>;
  /** When it is looked at, in minutes. */
  readonly minutes: number;
  /** Minutes between two values; default: 1. */
  readonly step?: number;
}

export interface FiringCase extends AlertCase {
  /** Labels that the alert has, apart from severity, dimension and team; all that its texts name are among them. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** Cases of the alerts of one file, by their names. */
export type Cases = Readonly<
  Record<string, { readonly fires: readonly FiringCase[]; readonly quiet: readonly AlertCase[] }>
>;

type Series = AlertCase["series"];

/** The usual pair: one set of figures that fires, one that does not. */
export function pair(
  minutes: number,
  fires: Series,
  quiet: Series,
  labels: Readonly<Record<string, string>> = {},
  step = 1,
): Cases[string] {
  return {
    fires: [{ series: fires, minutes, labels, step }],
    quiet: [{ series: quiet, minutes, step }],
  };
}

/** The same where only the values of the same series differ. */
export function values(
  minutes: number,
  names: string | readonly string[],
  fires: string | readonly string[],
  quiet: string | readonly string[],
  labels: Readonly<Record<string, string>> = {},
  step = 1,
): Cases[string] {
  const all = [names].flat();
  const filled = (written: string | readonly string[]): Series => {
    const each = [written].flat();
    return Object.fromEntries(all.map((name, at) => [name, each[at] ?? each[0] ?? ""]));
  };
  return pair(minutes, filled(fires), filled(quiet), labels, step);
}
