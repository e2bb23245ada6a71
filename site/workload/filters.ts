import type { FilteredProxies } from "../platform/mesh-types";

/** Proxies of the same minor version as the control plane. */
export function filteredProxies(version: string): FilteredProxies {
  const [major = "", minor = ""] = version.split(".");
  return { name: `${major}-${minor}`, pattern: `^${major}\\.${minor}.*` };
}
