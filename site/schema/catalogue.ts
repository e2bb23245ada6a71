import { z } from "zod";
import type { ExemptionCatalogue } from "./exemptions";
import {
  kubekeyField,
  kubernetesVersionField,
  list,
  roleField,
  taggedImageField,
  text,
  whole,
} from "./fields";
import type { CrdCatalogue, PlatformCatalogue } from "./platform";

/** Everything pinned about third parties: the files of catalogue/, apart from the toolchain's. */

const words = text(/^[^\r\n]{1,2000}$/, "one line of text");
const versionField = text(/^v?[0-9][A-Za-z0-9.-]*$/, "a version");
const image = taggedImageField.describe(
  "Public reference; `{kubernetes}` stands for the cluster's version.",
);

/** catalogue/kubernetes.yaml: what each KubeKey version can build. */
export const kubernetesSchema = z.strictObject({
  kubekey: z
    .partialRecord(
      kubekeyField,
      z.record(
        text(/^1\.[0-9]{1,2}$/, 'a Kubernetes minor in quotes, such as "1.33"'),
        z.strictObject({
          versions: list(kubernetesVersionField, 50, "versions")
            .min(1, { error: "at least one version" })
            .describe("Kubernetes versions that it installs."),
          components: z
            .record(words, versionField)
            .describe("What is compiled into KubeKey for it."),
          images: list(image, 100, "images").describe("Images that every cluster needs."),
          endpointImages: z
            .strictObject({ haproxy: image, "kube-vip": image })
            .describe("Images that an endpoint mode needs on top."),
        }),
      ),
    )
    .describe("By KubeKey version, then by Kubernetes minor."),
});

const roles = list(z.union([roleField, z.enum(["node", "any"])]), 8, "roles");

const check = {
  id: text(/^[a-z][a-z0-9-]*$/, "a short name with hyphens").describe("Name in reports."),
  title: words.describe("What is to be true, as a statement."),
  severity: z
    .enum(["blocking", "warning"])
    .describe("Whether a delivery stops when it is not met."),
  freshHostOnly: z
    .boolean()
    .default(false)
    .describe("Skipped once the host belongs to the site's cluster."),
  probe: words.describe("One line of POSIX shell, run as root, that prints one value."),
  comparison: z
    .enum(["at-least", "at-most", "equals", "one-of", "empty"])
    .describe("How the value is compared; `one-of` takes a list with commas."),
  needed: z
    .string()
    .describe("Value to compare with; may hold {cpus}, {memoryGiB}, {diskGiB} or {machine}."),
  unit: z.string().default("").describe("Unit of the value. Default: none."),
  remedy: words.describe("What the engineer does next when it is not met."),
};

/** catalogue/preflight.yaml: what a host must be before anything on it is changed. */
export const preflightSchema = z.strictObject({
  memoryTolerancePercent: whole(0, 50, "per cent").describe("What kernel and firmware may keep."),
  diskTolerancePercent: whole(0, 50, "per cent").describe(
    "What a file system may keep for itself.",
  ),
  least: z
    .partialRecord(
      roleField,
      z.strictObject({
        cpus: whole(1, 1024, "cores").describe("Cores."),
        memoryGiB: whole(1, 4096, "memory in GiB").describe("Memory in GiB."),
        diskGiB: whole(1, 1_048_576, "disk in GiB").describe("File system of /var/lib in GiB."),
      }),
    )
    .describe("Least size of a host by role."),
  ports: z
    .partialRecord(
      z.union([roleField, z.literal("node")]),
      list(whole(1, 65_535, "a TCP port"), 50, "ports"),
    )
    .describe("TCP ports that must be free, by role; `node` means every Kubernetes node."),
  checks: list(
    z.strictObject({
      roles: roles.describe(
        "Roles it is for; `node` means every Kubernetes node, `any` every host.",
      ),
      ...check,
    }),
    100,
    "checks",
  ),
  devices: list(z.strictObject(check), 20, "checks").describe(
    "Checks of each disk that storage takes; may hold {device} and {sizeGiB}.",
  ),
  nfs: list(z.strictObject(check), 20, "checks").describe(
    "Checks of nodes that mount from an NFS server; may hold {server}.",
  ),
});

/** catalogue/nodes.yaml: what is set on hosts and kept from Pods. */
export const nodesSchema = z.strictObject({
  overhead: z
    .strictObject({
      cpuMillis: whole(0, 10_000, "millicores").describe("Thousandths of a core."),
      memoryMiB: whole(0, 100_000, "MiB").describe("Memory in MiB."),
    })
    .describe("Kept from Pods on each node: kubelet, runtime, network and DNS."),
  sysctl: z
    .record(
      text(/^[a-z0-9_]+(\.[a-z0-9_]+)+$/, "a kernel setting such as vm.max_map_count"),
      text(/^[0-9]+( [0-9]+)*$/, "numbers in quotes"),
    )
    .describe("Kernel settings of every host."),
});

export interface Catalogue {
  readonly platform: PlatformCatalogue;
  readonly crds: CrdCatalogue;
  readonly exemptions: ExemptionCatalogue;
  readonly kubernetes: z.output<typeof kubernetesSchema>;
  readonly preflight: z.output<typeof preflightSchema>;
  readonly nodes: z.output<typeof nodesSchema>;
}
