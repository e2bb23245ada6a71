import fc from "fast-check";
import { knownNamespaces } from "../../../policies/support/namespaces";
import { type Mutation, oneOf, withAdded, withChanged } from "../support/mutation";

const nobodys = fc.stringMatching(/^[a-z][a-z0-9]{2,20}$/).map((name) => `x-${name}`);

export const mutation: Mutation = {
  title: "an object in a namespace of nobody, or a namespace of nobody or made twice",
  changed: (site) => {
    // As strict as any, so that only whose it is can be wrong.
    const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
    const namespace = (name: string) =>
      withAdded(site, { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } });
    const product = [...knownNamespaces(site.blueprint)]
      .filter(([, { owner }]) => owner === "product")
      .map(([name]) => name);
    return fc.oneof(
      nobodys.map(namespace),
      fc.constantFrom(...product).map(namespace),
      fc
        .tuple(
          oneOf(site, ({ object }) => object?.kind === "RoleBinding"),
          fc.oneof(nobodys, fc.constant("default")),
        )
        .map(([target, name]) =>
          withChanged(site, target, ({ metadata }) => {
            metadata.namespace = name;
          }),
        ),
    );
  },
};
