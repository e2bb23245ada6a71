import { PolicyPack } from "@pulumi/policy";
import { rules } from "./rules";
import { packPolicies } from "./support/pack-policies";
import { stackSettings } from "./support/stack-settings";

const { context, initialConfig } = stackSettings(rules);

new PolicyPack(
  "sitewright",
  { enforcementLevel: "mandatory", policies: packPolicies(rules, context) },
  initialConfig,
);
