import { PolicyPack } from "@pulumi/policy";
import { rules } from "./rules";
import { packPolicies } from "./support/pack-policies";
import { stackConfiguration } from "./support/stack-configuration";
import { stackSettings } from "./support/stack-settings";

new PolicyPack("sitewright", {
  enforcementLevel: "mandatory",
  policies: packPolicies(rules, stackSettings(rules, stackConfiguration)),
});
