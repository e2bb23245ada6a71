import { workspaceLabel } from "../../site/platform/tenancy-names";
import { logFormatLabel } from "../../site/workload/logs";
import { textOf } from "./output-config";

/** Fields that every entry of a site has, and where those of a node's containers come from. */

export const tagNames = [
  "site",
  "tenant",
  "namespace",
  "workload",
  "version",
  "node",
  "pod",
  "container",
  "stream",
] as const;

type Processor = Readonly<Record<string, unknown>>;

/** The key below which an application's own JSON stands: its fields cannot take the place of ours. */
export const applicationKey = "app";

/** Container that the mesh puts beside others; its access log is JSON, whatever the workload writes. */
const proxy = "istio-proxy";

/** Labels with dots in their names come with lines in their place. */
const label = (name: string) => `kubernetes.labels.${name.replaceAll(".", "_")}`;
const namespaceLabel = (name: string) => `kubernetes.namespace_labels.${name.replaceAll(".", "_")}`;

/** Where a tag comes from; the first that is there counts. */
const sources: readonly { readonly from: string; readonly to: (typeof tagNames)[number] }[] = [
  { from: label("app.kubernetes.io/name"), to: "workload" },
  { from: label("app"), to: "workload" },
  { from: label("k8s-app"), to: "workload" },
  { from: "kubernetes.statefulset.name", to: "workload" },
  { from: "kubernetes.daemonset.name", to: "workload" },
  { from: "container", to: "workload" },
  { from: label("app.kubernetes.io/version"), to: "version" },
  { from: namespaceLabel(workspaceLabel), to: "tenant" },
  { from: namespaceLabel("app.kubernetes.io/part-of"), to: "tenant" },
];

/** What stands where nothing is known. */
const fallbacks: Readonly<Record<string, string>> = {
  tenant: "platform",
  namespace: "none",
  workload: "none",
  version: "none",
  pod: "none",
  container: "none",
  stream: "none",
};

/** Tags of what containers of a node write: from the path of its file, and from what the API says of the Pod. */
export function nodeTags(site: string): readonly Processor[] {
  return [
    // The path tells them even of a Pod that is gone, or that the API does not know, as the control plane's.
    {
      dissect: {
        when: { contains: { "log.file.path": "/var/log/pods/" } },
        tokenizer: "/var/log/pods/%{namespace}_%{pod}_%{uid}/%{container}/%{?file}",
        field: "log.file.path",
        target_prefix: "",
        overwrite_keys: true,
        ignore_failure: true,
      },
    },
    {
      add_kubernetes_metadata: {
        host: textOf("NODE_NAME"),
        default_indexers: { enabled: false },
        default_matchers: { enabled: false },
        indexers: [{ pod_uid: null }],
        matchers: [{ logs_path: { logs_path: "/var/log/pods/", resource_type: "pod" } }],
        labels: { dedot: true },
        add_resource_metadata: {
          namespace: { enabled: true },
          // Each would be one more watch of the whole cluster on every node.
          node: { enabled: false },
          deployment: false,
          cronjob: false,
        },
      },
    },
    { copy_fields: { fields: [...sources], fail_on_error: false, ignore_missing: true } },
    {
      // Alike names of two sites are two namespaces.
      replace: {
        fields: [{ field: "namespace", pattern: "^", replacement: `${site}/` }],
        fail_on_error: false,
        ignore_missing: true,
      },
    },
    added({ site, node: textOf("NODE_NAME") }),
    ...Object.entries(fallbacks).map(([tag, value]) => ({
      add_fields: {
        when: { not: { has_fields: [tag] } },
        target: "",
        fields: { [tag]: value },
      },
    })),
  ];
}

/** Fields of ours beside each other at the top of an entry. */
export function added(fields: Readonly<Record<string, string>>): Processor {
  return { add_fields: { target: "", fields } };
}

/** Takes JSON apart where a workload says that it writes such, and where a line of others looks like it. */
export function nodeJson(): readonly Processor[] {
  const format = label(logFormatLabel);
  return [
    decoded(true, {
      and: [{ equals: { [format]: "json" } }, { not: { equals: { container: proxy } } }],
    }),
    decoded(false, {
      and: [
        { regexp: { message: "^[{].*[}]$" } },
        { or: [{ not: { has_fields: [format] } }, { equals: { container: proxy } }] },
      ],
    }),
    onceDecoded,
  ];
}

/** Lines that are no JSON stay as they are; where they should be, `error` says so. */
export function decoded(errors: boolean, when?: Readonly<Record<string, unknown>>): Processor {
  return {
    decode_json_fields: {
      ...(when !== undefined && { when }),
      fields: ["message"],
      target: applicationKey,
      process_array: false,
      max_depth: 1,
      overwrite_keys: false,
      add_error_key: errors,
    },
  };
}

/** All of the line is in its fields then. */
export const onceDecoded: Processor = {
  drop_fields: {
    when: { has_fields: [applicationKey] },
    fields: ["message"],
    ignore_missing: true,
  },
};

/** What tags say already, and what nobody asks for. */
export const withoutNoise: Processor = {
  drop_fields: {
    fields: [
      "kubernetes",
      "uid",
      "ecs",
      "input",
      "host",
      "agent.ephemeral_id",
      "agent.id",
      "log.file.fingerprint",
      "log.file.device_id",
      "log.file.inode",
    ],
    ignore_missing: true,
  },
};
