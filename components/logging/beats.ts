import type { LoggingBlueprint } from "../../site/platform/logging-types";
import type { Beat } from "./beat";
import { nodeConfig } from "./filebeat-config";
import { metricbeatConfig, nodeFolder } from "./metricbeat-config";

/** The beats of a site, each with what it reads of its node. */
export function beatsOf(logging: LoggingBlueprint): readonly Beat[] {
  const { filebeat, metricbeat } = logging;
  return [
    {
      ...common(filebeat),
      name: "filebeat",
      config: nodeConfig(logging),
      reads: { "/var/log": "/var/log" },
      // Files that belong to neither it nor its group.
      capabilities: ["DAC_READ_SEARCH"],
    },
    ...(metricbeat === undefined
      ? []
      : [
          {
            ...common(metricbeat),
            name: "metricbeat" as const,
            config: metricbeatConfig(logging, metricbeat),
            reads: { [nodeFolder]: "/" },
            capabilities: ["DAC_READ_SEARCH", "SYS_PTRACE"],
          },
        ]),
  ];
}

type Decided = LoggingBlueprint["filebeat"] | NonNullable<LoggingBlueprint["metricbeat"]>;

function common({ image, exporterImage, exporterResources, resources, goMemoryMiB }: Decided) {
  return { image, exporterImage, exporterResources, room: { resources, goMemoryMiB } };
}
