import type { z } from "zod";
import type { RenderedFile } from "./driver";
import { isKnownToV4 } from "./kubernetes-version";
import { duplicates, groupProblems, networkProblems, schemaProblems } from "./problems";
import { type V4Config, v4ConfigSchema } from "./v4-config";
import { type V4Inventory, v4InventorySchema } from "./v4-inventory";
import { fromYaml } from "./yaml-text";

/** Everything wrong with an Inventory and its Config. kk itself checks next to nothing before it writes. */
export function v4Problems(files: readonly RenderedFile[]): string[] {
  const inventories = files.filter((file) => file.path.includes("inventory"));
  const configs = files.filter((file) => file.path.includes("config"));
  const [inventory, config] = [inventories[0], configs[0]];
  if (inventories.length !== 1 || configs.length !== 1 || !inventory || !config) {
    return ["kk v4 needs one inventory and one config"];
  }
  const one = read(inventory, v4InventorySchema);
  const other = read(config, v4ConfigSchema);
  if (!one.data || !other.data) return [...one.problems, ...other.problems];
  return crossProblems(one.data, other.data).map((problem) => `${inventory.path}: ${problem}`);
}

function read<S extends z.ZodType>(
  file: RenderedFile,
  schema: S,
): { data?: z.infer<S>; problems: string[] } {
  try {
    const parsed = schema.safeParse(fromYaml(file.content));
    if (parsed.success) return { data: parsed.data, problems: [] };
    return { problems: schemaProblems(file.path, parsed.error) };
  } catch (error) {
    return { problems: [`${file.path}: is no YAML: ${(error as Error).message.split("\n")[0]}`] };
  }
}

function crossProblems(inventory: V4Inventory, config: V4Config): string[] {
  const { hosts, groups } = inventory.spec;
  const named = Object.entries(hosts).map(([name, host]) => ({ name, ...host.connector }));
  const addresses = named.map(({ name, host }) => ({ name, address: host }));
  const { kubernetes, cni } = config.spec;
  const found = [
    ...duplicates(
      "host address",
      addresses.map((host) => host.address),
    ),
    ...named
      .filter((host) => host.password === undefined && host.private_key_content === undefined)
      .map((host) => `host ${host.name} needs a password or a private key`),
    ...groupProblems(Object.keys(hosts), {
      controlPlane: groups.kube_control_plane.hosts,
      etcd: groups.etcd.hosts,
      worker: groups.kube_worker.hosts,
      registry: groups.image_registry.hosts,
    }),
    ...networkProblems(cni.pod_cidr, cni.service_cidr, addresses),
  ];
  if (groups.kube_control_plane.hosts.length === 0) {
    found.push("group controlPlane needs at least one host");
  }
  if (!isKnownToV4(kubernetes.kube_version)) {
    found.push(`Kubernetes ${kubernetes.kube_version} is not among 1.23 to 1.34 of kk v4.0.6`);
  }
  return found;
}
