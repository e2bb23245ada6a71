/**
 * What Filebeat and Metricbeat tell Prometheus of themselves. They know JSON alone, on their own node; an exporter beside
 * each hands it on. `job` is `filebeat` or `metricbeat`, with one series for each node.
 */

export interface BeatFigure {
  readonly name: string;
  readonly kind: "counter" | "gauge";
  /** Where it stands in what a beat tells. */
  readonly path: string;
  readonly help: string;
  /** Filebeat's alone. */
  readonly filebeat?: boolean;
}

/** Every figure by what rules and dashboards call it. */
export const beatFigures = {
  acknowledged: {
    name: "beat_output_events_acked_total",
    kind: "counter",
    path: "libbeat.output.events.acked",
    help: "Entries that the output has taken",
  },
  failed: {
    name: "beat_output_events_failed_total",
    kind: "counter",
    path: "libbeat.output.events.failed",
    help: "Entries that were not taken and are sent again",
  },
  dropped: {
    name: "beat_output_events_dropped_total",
    kind: "counter",
    path: "libbeat.output.events.dropped",
    help: "Entries that the output refused for good",
  },
  outputErrors: {
    name: "beat_output_write_errors_total",
    kind: "counter",
    path: "libbeat.output.write.errors",
    help: "Connections to the output that broke",
  },
  active: {
    name: "beat_pipeline_events_active",
    kind: "gauge",
    path: "libbeat.pipeline.events.active",
    help: "Entries that were read and not taken yet",
  },
  queueSize: {
    name: "beat_pipeline_queue_max_events",
    kind: "gauge",
    path: "libbeat.pipeline.queue.max_events",
    help: "Entries that the queue in memory holds at most",
  },
  published: {
    name: "beat_pipeline_events_published_total",
    kind: "counter",
    path: "libbeat.pipeline.events.published",
    help: "Entries that were read",
  },
  filtered: {
    name: "beat_pipeline_events_filtered_total",
    kind: "counter",
    path: "libbeat.pipeline.events.filtered",
    help: "Entries that rules left out",
  },
  retried: {
    name: "beat_pipeline_events_retry_total",
    kind: "counter",
    path: "libbeat.pipeline.events.retry",
    help: "Entries that were sent again",
  },
  memory: {
    name: "beat_memory_rss_bytes",
    kind: "gauge",
    path: "beat.memstats.rss",
    help: "Memory of the process",
  },
  harvesters: {
    name: "beat_harvesters_running",
    kind: "gauge",
    path: "filebeat.harvester.running",
    help: "Files that are read",
    filebeat: true,
  },
} as const satisfies Readonly<Record<string, BeatFigure>>;

/** Where exporters are asked: on each node's own address, by the port of this name. */
export const beatScrapes = {
  portName: "figures",
  path: "/probe",
  filebeat: { port: 9479, params: { module: "filebeat", target: "http://127.0.0.1:5066/stats" } },
  metricbeat: {
    port: 9480,
    params: { module: "metricbeat", target: "http://127.0.0.1:5067/stats" },
  },
} as const;

/** Where beats themselves answer: to processes of the same node alone. */
export const beatPorts = { filebeat: 5066, metricbeat: 5067 } as const;
