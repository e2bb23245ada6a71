import { jsonSchemaOf } from "../../site/documentation/json-schema";
import { keyTable, objectRows } from "../../site/documentation/reference";
import { rules } from "../rules";
import { policiesSchema } from "../support/enforcement";
import type { Rule } from "../support/rule";
import { ruleDocument } from "./rule-document";

/** docs/policies.md: how policies are run and set, and every rule. */
export function policiesPage(): string {
  const table = rules.map((rule) => {
    const { name, severity, description } = rule;
    return `| [${name}](#${name}) | ${severity} | ${cell(description)} |`;
  });
  const lines = [
    ...introduction,
    "",
    ...keyTable(objectRows(jsonSchemaOf(policiesSchema))),
    "",
    ...exemptions,
    "",
    "## The rules",
    "",
    "| rule | severity | what holds |",
    "| --- | --- | --- |",
    ...table,
    "",
    ...rules.flatMap((rule) => [...entry(rule), ""]),
  ];
  return lines.join("\n").replace(/\n+$/, "\n");
}

const introduction = `# Policies: what may never reach a site

<!-- Written by \`npm run docs\` from policies/; changes made here are lost. -->

Rules that everything at a site keeps: objects of the product, of the platform, of third parties' charts, and our own
steps on hosts. They are judged before anything is touched, and a finding says what is needed, what was given and what to
do next.

    pulumi preview -s site-a --policy-pack policies         what a change would break, before the window
    pulumi up -s site-a --policy-pack policies              the same, and nothing broken is applied
    ./sitewright policies                                   the rules in short; --rule <name> for all of one
    ./sitewright policies site-a                            how site-a keeps each, and who is exempt
    ./sitewright policies site-a --state                    what its stack holds now, whoever put it there
    ./sitewright policies site-a --manifests ../rendered    YAML that others deploy, such as a tenant's repository

\`./sitewright rehearse <site>\` runs with them by itself; \`--no-policies\` leaves them out. \`./sitewright policies\` ends with
3 where a rule is broken that is not advisory; \`--json\` prints the same for a program, so a tenant's pipeline needs no
more than the last form: it asks neither for a network nor for secrets. What is judged there must be rendered (\`helm
template\`, \`kustomize build\`); links are not followed, and a rule that needs the whole site to judge by is left out
there: both are named.

In a preview some values are not known yet (a password that is made once, an address that a host will tell). A rule that
needs one says so with Pulumi's remark \`can't run policy\` and judges when the update knows it.

## How strictly

All rules are \`mandatory\` unless the stack file says otherwise, beside the site, under \`sitewright:policies\`:

    config:
      sitewright:policies:
        rules:
          probes:
            enforcement: advisory
            until: 2027-03
            reason: the vendor's agent has no health page before its release 4
          pod-spread:
            enforcement: remediate

\`./sitewright check <site>\` and every run name its faults by file and line. A rule that is \`advisory\` or \`disabled\` needs a
reason; with \`until\` it is mandatory again from the month after on. \`remediate\` mends, in the run itself, what can be
mended without harm (the entry of a rule says whether it can); the diff shows what it added, and the release is better
changed soon. Settings of \`pulumi … --policy-pack-config\` go before the site's own.`.split("\n");

const exemptions = `## Exemptions

One object that cannot keep a rule says so itself, in an annotation that ends by itself:

    metadata:
      annotations:
        policy.sitewright.io/probes: "until 2027-03: the vendor's image has no health page, asked for in their ticket 4711"

After the last month it counts no more; that month is at most two years ahead. What charts make, and give no key to
change, stands with its reason in \`catalogue/exemptions.yaml\`: it is annotated on its way to the cluster.
\`./sitewright policies <site>\` lists them, and \`--state\` and \`--manifests\` list each that is in use. Rules that know
no exemption say so; and of a critical rule nothing in \`--manifests\` is let off by its own word, but only by the rule's
settings at the site.`.split("\n");

function entry(rule: Rule): readonly string[] {
  const { name, severity, description, why, remedy, settings, remarks } = ruleDocument(rule);
  return [
    `### ${name}`,
    "",
    `**${severity}**: ${description}`,
    "",
    why,
    "",
    `Next: ${remedy}.`,
    "",
    ...remarks,
    ...(settings.length === 0 ? [] : ["", ...keyTable(settings)]),
  ];
}

/** A table's cell: nothing in it may end the cell. */
function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
