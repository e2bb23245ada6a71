import { makeBlueprint } from "../../site/blueprint";
import type { Blueprint } from "../../site/blueprint-types";
import type { Bundle } from "../../site/bundle";
import type { LoadedSite } from "../../site/load";
import { catalogue } from "./sites";

const file = (path: string) => ({ path, sha256: "0".repeat(64), sizeBytes: 1 });

/** The index of a bundle that has every chart and definition of the catalogue, and kk for both versions. */
export function wholeBundle(release: string): Bundle {
  const kubekey = (version: string) => ({
    kk: file(`kubekey/${version}/kk`),
    artifact: file(`kubekey/${version}/kubekey-artifact.tar.gz`),
  });
  const named = (names: object, path: (name: string) => string) =>
    Object.fromEntries(Object.keys(names).map((name) => [name, file(path(name))]));
  return {
    format: 1,
    release,
    kubekey: { "v3.1.12": kubekey("v3.1.12"), "v4.0.6": kubekey("v4.0.6") },
    charts: named(catalogue.platform.charts, (name) => `charts/${name}.tgz`),
    crds: named(catalogue.crds, (set) => `crds/${set}.yaml`),
  };
}

/** A site's blueprint as it is once such a bundle is there. */
export function withBundle(loaded: LoadedSite): Blueprint {
  return makeBlueprint({ ...loaded, bundle: wholeBundle(loaded.release.release) });
}
