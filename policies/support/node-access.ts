import { z } from "zod";
import type { Blueprint } from "../../site/blueprint-types";
import type { PlatformBlueprint } from "../../site/platform/platform-types";
import { reasonField, text } from "../../site/schema/fields";
import { ofBlueprint } from "./of-blueprint";
import { makerField } from "./pod-makers";

/** Who may reach into the nodes that Pods run on, and how far: by the exact name of what makes the Pods. */

/** What a Pod may do beyond its own walls. The first are Pods' own words; further ones are capabilities. */
const namedRights = [
  "hostNetwork",
  "hostPID",
  "hostIPC",
  "privileged",
  "allowPrivilegeEscalation",
  "runAsRoot",
  "defaultCapabilities",
  "noSeccompProfile",
] as const;

export type Right = (typeof namedRights)[number] | (string & {});

/** What some Pods need of their nodes. */
export interface NodeAccess {
  /** `DaemonSet logging/filebeat` */
  readonly pods: string;
  readonly because: string;
  readonly rights: readonly Right[];
  /** Folders of the node, each as it may be used. */
  readonly paths: Readonly<Record<string, "read" | "write">>;
}

const becauseField = reasonField.describe("Why there is no other way.");

/** A site's own entry of rule `pod-security`. */
export const rightsEntry = z.strictObject({
  pods: makerField,
  rights: z
    .array(
      z.union([z.enum(namedRights), text(/^[A-Z][A-Z_]{1,30}$/, "a capability")], {
        error: `one of ${namedRights.join(", ")}, or a capability such as NET_ADMIN`,
      }),
    )
    .min(1)
    .describe(`Any of ${namedRights.join(", ")}, and names of capabilities.`),
  because: becauseField,
});

/** A site's own entry of rule `host-paths`. */
export const pathsEntry = z.strictObject({
  pods: makerField,
  paths: z
    .record(text(/^\/\S*$/, "an absolute path"), z.enum(["read", "write"]))
    .describe("`read` or `write` by the path on the node."),
  because: becauseField,
});

/** What the platform's Pods need, by `pods`. */
export const platformAccess = ofBlueprint(
  ({ platform }: Blueprint): ReadonlyMap<string, NodeAccess> =>
    new Map(
      [...logging(platform), ...monitoring(platform), ...mesh(platform), ...storage(platform)].map(
        (access) => [access.pods, access],
      ),
    ),
);

function logging({ logging }: PlatformBlueprint): readonly NodeAccess[] {
  if (logging === undefined) return [];
  const { namespace, metricbeat } = logging;
  const common = ["hostNetwork", "runAsRoot", "DAC_READ_SEARCH"];
  return [
    {
      pods: `DaemonSet ${namespace}/filebeat`,
      because:
        "it reads every container's log files, which are root's, and must not need the Pods' network",
      rights: common,
      paths: { "/var/log": "read", "/var/lib/filebeat-data": "write" },
    },
    ...(metricbeat === undefined
      ? []
      : [
          {
            pods: `DaemonSet ${namespace}/metricbeat`,
            because: "it reads the figures of every process of the node",
            rights: [...common, "SYS_PTRACE"],
            paths: { "/": "read", "/var/lib/metricbeat-data": "write" } as const,
          },
        ]),
  ];
}

function monitoring({ monitoring }: PlatformBlueprint): readonly NodeAccess[] {
  if (monitoring === undefined) return [];
  const { namespace, chart } = monitoring;
  return [
    {
      pods: `DaemonSet ${namespace}/${chart.release}-prometheus-node-exporter`,
      because: "it shows the node's own figures: its network, its processes, its disks",
      rights: ["hostNetwork", "hostPID"],
      paths: { "/": "read", "/proc": "read", "/sys": "read" },
    },
  ];
}

function mesh({ mesh }: PlatformBlueprint): readonly NodeAccess[] {
  if (mesh === undefined) return [];
  const { namespace, mode } = mesh;
  const ambient = mode === "ambient";
  const setNetwork = ["runAsRoot", "allowPrivilegeEscalation", "NET_ADMIN", "NET_RAW", "SYS_ADMIN"];
  return [
    {
      pods: `DaemonSet ${namespace}/istio-cni-node`,
      because: "it puts the mesh's plugin beside the cluster's own and sets up the Pods' networks",
      rights: [
        ...setNetwork,
        // With as much as it has, filtering its calls protects nobody.
        ...["SYS_PTRACE", "DAC_OVERRIDE", "noSeccompProfile"],
        ...(ambient ? ["hostNetwork"] : []),
      ],
      paths: {
        "/opt/cni/bin": "write",
        "/etc/cni/net.d": "write",
        "/var/run/istio-cni": "write",
        "/proc": "read",
        "/var/run/netns": ambient ? "write" : "read",
        ...(ambient && { "/var/run/ztunnel": "write" as const }),
      },
    },
    ...(ambient
      ? [
          {
            pods: `DaemonSet ${namespace}/ztunnel`,
            because: "it opens its sockets within the networks of the Pods that it speaks for",
            rights: [...setNetwork, "noSeccompProfile"],
            paths: { "/var/run/ztunnel": "write" } as const,
          },
        ]
      : []),
  ];
}

function storage({ storage }: PlatformBlueprint): readonly NodeAccess[] {
  if (storage?.nfs === undefined) return [];
  return [
    {
      pods: `Deployment ${storage.nfs.namespace}/nfs-subdir-external-provisioner`,
      because: "it makes folders for anybody on the NFS server",
      rights: ["runAsRoot", "defaultCapabilities"],
      paths: {},
    },
  ];
}
