import type { PolicyPackConfig } from "@pulumi/policy";
import type { Blueprint } from "../../site/blueprint-types";
import { resolveSite } from "../../site/load";
import { policiesKey, secretsKey, siteKey } from "../../site/stack-file";
import { enforcements } from "./enforcement";
import { currentMonth } from "./month";
import type { Rule, RuleContext } from "./rule";

/** What all rules of a run know; their settings come with each rule. */
export type PackContext = () => Omit<RuleContext, "settings">;

/** What a run of Pulumi tells its policy packs, as environment. */
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What the stack's own configuration says for its policies. The blueprint is worked out when the first rule asks, and
 * beside the program, which works it out too.
 */
export function stackSettings(
  rules: readonly Rule[],
  environment: Environment = process.env,
): { readonly context: PackContext; readonly initialConfig: PolicyPackConfig } {
  const config = JSON.parse(environment.PULUMI_CONFIG || "{}") as Record<string, string>;
  const read = (key: string): unknown => JSON.parse(config[key] ?? "null") ?? undefined;
  const secrets = Object(read(secretsKey)) as Record<string, string>;
  const month = currentMonth();
  const name = environment.PULUMI_NODEJS_STACK ?? environment.PULUMI_STACK ?? "";

  let blueprint: Blueprint | undefined;
  const context = () => {
    blueprint ??= resolveSite({
      name,
      data: read(siteKey),
      secretNames: Object.keys(secrets),
    }).blueprint;
    return {
      blueprint,
      month,
      source: "deployment" as const,
      secretValues: Object.values(secrets),
    };
  };
  const initialConfig = Object.fromEntries(
    [...enforcements(rules, read(policiesKey), month)].map(([rule, { level, settings }]) => [
      rule,
      { ...settings, enforcementLevel: level },
    ]),
  );
  return { context, initialConfig };
}
