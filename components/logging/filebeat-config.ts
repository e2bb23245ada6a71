import { beatPorts } from "../../site/platform/beat-figures";
import { shipperBulk } from "../../site/platform/log-sizes";
import { loggingNamespace } from "../../site/platform/logging-place";
import type {
  BeatLine,
  BeatRoom,
  FilebeatBlueprint,
  LogDrop,
  LoggingBlueprint,
  LogLines,
} from "../../site/platform/logging-types";
import { shipperName } from "../../site/workload/logs";
import type { ShipperBlueprint } from "../../site/workload/workload-types";
import { outputConfig, textOf } from "./output-config";
import { added, decoded, nodeJson, nodeTags, onceDecoded, withoutNoise } from "./tags";

/** Filebeat's configuration, as plain data. */

/** Longest line, in bytes; the rest of a longer one is cut off. */
const longestLine = 256 * 1024;

/** Bytes that tell a file from others, the fewest there may be: a shorter file is not read before it grows. */
const fingerprintBytes = 64;

/** Settings of a beat that have to do with itself. */
export function ownSettings(port: number) {
  return {
    http: { enabled: true, host: "127.0.0.1", port },
    // Its figures are asked for at the port; every thirty seconds in the log they would be noise.
    logging: { level: "info", metrics: { enabled: false } },
    // Templates and policies of indices are their owner's.
    setup: { template: { enabled: false }, ilm: { enabled: false } },
  };
}

/** Filebeat on every node. */
export function nodeConfig({ filebeat, output, store }: LoggingBlueprint) {
  const { line, bulkEvents } = output;
  const own = filebeat.inputs.map(({ namespace, workload, ...lines }) =>
    containers(line, `containers-${namespace}-${workload}`, lines, {
      path: containerPath(`${namespace}_${workload}-*`, workload),
      exclude: [],
    }),
  );
  const others = containers(
    line,
    "containers",
    { exclude: [] },
    {
      path: containerPath("*", "*"),
      exclude: filebeat.inputs.map(
        ({ namespace, workload }) => `^/var/log/pods/${namespace}_${workload}-[^/]+/${workload}/`,
      ),
    },
  );
  return {
    filebeat: {
      inputs: [others, ...own, ...hostInput(filebeat, line)],
      shutdown_timeout: "5s",
    },
    processors: [
      ...nodeTags(filebeat.site),
      ...filebeat.drop.map((rule) => dropped(rule, filebeat.site)),
      ...nodeJson(),
      withoutNoise,
    ],
    queue: queue(filebeat, bulkEvents),
    output: outputConfig(output, { ownAuthority: store?.certificate !== undefined }),
    ...ownSettings(beatPorts.filebeat),
  };
}

/** Filebeat beside a workload: its log files, and nothing that has to be asked for. */
export function shipperConfig(shipper: ShipperBlueprint) {
  const { tags, files, output, authority } = shipper;
  const bulkEvents = Math.min(shipperBulk, output.bulkEvents);
  return {
    filebeat: {
      inputs: files.map(({ path, format, fields, ...lines }) => ({
        ...input(output.line, `file-${path}`, lines),
        paths: [path],
        ...scanner(output.line, ["\\.gz$"]),
        ...(lines.multiline !== undefined && { parsers: [multiline(lines.multiline)] }),
        ...(Object.keys(fields).length > 0 && { fields }),
        ...(format === "json" && { processors: [decoded(true), onceDecoded] }),
      })),
      shutdown_timeout: "10s",
    },
    processors: [
      added({
        site: tags.site,
        tenant: tags.tenant,
        namespace: `${tags.site}/${tags.namespace}`,
        workload: tags.workload,
        version: textOf("POD_VERSION", "none"),
        node: textOf("NODE_NAME"),
        pod: textOf("POD_NAME"),
        container: tags.workload,
        stream: "file",
      }),
      withoutNoise,
    ],
    queue: queue(shipper, bulkEvents),
    output: outputConfig(output, { bulkEvents, ownAuthority: authority !== undefined }),
    ...ownSettings(beatPorts.filebeat),
  };
}

/** Files of containers: with those that were put aside, so that an outage may last longer than one of them. */
function containerPath(pod: string, container: string): string {
  return `/var/log/pods/${pod}/${container}/*.log*`;
}

/** Files that are half written, and what Filebeat says itself: an error that it sends would be the next one. */
const notRead = [
  "\\.tmp$",
  `^/var/log/pods/${loggingNamespace}_filebeat-[^/]+/filebeat/`,
  `/${shipperName}/`,
];

function input(line: BeatLine, id: string, { exclude }: LogLines) {
  return {
    type: "filestream",
    id,
    enabled: true,
    message_max_bytes: longestLine,
    ...(exclude.length > 0 && { exclude_lines: [...exclude] }),
    // A file is the same one after it was put aside; the older line goes by its number on the disk.
    ...(line === "9" && { file_identity: { fingerprint: null } }),
  };
}

function scanner(line: BeatLine, exclude: readonly string[]) {
  return {
    prospector: {
      scanner: {
        check_interval: "10s",
        exclude_files: [...exclude],
        ...(line === "9" && { fingerprint: { enabled: true, length: fingerprintBytes } }),
      },
    },
  };
}

/** Lines as container runtimes write them. */
function containers(
  line: BeatLine,
  id: string,
  lines: LogLines,
  files: { readonly path: string; readonly exclude: readonly string[] },
) {
  return {
    ...input(line, id, lines),
    paths: [files.path],
    // Kubelets compress what they put aside, all but the newest.
    ...(line === "9" && { compression: "auto" }),
    ...scanner(line, [...(line === "9" ? [] : ["\\.gz$"]), ...notRead, ...files.exclude]),
    parsers: [
      { container: { stream: "all", format: "cri" } },
      ...(lines.multiline === undefined ? [] : [multiline(lines.multiline)]),
    ],
  };
}

/** Log files of the node itself. */
function hostInput({ hostFiles }: FilebeatBlueprint, line: BeatLine) {
  if (hostFiles.length === 0) return [];
  return [
    {
      ...input(line, "host", { exclude: [] }),
      paths: [...hostFiles],
      ...scanner(line, ["\\.gz$", "^/var/log/(pods|containers)/"]),
      fields: { namespace: "host", workload: "host", stream: "file" },
      fields_under_root: true,
    },
  ];
}

/** Lines that belong to the one before. */
function multiline({ pattern, negate, maxLines }: NonNullable<LogLines["multiline"]>) {
  return {
    multiline: {
      type: "pattern",
      pattern,
      negate,
      match: "after",
      max_lines: maxLines,
      timeout: "5s",
    },
  };
}

/** All that a rule states must hold. */
function dropped({ namespace, workload, container, matching }: LogDrop, site: string) {
  const conditions = [
    ...(namespace === undefined ? [] : [{ equals: { namespace: `${site}/${namespace}` } }]),
    ...(workload === undefined ? [] : [{ equals: { workload } }]),
    ...(container === undefined ? [] : [{ equals: { container } }]),
    ...(matching === undefined ? [] : [{ regexp: { message: matching } }]),
  ];
  return { drop_event: { when: { and: conditions } } };
}

/** What was read and not yet taken. */
export function queue(
  { queueEvents, diskQueueGiB }: Pick<BeatRoom, "queueEvents" | "diskQueueGiB">,
  bulkEvents: number,
) {
  return diskQueueGiB === undefined
    ? { mem: { events: queueEvents, flush: { min_events: bulkEvents, timeout: "5s" } } }
    : { disk: { max_size: `${diskQueueGiB}GiB` } };
}
