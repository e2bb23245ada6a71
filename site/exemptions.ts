import { nearest } from "./nearest";
import type { PlatformPart } from "./platform/part-types";
import { type Problem, problem, show } from "./problems";
import type { ExemptionCatalogue } from "./schema/exemptions";
import type { PlatformCatalogue } from "./schema/platform";

/** What annotations of exemptions begin with; the rest is the name of the rule. */
export const exemptionPrefix = "policy.sitewright.io/";

/** An object of a third party that need not keep a rule of the policy pack. */
export interface ExemptionBlueprint {
  /** Chart or program that makes the object. */
  readonly madeBy: string;
  readonly kind: string;
  /** Absent for what only a program without a namespace of its own has: an object of the cluster. */
  readonly namespace?: string;
  readonly name: string;
  readonly rule: string;
  /** Last month in which it holds, `2027-06`. */
  readonly until: string;
  readonly reason: string;
}

/** The exemption as an annotation says it. */
export function exemptionText({
  until,
  reason,
}: Pick<ExemptionBlueprint, "until" | "reason">): string {
  return `until ${until}: ${reason}`;
}

/** Exemptions of what the platform has no such chart or program for. */
export function exemptionProblems(
  exemptions: ExemptionCatalogue,
  { charts, programs }: PlatformCatalogue,
): readonly Problem[] {
  const known = [...Object.keys(charts), ...Object.keys(programs)];
  return Object.keys(exemptions)
    .filter((madeBy) => !known.includes(madeBy))
    .map((madeBy) => {
      const meant = nearest(madeBy, known);
      const next = meant === undefined ? "catalogue/platform.yaml lists them" : `write ${meant}`;
      return problem("exemptions", [madeBy], "a chart or program", show(madeBy), next);
    });
}

/** The exemptions that matter at a site: those of the charts and programs that its parts install. */
export function siteExemptions(
  exemptions: ExemptionCatalogue,
  parts: readonly PlatformPart[],
): readonly ExemptionBlueprint[] {
  const installed: readonly { readonly madeBy: string; readonly namespace?: string }[] = [
    ...parts.flatMap(({ charts }) =>
      charts.map(({ chart, namespace }) => ({ madeBy: chart, namespace })),
    ),
    ...[...new Set(parts.flatMap(({ programs }) => programs))].map((madeBy) => ({ madeBy })),
  ];
  return installed.flatMap((own) =>
    (exemptions[own.madeBy] ?? []).map(({ namespace, ...exemption }) => ({
      ...own,
      ...exemption,
      ...(namespace !== undefined && { namespace }),
    })),
  );
}
