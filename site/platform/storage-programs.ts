import type { BlueprintInput } from "../blueprint-input";
import type { Resources } from "../pod-types";
import type { PlatformPart } from "./part-types";
import { noPart, podSecurity } from "./parts";

/** What the parts of storage without a chart have in common. */

/** Small programs that watch the API and do little. */
export const provisionerResources: Resources = {
  requests: { cpu: "20m", memory: "64Mi" },
  limits: { cpu: "500m", memory: "256Mi" },
};

/**
 * The image of a program of the catalogue whose name ends in this.
 * @throws when the catalogue has none, which is a fault of ours.
 */
export function programImage({ catalogue }: BlueprintInput, program: string, name: string): string {
  const found = catalogue.platform.programs[program]?.images.find((image) =>
    image.includes(`/${name}:`),
  );
  if (found === undefined) throw new Error(`catalogue/platform.yaml: ${program} has no ${name}`);
  return found;
}

/** A provisioner without a chart, apart from its own settings: one Pod in a namespace of its own. */
export function provisionerPart(
  program: string,
  namespace: string,
  level: Parameters<typeof podSecurity>[0],
): PlatformPart {
  const pod = { name: program, namespace, replicas: 1, nodeSelector: {}, tolerates: [] };
  return {
    ...noPart,
    programs: [program],
    namespaces: [{ name: namespace, labels: podSecurity(level), holdsData: true }],
    pods: [{ ...pod, resources: provisionerResources }],
  };
}
