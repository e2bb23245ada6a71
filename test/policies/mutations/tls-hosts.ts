import fc from "fast-check";
import { type Mutation, oneOf, withChanged } from "../support/mutation";

const elsewhere = fc.stringMatching(/^[a-z]{3,12}$/).map((name) => `${name}.elsewhere.example`);

export const mutation: Mutation = {
  title: "a way in by a name of nobody, or without encryption",
  changed: (site) =>
    fc.oneof(
      fc
        .tuple(
          oneOf(
            site,
            ({ object }) => object?.kind === "VirtualService" && object.spec.hosts[0] !== "*",
          ),
          elsewhere,
        )
        .map(([target, host]) =>
          withChanged(site, target, ({ spec }) => {
            spec.hosts = [host];
          }),
        ),
      fc
        .tuple(
          oneOf(site, ({ object }) => object?.kind === "IngressRoute"),
          elsewhere,
        )
        .map(([target, host]) =>
          withChanged(site, target, ({ spec }) => {
            spec.routes[0].match = `Host(\`${host}\`)`;
          }),
        ),
      oneOf(
        site,
        ({ object }) => object?.kind === "IngressRoute" && object.spec.tls !== undefined,
      ).map((target) =>
        withChanged(site, target, ({ spec }) => {
          delete spec.tls;
        }),
      ),
      oneOf(
        site,
        ({ object }) => object?.kind === "Gateway" && object.metadata?.name === "site",
      ).map((target) =>
        withChanged(site, target, ({ spec }) => {
          delete spec.servers[0].tls;
        }),
      ),
    ),
};
