import type { CheckInput, CrossCheck } from "../check-input";
import { siteProblem } from "../problems";
import { overLimit } from "./release";
import { unknownNames } from "./unknown-names";

const path = ["mesh"];

/** The mesh's namespaces are the release's. */
export const meshNamespaces: CrossCheck = {
  reads: [path],
  find: ({ site: { mesh }, release }: CheckInput) => {
    if (mesh === undefined || release === undefined) return [];
    return unknownNames(
      mesh.namespaces,
      Object.keys(release.namespaces),
      [...path, "namespaces"],
      `a namespace of release ${release.release}`,
    );
  },
};

/** A workload joins a mesh only where there is one. */
export const meshMembers: CrossCheck = {
  reads: [path, ["workloads"]],
  find: ({ site }: CheckInput) =>
    site.mesh !== undefined
      ? []
      : Object.entries(site.workloads)
          .filter(([, { mesh }]) => mesh === true)
          .map(([name]) =>
            siteProblem(
              ["workloads", name, "mesh"],
              "a site with a mesh",
              "true",
              "add the key mesh to the site, or remove it here",
            ),
          ),
};

/** Proxies do not ask for more than they may use. */
export const proxyLimits: CrossCheck = {
  reads: [path],
  find: ({ site: { mesh } }: CheckInput) =>
    mesh === undefined ? [] : overLimit("site", [...path, "proxy"], mesh.proxy),
};

/** Every rule over the site's `mesh` key. */
export const meshChecks: readonly CrossCheck[] = [meshNamespaces, meshMembers, proxyLimits];
