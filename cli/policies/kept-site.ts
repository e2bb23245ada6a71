import { rules } from "../../policies/rules";
import { type Enforcement, readEnforcements } from "../../policies/support/enforcement";
import { currentMonth } from "../../policies/support/month";
import { type LoadedSite, loadSite } from "../../site/load";
import { readStackFile } from "../../site/stack-file";

/** A site without problems, and how it keeps the rules. */
export interface KeptSite {
  readonly found: LoadedSite;
  readonly enforcements: ReadonlyMap<string, Enforcement>;
  /** The month that it is, `2026-11`. */
  readonly month: string;
}

/** Reads a site with its `sitewright:policies`. Throws one ProblemsError that names every fault of both. */
export function loadKeptSite(name: string, root: string): KeptSite {
  const month = currentMonth();
  const stackFile = readStackFile(root, name);
  const { policies, policiesPlace: place } = stackFile;
  const { problems, enforcements } = readEnforcements(rules, policies, month);
  const further = problems.map((problem) => ({ ...problem, place }));
  return { found: loadSite(name, root, stackFile, further), enforcements, month };
}
