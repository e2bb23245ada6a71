import type { BlueprintInput } from "../blueprint-input";
import type { ImageWish } from "../images";
import type { PlatformCatalogue } from "../schema/platform";
import type { ChartBlueprint, PlatformPart } from "./part-types";
import type { DefinitionSet } from "./platform-types";

/** What parts of the platform have in common when they are derived. */

/** A part that needs nothing. */
export const noPart: PlatformPart = {
  charts: [],
  crds: [],
  programs: [],
  namespaces: [],
  pods: [],
};

/** Labels of a namespace whose Pods keep to a level of the Pod security standards. */
export function podSecurity(level: "privileged" | "baseline" | "restricted") {
  return { "pod-security.kubernetes.io/enforce": level };
}

/**
 * A chart of the catalogue as this site installs it.
 * @throws when the catalogue has no such chart, which is a fault of ours.
 */
export function chartBlueprint(
  { catalogue, bundle }: BlueprintInput,
  chart: string,
  release: string,
  namespace: string,
): ChartBlueprint {
  const pin = catalogue.platform.charts[chart];
  if (pin === undefined) throw new Error(`catalogue/platform.yaml has no chart ${chart}`);
  const file = bundle?.charts[chart];
  const path = file && bundle && `./bundles/${bundle.release}/${file.path}`;
  return { chart, version: pin.version, release, namespace, ...(path !== undefined && { path }) };
}

/** Every image that the parts start, with the chart or program that needs it. */
export function partImages(
  parts: readonly PlatformPart[],
  platform: PlatformCatalogue,
): readonly ImageWish[] {
  const images = (kind: "chart" | "program", name: string) =>
    (platform[`${kind}s`][name]?.images ?? []).map((image) => ({
      image,
      neededBy: `${kind} ${name}`,
    }));
  return parts.flatMap((part) => [
    ...part.charts.flatMap(({ chart }) => images("chart", chart)),
    ...part.programs.flatMap((name) => images("program", name)),
  ]);
}

/** The definitions that the parts need, each set once. */
export function partDefinitions(
  parts: readonly PlatformPart[],
  { bundle, catalogue }: BlueprintInput,
): readonly DefinitionSet[] {
  const sets = [...new Set(parts.flatMap((part) => part.crds))].sort();
  return sets.map((set) => {
    const known = catalogue.crds[set];
    if (known === undefined) throw new Error(`catalogue/crds.yaml has no set ${set}`);
    const definitions = { set, version: known.version, groups: Object.keys(known.groups) };
    const file = bundle?.crds[set];
    if (file === undefined || bundle === undefined) return definitions;
    const path = `bundles/${bundle.release}/${file.path}`;
    return { ...definitions, file: { path, sha256: file.sha256 } };
  });
}
