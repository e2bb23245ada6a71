import type { ObjectChange } from "./object-change";

/** Kubernetes types that are no API object of their own and therefore carry no annotations. */
const NOT_AN_OBJECT = /^kubernetes:(helm\.sh|kustomize|yaml)/;

/**
 * Gives every Kubernetes object below a component the same field manager.
 *
 * Left alone, each object gets a random manager name that only the state knows: after a killed run the next one
 * can no longer tell its own fields from a stranger's and stops with conflicts. With a fixed name a run that lost
 * its last checkpoint simply goes on.
 */
export function fixedFieldManager(manager: string): ObjectChange {
  return (args) => {
    if (!args.type.startsWith("kubernetes:") || NOT_AN_OBJECT.test(args.type)) return undefined;
    const metadata = args.props.metadata ?? {};
    const annotations = { ...metadata.annotations, "pulumi.com/patchFieldManager": manager };
    return {
      props: { ...args.props, metadata: { ...metadata, annotations } },
      opts: args.opts,
    };
  };
}
