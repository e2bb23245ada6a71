import { siteImage } from "../images";
import type { CertificateBlueprint } from "../platform/certificates-types";
import { linesOf } from "../platform/log-inputs";
import { shipperRoom } from "../platform/log-sizes";
import type { LoggingBlueprint } from "../platform/logging-types";
import type { Release } from "../schema/release";
import type { Site } from "../schema/site";
import type { ReleaseWorkload } from "../schema/workload";
import type { InitBlueprint } from "./pod-types";
import type { WorkloadBlueprint } from "./workload-types";

/** What workloads write about themselves, and the container that sends their log files. */

/** Label of Pods that says how their lines are read: `json` or `text`. */
export const logFormatLabel = "sitewright.io/log-format";

/** Name of the container that sends files. */
export const shipperName = "log-shipper";

/** Folder of a file or pattern. */
export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}

/** Folders of a workload's log files, each once, in the order in which they are stated. */
export function logFolders({ logs }: Pick<ReleaseWorkload, "logs">): readonly string[] {
  return [...new Set(logs.files.map(({ path }) => folderOf(path)))];
}

/** What a workload's logs are, wherever they go. */
export function workloadLogs(workload: ReleaseWorkload): WorkloadBlueprint["logs"] {
  const { format, filesMiB } = workload.logs;
  const folders = logFolders(workload).map((mountPath, at) => ({
    name: `logs-${at}`,
    mountPath,
    sizeMiB: filesMiB,
  }));
  return { format, folders };
}

/** The container that sends a workload's log files: none where it has none, or the site has nowhere to send them. */
export function shipperContainer(
  { logs }: ReleaseWorkload,
  { logging }: Pick<Site, "logging">,
): readonly InitBlueprint[] {
  if (logging === undefined || logs.files.length === 0) return [];
  const { resources } = shipperRoom;
  const program = { command: [], args: [], env: {} };
  // Its image is the platform's, which is not known here; see below.
  return [{ name: shipperName, image: "", ...program, resources, sidecar: true, ships: true }];
}

/** The same workloads, with what those that have log files send them by. */
export function withShippers(
  workloads: readonly WorkloadBlueprint[],
  logging: LoggingBlueprint | undefined,
  { registry }: Pick<Site, "registry">,
  release: Pick<Release, "workloads">,
): readonly WorkloadBlueprint[] {
  if (logging === undefined) return workloads;
  const { filebeat, output, secrets, store } = logging;
  const image = siteImage(filebeat.image, registry.host);
  return workloads.map((workload) => {
    const stated = release.workloads[workload.name]?.logs.files ?? [];
    if (stated.length === 0) return workload;
    const { queueEvents, goMemoryMiB } = shipperRoom;
    const { namespace, name } = workload;
    return {
      ...workload,
      init: workload.init.map((one) => (one.ships ? { ...one, image } : one)),
      logs: {
        ...workload.logs,
        shipper: {
          tags: { site: filebeat.site, tenant: filebeat.product, namespace, workload: name },
          files: stated.map(({ path, format, fields, multiline, exclude }) => ({
            path,
            format,
            fields,
            ...linesOf({ multiline, exclude }),
          })),
          output,
          secrets,
          queueEvents,
          goMemoryMiB,
          ...(store?.certificate !== undefined && {
            authority: shipperCertificate(store.certificate, workload),
          }),
        },
      },
    };
  });
}

/** A certificate that nobody shows: with it comes the authority that the site's own store is known by. */
function shipperCertificate(
  store: CertificateBlueprint,
  { name, namespace }: Pick<WorkloadBlueprint, "name" | "namespace">,
): CertificateBlueprint {
  const own = `${name}-log-authority`;
  return { ...store, name: own, namespace, secretName: own, dnsNames: [`${own}.${namespace}`] };
}
