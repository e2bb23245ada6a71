import fc from "fast-check";
import { containersOf, podTemplate } from "../../../policies/support/pods";
import { type Mutation, oneOf, withChanged } from "../support/mutation";

// biome-ignore lint/suspicious/noExplicitAny: spoilt in ways that no type allows
type Container = any;

const worse = [
  (container: Container) => delete container.readinessProbe,
  (container: Container) => delete container.livenessProbe,
  (container: Container) => {
    container.readinessProbe = { periodSeconds: 5 };
  },
  (container: Container) => {
    container.livenessProbe = { tcpSocket: { port: "elsewhere" } };
  },
];

/** The first container of the product's that serves. */
const served = (properties: unknown): Container => {
  const template = podTemplate(properties as Parameters<typeof podTemplate>[0]);
  if (template === undefined || !template.endless) return undefined;
  return [...containersOf(template)]
    .map(({ container }) => container)
    .find(({ ports = [] }) => ports.some(({ name }: Container) => name === "http"));
};

export const mutation: Mutation = {
  title: "a container that serves without being asked, or is asked what it cannot answer",
  changed: (site) =>
    fc
      .tuple(
        oneOf(site, ({ object }) => served(object) !== undefined),
        fc.constantFrom(...worse),
      )
      .map(([target, spoil]) =>
        withChanged(site, target, (properties) => {
          spoil(served(properties));
        }),
      ),
};
