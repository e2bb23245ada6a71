import { siteImage } from "../images";
import { isNode, nodeTaints } from "../nodes";
import type { Resources } from "../pod-types";
import type { Site } from "../schema/site";
import type { ReleaseWorkload } from "../schema/workload";
import type { ReleaseProbe } from "../schema/workload-probe";
import { type WorkloadSettings, workloadSettings } from "./defaults";
import type { InitBlueprint, Probe } from "./pod-types";

/** What is decided about the Pods of a workload, apart from their volumes. */

/** What a container that copies a folder of an image asks for. */
export const copyResources: Resources = {
  requests: { cpu: "50m", memory: "32Mi" },
  limits: { cpu: "500m", memory: "128Mi" },
};

/** Where a copying container mounts the volume that it fills. */
export const copyTarget = "/copied";

/** Containers that run before the workload's own: those that fill volumes, then the release's. */
export function initContainers(
  workload: ReleaseWorkload,
  { registry }: Pick<Site, "registry">,
): readonly InitBlueprint[] {
  const copies = Object.entries(workload.volumes).flatMap(([name, { image }]) =>
    image === undefined
      ? []
      : [
          {
            name: copyName(name),
            image: siteImage(image.image, registry.host),
            command: ["cp", "-R", `${image.path}/.`, copyTarget],
            args: [],
            env: {},
            resources: copyResources,
            sidecar: false,
            fills: name,
          },
        ],
  );
  const stated = workload.init.map((one) => ({
    ...one,
    image: siteImage(one.image, registry.host),
  }));
  return [...copies, ...stated];
}

/** Name of the container that fills a volume from an image. */
export function copyName(volume: string): string {
  return `copy-${volume}`;
}

export function probeOf({ grpc, port, path, command, ...times }: ReleaseProbe): Probe {
  return {
    ...times,
    ...(port !== undefined && { port }),
    ...(path !== undefined && { path }),
    ...(command !== undefined && { command }),
    ...(grpc !== undefined && { grpc: grpc === true ? "" : grpc }),
  };
}

/** The platform's defaults for a workload, with what it overrides. */
export function settingsOf(
  workload: ReleaseWorkload,
  { timezone, hosts }: Pick<Site, "timezone" | "hosts">,
): WorkloadSettings {
  const { kind, ports, overrides } = workload;
  const antiAffinity = "antiAffinity" in workload ? workload.antiAffinity : "none";
  const boundVolume = Object.values(workload.volumes).some(({ claim }) => claim?.shared === false);
  const settings = workloadSettings(overrides, {
    kind,
    served: ports.length > 0,
    antiAffinity,
    boundVolume,
    timezone,
  });
  // Kubernetes finds no node for a Pod that must be spread over a label that no node has.
  const zones = hosts.some(({ zone }) => zone !== undefined);
  return settings.zoneSpread === "required" && !zones
    ? { ...settings, zoneSpread: "preferred" }
    : settings;
}

/** Keys of the taints that the Pods of a workload bear. */
export function toleratedTaints(
  workload: ReleaseWorkload,
  { hosts }: Pick<Site, "hosts">,
): readonly string[] {
  if (workload.kind !== "DaemonSet" || workload.nodes === "workers") return [];
  const taints = hosts.filter(isNode).flatMap(nodeTaints);
  return [...new Set(taints.map(({ key }) => key))].sort();
}
