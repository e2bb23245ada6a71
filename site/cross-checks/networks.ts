import type { CrossCheck } from "../check-input";
import { contains, overlap, parseNetwork } from "../network";
import { isNode } from "../nodes";
import { type Problem, show, siteProblem } from "../problems";

const podPath = ["cluster", "podCidr"];
const servicePath = ["cluster", "serviceCidr"];

/** Pods and Services have networks of their own. */
export const distinctNetworks: CrossCheck = {
  reads: [podPath, servicePath],
  find: ({ site: { cluster } }) => {
    const pods = parseNetwork(cluster.podCidr);
    const services = parseNetwork(cluster.serviceCidr);
    if (pods === undefined || services === undefined || !overlap(pods, services)) return [];
    const given = `${cluster.serviceCidr}, which overlaps podCidr ${cluster.podCidr}`;
    return [
      siteProblem(servicePath, "a network apart from that of Pods", given, "move one of them"),
    ];
  },
};

/** No address of the site lies where Pods or Services are: packets to it would never leave the node. */
export const addressesOutside: CrossCheck = {
  reads: [podPath, servicePath],
  find: ({ hosts, site }) => {
    const { cluster, access, ntpServers } = site;
    const addresses = [
      ...hosts.map(({ host, path }) => ({ address: host.address, path: [...path, "address"] })),
      ...[access.bastion?.address ?? []]
        .flat()
        .map((address) => ({ address, path: ["access", "bastion", "address"] })),
      ...[cluster.endpoint.address ?? []]
        .flat()
        .map((address) => ({ address, path: ["cluster", "endpoint", "address"] })),
      ...ntpServers.map((address, at) => ({ address, path: ["ntpServers", at] })),
    ];
    const networks = [
      { name: "podCidr", cidr: cluster.podCidr },
      { name: "serviceCidr", cidr: cluster.serviceCidr },
    ];
    return addresses.flatMap(({ address, path }) =>
      networks
        .filter(({ cidr }) => contains(parseNetwork(cidr) ?? nowhere, address))
        .map(({ name, cidr }) =>
          siteProblem(
            path,
            `an address outside ${name} ${cidr}`,
            show(address),
            `move ${name} away from the site's own network`,
          ),
        ),
    );
  },
};

const nowhere = { first: 1, last: 0, prefix: 32 };

/** What each node takes of the Pod network. */
const nodePrefix = 24;

/** The networks are large enough for the nodes that are there, and within what Kubernetes takes. */
export const networkSizes: CrossCheck = {
  reads: [podPath, servicePath, ["hosts"]],
  find: ({ hosts, site: { cluster } }) => {
    const nodes = hosts.filter(({ host }) => isNode(host)).length;
    const pods = parseNetwork(cluster.podCidr)?.prefix ?? nodePrefix;
    const services = parseNetwork(cluster.serviceCidr)?.prefix ?? nodePrefix;
    const room = pods > nodePrefix ? 0 : 2 ** (nodePrefix - pods);
    const problems: Problem[] = [];
    if (room < nodes) {
      const needed = `a network with a /${nodePrefix} for each of ${nodes} nodes, that is /${nodePrefix - Math.ceil(Math.log2(Math.max(1, nodes)))} or larger`;
      problems.push(siteProblem(podPath, needed, cluster.podCidr));
    }
    if (services < 12 || services > 28) {
      problems.push(siteProblem(servicePath, "a network from /12 to /28", cluster.serviceCidr));
    }
    return problems;
  },
};
