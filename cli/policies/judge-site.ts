import { Inventory } from "../../policies/support/inventory";
import type { Rule } from "../../policies/support/rule";
import { RunError } from "../../site/run-error";
import { exitCodes } from "../exit-codes";
import type { Io } from "../io";
import { findPassphrase, readSecrets } from "../secrets";
import { counted } from "../view/counted";
import { judgeAll, type RuleVerdict } from "./judge-all";
import type { KeptSite } from "./kept-site";
import { readManifests } from "./manifests";
import type { Judged } from "./report";
import { stackSubjects } from "./state";

/** A site with the rules to judge by. */
export type SiteJudge = KeptSite & { readonly rules: readonly Rule[] };

/** Judges what a site's stack holds now. */
export async function judgeState(
  { found: { name: site, blueprint }, rules, enforcements, month }: SiteJudge,
  io: Io,
): Promise<Judged> {
  const { root, env } = io;
  const passphrase = await findPassphrase({ ...io, site });
  // Proves the passphrase before the engine is asked, which says less of a wrong one.
  const opened = { PULUMI_CONFIG_PASSPHRASE: passphrase };
  const secretValues = Object.values(await readSecrets({ root, site, env: opened }));
  const subjects = await stackSubjects({ root, site, env, passphrase });
  const source = "state";
  const context = { blueprint, month, source, secretValues } as const;
  const verdicts = judgeAll(rules, enforcements, new Inventory(subjects), context);
  const what = `the stack of ${site}`;
  return { site, source, what, subjects: subjects.length, verdicts, remarks: skipped(verdicts) };
}

/** Judges the rendered objects below a folder. @throws RunError, exit code 2, when none of the rules can do so. */
export function judgeManifests(
  { found: { name: site, blueprint }, rules, enforcements, month }: SiteJudge,
  folder: string,
): Judged {
  const source = "manifests";
  if (!rules.some(({ sources = [source] }) => sources.includes(source))) {
    const names = rules.map(({ name }) => name).join(", ");
    throw new RunError(`manifests alone are not enough to judge ${names} by`, {
      nextStep: `judge the stack: ./sitewright policies ${site} --state --rule <name>`,
      exitCode: exitCodes.usage,
    });
  }
  const { subjects, files, others, links } = readManifests(folder);
  if (subjects.length === 0) {
    const passed = links.length === 0 ? "" : `; links are not followed, and it has ${links.length}`;
    throw new RunError(
      `${folder} holds no Kubernetes object in ${counted(files, "YAML or JSON file")}${passed}`,
      {
        nextStep: "name the folder that the rendered objects are in",
        exitCode: exitCodes.usage,
      },
    );
  }
  const context = { blueprint, month, source, secretValues: [] } as const;
  const verdicts = judgeAll(rules, enforcements, new Inventory(subjects), context);
  const remarks = [
    ...skipped(verdicts),
    ...leftOut("documents that are no Kubernetes object", others),
    ...leftOut("links, which are not followed", links),
  ];
  const what = `the manifests in ${folder}`;
  return { site, source, what, subjects: subjects.length, verdicts, remarks };
}

function leftOut(what: string, places: readonly string[]): readonly string[] {
  const [first] = places;
  return first === undefined ? [] : [`${what}: ${places.length}, the first at ${first}`];
}

/** Rules that did not look, each kind in a sentence. */
function skipped(verdicts: readonly RuleVerdict[]): readonly string[] {
  const names = (why: RuleVerdict["skipped"]) =>
    verdicts.filter((one) => one.skipped === why).map(({ rule }) => rule.name);
  const [disabled, elsewhere] = [names("disabled"), names("not judged there")];
  return [
    ...(disabled.length === 0 ? [] : [`disabled: ${disabled.join(", ")}`]),
    ...(elsewhere.length === 0 ? [] : [`not judged there: ${elsewhere.join(", ")}`]),
  ];
}
