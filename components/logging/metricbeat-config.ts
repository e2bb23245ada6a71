import { beatPorts } from "../../site/platform/beat-figures";
import type { LoggingBlueprint, MetricbeatBlueprint } from "../../site/platform/logging-types";
import { ownSettings, queue } from "./filebeat-config";
import { outputConfig, textOf } from "./output-config";
import { added } from "./tags";

/** Metricbeat's configuration, as plain data. */

/** Where it finds the node's own file systems. */
export const nodeFolder = "/hostfs";

const tokenFile = "/var/run/secrets/kubernetes.io/serviceaccount/token";

/** Metricbeat on every node; whichever of them holds the lease asks about the cluster as a whole. */
export function metricbeatConfig(
  { output, store }: Pick<LoggingBlueprint, "output" | "store">,
  metricbeat: MetricbeatBlueprint,
) {
  const { clusterState, site } = metricbeat;
  return {
    metricbeat: {
      modules: [...systemModules, nodeModule],
      ...(clusterState !== undefined && {
        autodiscover: { providers: [clusterProvider(clusterState)] },
      }),
    },
    processors: [
      added({ site, tenant: "platform", node: textOf("NODE_NAME") }),
      {
        drop_event: {
          when: {
            regexp: { "system.filesystem.mount_point": "^/(sys|cgroup|proc|dev|etc|run)($|/)" },
          },
        },
      },
      {
        drop_fields: {
          fields: ["ecs", "agent.ephemeral_id", "agent.id"],
          ignore_missing: true,
        },
      },
    ],
    queue: queue(metricbeat, output.bulkEvents),
    output: outputConfig(output, {
      ownAuthority: store?.certificate !== undefined,
      ...(metricbeat.target !== undefined && { target: metricbeat.target }),
    }),
    ...ownSettings(beatPorts.metricbeat),
  };
}

const systemModules = [
  {
    module: "system",
    period: "30s",
    hostfs: nodeFolder,
    metricsets: ["cpu", "load", "memory", "network", "process_summary"],
  },
  { module: "system", period: "5m", hostfs: nodeFolder, metricsets: ["filesystem"] },
];

const nodeModule = {
  module: "kubernetes",
  period: "30s",
  node: textOf("NODE_NAME"),
  metricsets: ["node", "system", "pod", "container", "volume"],
  hosts: [`https://\${NODE_ADDRESS}:10250`],
  bearer_token_file: tokenFile,
  // Kubelets sign their certificates themselves; the question does not leave the node.
  ssl: { verification_mode: "none" },
};

function clusterProvider(clusterState: string) {
  return {
    type: "kubernetes",
    scope: "cluster",
    node: textOf("NODE_NAME"),
    unique: true,
    leader_lease: "metricbeat-cluster-leader",
    templates: [
      {
        config: [
          {
            module: "kubernetes",
            period: "60s",
            add_metadata: true,
            hosts: [clusterState],
            metricsets: [
              "state_node",
              "state_deployment",
              "state_daemonset",
              "state_statefulset",
              "state_pod",
              "state_container",
              "state_job",
              "state_cronjob",
              "state_persistentvolumeclaim",
            ],
          },
        ],
      },
    ],
  };
}
