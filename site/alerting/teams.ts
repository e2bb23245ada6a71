import type { Dimension } from "./rule-types";

/**
 * Who is told where a rule names nobody: value of the label `team`. A site's `alerts` may know these teams by name;
 * what no team of it is named for goes to whoever gets everything else.
 */
export const usualTeams: Readonly<Record<Dimension, string>> = {
  system: "platform",
  service: "product",
  business: "business",
};
