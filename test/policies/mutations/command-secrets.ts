import fc from "fast-check";
import { type Mutation, oneOf, withChanged } from "../support/mutation";

// biome-ignore lint/suspicious/noExplicitAny: a mutation spoils properties in ways that no type allows
type Any = any;

const worse: readonly ((step: Any) => unknown)[] = [
  (step) => Object.assign(step, { create: `${step.create} --password=Hunter2` }),
  (step) => Object.assign(step, { delete: "API_TOKEN=Hunter2 x" }),
  (step) => Object.assign(step, { environment: { ...step.environment, DB_PASSWORD: "Hunter2" } }),
  (step) => Object.assign(step, { triggers: ["https://admin:Hunter2@registry"] }),
  (step) => Object.assign(step, { logging: "stdoutAndStderr" }),
  (step) => Object.assign(step, { addPreviousOutputInEnv: true }),
];

export const mutation: Mutation = {
  title: "a step that shows a secret",
  changed: (site) =>
    fc
      .tuple(
        oneOf(site, ({ type }) => type.startsWith("command:")),
        fc.constantFrom(...worse),
      )
      .map(([target, change]) =>
        withChanged(site, target, (properties) => {
          change(properties);
        }),
      ),
};
