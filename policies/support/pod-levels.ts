import { type PodSecurityLevel, podSecurityLevels } from "../../site/schema/pod-security";
import { ofBlueprint } from "./of-blueprint";

/** Label by which the cluster itself refuses Pods that ask for more than a namespace's level allows. */
export const levelLabel = "pod-security.kubernetes.io/enforce";

/** Level of Pod security of every namespace that the site is meant to have, by name. */
export const podLevels = ofBlueprint(
  ({ namespaces, platform }): ReadonlyMap<string, PodSecurityLevel> => {
    const { tenancy, delivery } = platform;
    const all = [
      ...platform.namespaces,
      ...namespaces,
      ...(tenancy?.workspaces ?? []).flatMap((workspace) => workspace.namespaces),
      ...(delivery?.runners ?? []).map(({ namespace }) => namespace),
    ];
    return new Map(
      all.flatMap(({ name, labels }) => {
        const level = podSecurityLevels.find((one) => one === labels[levelLabel]);
        return level === undefined ? [] : [[name, level] as const];
      }),
    );
  },
);

/** Whether a level lets more through than another; whatever is none lets everything through. */
export function isLaxer(level: unknown, other: PodSecurityLevel): boolean {
  const at = (podSecurityLevels as readonly unknown[]).indexOf(level);
  return at < 0 || at > podSecurityLevels.indexOf(other);
}
