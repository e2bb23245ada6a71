import type { SimulatedHost, SimulatedSite } from "../../../rehearsal/simulated-site";

/** A host that is right in every respect. */
export function host(
  name: string,
  address: string,
  changes: Partial<SimulatedHost> = {},
): SimulatedHost {
  return {
    name,
    address,
    cpus: 4,
    memoryGiB: 8,
    diskGiB: 100,
    logins: [{ user: "ops", password: "secret", authorizedKeys: [], sudo: "password" }],
    ...changes,
  };
}

/** A site that can be simulated, with the given differences. */
export function site(changes: Partial<SimulatedSite> = {}): SimulatedSite {
  return {
    name: "sample",
    subnets: ["192.0.2.0/24"],
    hosts: [host("one", "192.0.2.11"), host("two", "192.0.2.12")],
    directAccess: true,
    extraAddresses: [],
    names: [],
    ...changes,
  };
}
