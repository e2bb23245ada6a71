import { commandGroups } from "./commands";
import { exitCodeTable } from "./exit-codes";

const column = 20;

/** The text of `./sitewright --help`: what this is, how to begin, and what to use when. */
export function helpText(): string {
  const groups = commandGroups.map(({ when, commands }) =>
    [when, ...commands.map(({ usage, summary }) => `  ${usage.padEnd(column)}${summary}`)].join(
      "\n",
    ),
  );
  return `Sitewright brings a product platform to many, mostly offline, customer sites.
Each site is a Pulumi stack: its file is Pulumi.<site>.yaml, its state stays with you.

Start with these two; they set up what they need:
  ./sitewright rehearse site-a
  ./sitewright test

${groups.join("\n\n")}

In the window
  pulumi preview -s <site> --policy-pack policies, then up the same way     (docs/delivery-day.md)

After, or when something broke
  docs/recovery.md: a cut connection, a killed run, a stuck lock, a changed host key, a full disk

More about one command: ./sitewright <command> --help

Exit codes
${exitCodeTable.map(([code, meaning]) => `  ${code}  ${meaning}`).join("\n")}
`;
}
