import fc from "fast-check";
import { podTemplate } from "../../../policies/support/pods";
import { type Mutation, oneOf, withChanged } from "../support/mutation";

type Amounts = Record<"requests" | "limits", Record<string, unknown>>;

const worse: readonly ((resources: Amounts) => unknown)[] = [
  ({ limits }) => delete limits.cpu,
  ({ limits }) => delete limits.memory,
  ({ requests }) => delete requests.memory,
  ({ limits }) => Object.assign(limits, { memory: "1Mi" }),
  ({ requests }) => Object.assign(requests, { memory: "1Mi" }),
  ({ limits }) => Object.assign(limits, { cpu: "1000" }),
];

export const mutation: Mutation = {
  title: "a container without a bound, or with one that means nothing",
  changed: (site) =>
    fc
      .tuple(
        oneOf(site, ({ object }) => (podTemplate(object)?.spec.containers?.length ?? 0) > 0),
        fc.constantFrom(...worse),
      )
      .map(([target, change]) =>
        withChanged(site, target, (properties) => {
          const [first] = podTemplate(properties)?.spec.containers ?? [];
          change(first.resources);
        }),
      ),
};
