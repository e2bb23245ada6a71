import { resolveSite } from "../../site/load";
import { policiesKey, secretsKey, siteKey } from "../../site/stack-file";
import { type Enforcement, enforcements } from "./enforcement";
import type { Before } from "./inventory";
import { currentMonth } from "./month";
import type { Rule, RuleContext } from "./rule";
import { stackBefore } from "./stack-before";
import type { StackConfiguration } from "./stack-configuration";

/** What the stack's own configuration says for its policies. */
export interface StackSettings {
  /** What all rules of a run know. */
  readonly context: () => Omit<RuleContext, "settings">;
  /** How the site keeps a rule. @throws ProblemsError when `sitewright:policies` has faults. */
  readonly enforcement: (rule: string) => Enforcement;
  /** What the stack held before the run. */
  readonly before?: Before;
}

/**
 * Reads what a stack says, when it is first asked for: Pulumi tells it only once the pack serves, and the blueprint is
 * worked out while the program works it out too.
 */
export function stackSettings(
  rules: readonly Rule[],
  stack: () => StackConfiguration,
  month: string = currentMonth(),
): StackSettings {
  const read = (key: string): unknown => {
    const text = stack().config.get(key);
    return text === undefined ? undefined : JSON.parse(text);
  };
  const context = once(() => {
    const secrets = Object(read(secretsKey)) as Record<string, string>;
    const secretNames = Object.keys(secrets);
    const { blueprint } = resolveSite({ name: stack().stack, data: read(siteKey), secretNames });
    const source = "deployment" as const;
    const destroyWord = process.env.SITEWRIGHT_DESTROY;
    return { blueprint, month, source, secretValues: Object.values(secrets), destroyWord };
  });
  const all = once(() => enforcements(rules, read(policiesKey), month));
  const enforcement = (rule: string) => {
    const found = all().get(rule);
    if (found === undefined) throw new Error(`${rule} is none of the pack's rules`);
    return found;
  };
  return { context, enforcement, before: () => stackBefore(stack()) };
}

function once<Value extends object>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
