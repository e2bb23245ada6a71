import { Command } from "commander";
import { ruleDocument } from "../policies/documentation/rule-document";
import { rules } from "../policies/rules";
import type { Rule } from "../policies/support/rule";
import { nearest } from "../site/nearest";
import { RunError } from "../site/run-error";
import { exitCodes } from "./exit-codes";
import { type Io, ownIo } from "./io";
import { isBroken } from "./policies/judge-all";
import { judgeManifests, judgeState } from "./policies/judge-site";
import { loadKeptSite } from "./policies/kept-site";
import { judgedJson, judgedText } from "./policies/report";
import { ruleJson, rulesText, ruleText, siteRulesJson, siteRulesText } from "./policies/rules-text";
import { painter } from "./view/colours";

export interface PoliciesOptions {
  readonly state: boolean;
  readonly manifests?: string;
  readonly rule?: string;
  readonly json: boolean;
}

/** `./sitewright policies [site]`: the rules, how a site keeps them, and what breaks them. */
export function policiesCommand(): Command {
  return new Command("policies")
    .argument("[site]", "name of a site: how it keeps the rules, and what to judge by")
    .description("list the rules that everything at a site keeps, and find what breaks them")
    .option("--state", "judge what the site's stack holds now", false)
    .option("--manifests <folder>", "judge the rendered YAML below a folder")
    .option("--rule <name>", "only this rule; without a site, all that is to be said of it")
    .option("--json", "print the result as one JSON object", false)
    .addHelpText("after", help)
    .action(async (site: string | undefined, options: PoliciesOptions) => {
      process.exitCode = await policies(site, options, ownIo());
    });
}

const help = `
  ./sitewright policies                                   every rule in a line
  ./sitewright policies --rule probes                     why it is there, what to do, its settings
  ./sitewright policies site-a                            how strictly site-a keeps each, who is exempt
  ./sitewright policies site-a --state                    what breaks them in the stack as it is now
  ./sitewright policies site-a --manifests ../rendered    what breaks them in YAML that others deploy

What a change would break, a preview shows: pulumi preview -s <site> --policy-pack policies.
--state asks the site's backend (as pulumi does) and its passphrase, and no host; --manifests needs
neither network nor secrets. docs/policies.md has every rule.

Exit code: 0 all are kept, or only advisory ones are not; 2 there is nothing to judge; 3 a rule is
broken, or a file has problems; 5 pulumi is missing; 7 the stack's state could not be read.`;

/** Runs the command and returns its exit code. */
export async function policies(
  name: string | undefined,
  options: PoliciesOptions,
  io: Io,
): Promise<number> {
  const chosen = chosenRules(options.rule);
  if (name !== undefined) return await ofSite(name, chosen, options, io);
  if (options.state || options.manifests !== undefined) {
    throw new RunError("the name of a site is needed to judge by", {
      nextStep: "write ./sitewright policies <site> --state, or --manifests <folder>",
      exitCode: exitCodes.usage,
    });
  }
  if (options.json) {
    print(io, [JSON.stringify({ rules: chosen.map(ruleDocument).map(ruleJson) }, null, 2)]);
    return exitCodes.ok;
  }
  const paint = painter(io.stdout, io.env);
  const [only] = chosen;
  print(
    io,
    options.rule !== undefined && only !== undefined
      ? ruleText(only, paint)
      : rulesText(chosen, paint, columns(io)),
  );
  return exitCodes.ok;
}

async function ofSite(
  name: string,
  chosen: readonly Rule[],
  options: PoliciesOptions,
  io: Io,
): Promise<number> {
  const { found, enforcements, month } = loadKeptSite(name, io.root);
  if (options.state && options.manifests !== undefined) {
    throw new RunError("--state and --manifests do not go together", {
      nextStep: "ask for one after the other",
      exitCode: exitCodes.usage,
    });
  }
  const paint = painter(io.stdout, io.env);
  if (!options.state && options.manifests === undefined) {
    const { blueprint } = found;
    const site = { rules: chosen, enforcements, blueprint, month };
    print(
      io,
      options.json
        ? [JSON.stringify(siteRulesJson(site), null, 2)]
        : siteRulesText(site, paint, columns(io)),
    );
    return exitCodes.ok;
  }
  const by = { found, rules: chosen, enforcements, month };
  const judged =
    options.manifests === undefined
      ? await judgeState(by, io)
      : judgeManifests(by, options.manifests);
  print(
    io,
    options.json
      ? [JSON.stringify(judgedJson(judged), null, 2)]
      : judgedText(judged, paint, columns(io)),
  );
  return judged.verdicts.some(isBroken) ? exitCodes.site : exitCodes.ok;
}

function chosenRules(name: string | undefined): readonly Rule[] {
  const chosen = rules.filter((rule) => name === undefined || rule.name === name);
  if (chosen.length > 0) return chosen;
  const meant = nearest(
    name ?? "",
    rules.map((rule) => rule.name),
  );
  throw new RunError(`there is no rule ${JSON.stringify(name)}`, {
    nextStep: meant === undefined ? "./sitewright policies lists them" : `write ${meant}`,
    exitCode: exitCodes.usage,
  });
}

function columns({ stdout }: Io): number {
  return Math.max(120, stdout.columns ?? 0);
}

function print({ stdout }: Io, lines: readonly string[]): void {
  stdout.write(`${lines.join("\n")}\n`);
}
