import fc from "fast-check";
import { podTemplate } from "../../../policies/support/pods";
import { type Mutation, oneOf, withChanged } from "../support/mutation";

export const mutation: Mutation = {
  title: "a folder of the node in a Pod that is not known for it",
  changed: (site) =>
    fc
      .tuple(
        oneOf(site, ({ object }) => podTemplate(object) !== undefined),
        fc.constantFrom("/", "/etc/kubernetes", "/var/run/containerd/containerd.sock", "/root"),
      )
      .map(([target, path]) =>
        withChanged(site, target, (properties) => {
          const spec = podTemplate(properties)?.spec;
          spec.volumes = [...(spec.volumes ?? []), { name: "host", hostPath: { path } }];
        }),
      ),
};
