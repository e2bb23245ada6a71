import { wordOf } from "./support/objects";
import { type Finding, subjectRule } from "./support/rule";
import { assignedSecrets, secretSigns } from "./support/secret-signs";
import { textsIn } from "./support/texts";
import { isKnown } from "./support/unknown";

const needed = "no secret";

/** Where secrets reach what runs, unseen by anybody: its standard input and the login to its host. */
const proper: Readonly<Record<string, readonly string[]>> = {
  "command:local:Command": ["stdin"],
  "command:remote:Command": ["stdin", "connection"],
  // Programs of our own that run within Pulumi; their code is no input.
  "pulumi-nodejs:dynamic": ["secrets", "__provider"],
};

export const commandSecrets = subjectRule({
  name: "command-secrets",
  description:
    "Commands and steps get secrets on standard input only, and give none away by what they print.",
  why: "Commands, environments and triggers stand in every preview and error, in lists of processes and in the hosts' logs.",
  severity: "critical",
  remedy:
    "hand it over on standard input, as stepCommandArgs does with extraSecrets; what was shown counts as known, so change it as well",
  *judge({ type, properties }, { secretValues }) {
    const kind = type.startsWith("pulumi-nodejs:dynamic") ? "pulumi-nodejs:dynamic" : type;
    const isCommand = type.startsWith("command:");
    const without = proper[kind] ?? (isCommand ? ["stdin", "connection"] : undefined);
    if (without === undefined) return;
    const texts = textsIn(properties, without);
    const told = new Set<string>();
    for (const [path, what] of secretSigns(secretValues).among(texts)) {
      told.add(path);
      yield { path, needed, given: what };
    }
    for (const [path, text] of texts) {
      if (told.has(path)) continue;
      const [first] = assignedSecrets(`${path.split(".").at(-1)}=${text}`);
      if (first !== undefined) yield { path, needed, given: `a literal for ${first.name}` };
    }
    if (isCommand) yield* openOutput(properties);
  },
});

/** What a step prints may be a secret, such as a kubeconfig: it is kept as one, and shown nowhere else. */
function* openOutput(properties: Readonly<Record<string, unknown>>): Iterable<Finding> {
  if (
    isKnown(properties, "logging") &&
    properties.logging !== "stderr" &&
    properties.logging !== "none"
  ) {
    yield {
      path: "logging",
      needed: "stderr or none, since what a step gives back may be a secret",
      given: properties.logging === undefined ? "nothing" : wordOf(properties.logging),
      next: "set logging to stderr",
    };
  }
  const { addPreviousOutputInEnv: previous } = properties;
  if (previous === false) return;
  yield {
    path: "addPreviousOutputInEnv",
    needed: "false, since what the step gave back before may be a secret",
    given: previous === undefined ? "nothing" : wordOf(previous),
    next: "set addPreviousOutputInEnv to false",
  };
}
