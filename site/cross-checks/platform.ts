import type { CrossCheck } from "../check-input";
import { platformParts } from "../platform/named-parts";
import { siteProblem } from "../problems";
import { derivedPlatform } from "./derived";

/** Every chart of the platform supports the cluster's Kubernetes: others fail at the site, or worse, half work. */
export const platformSupport: CrossCheck = {
  reads: [
    ["cluster", "kubernetes"],
    ["hosts"],
    ["release"],
    ...platformParts.map((part) => [part]),
  ],
  find: (input) => {
    const { site, catalogue } = input;
    const minor = Number(site.cluster.kubernetes.split(".")[1]);
    const platform = derivedPlatform(input);
    return platformParts.flatMap((part) =>
      [...new Set(platform?.[part]?.charts.map(({ chart }) => chart))].flatMap((chart) => {
        const { version, kubernetes: { least, most } = {} } =
          catalogue.platform.charts[chart] ?? {};
        const fits = minor >= minorOf(least, 0) && minor <= minorOf(most, Number.POSITIVE_INFINITY);
        if (fits) return [];
        const range = most === undefined ? `${least} or later` : `${least} to ${most}`;
        const needed = `Kubernetes ${range} for ${chart} ${version}`;
        const next = `set cluster.kubernetes to a version that fits, or leave ${part} out`;
        return [siteProblem([part], needed, site.cluster.kubernetes, next)];
      }),
    );
  },
};

function minorOf(version: string | undefined, otherwise: number): number {
  return version === undefined ? otherwise : Number(version.split(".")[1]);
}
