import { jobs } from "../alerting/jobs";
import type { BlueprintInput } from "../blueprint-input";
import type { Dashboard, Panel } from "./dashboard-types";
import { lines, number, oneIsWell } from "./panels";
import { from } from "./selectors";
import { folders, uids } from "./uids";

const tracing = from(jobs.tracing);

/** A counter of Jaeger's, which ends in _total or not, depending on how its library is set. */
const jaeger = (name: string) => from(jobs.tracing, `__name__=~"${name}(_total)?"`);

type Kind = NonNullable<BlueprintInput["site"]["tracing"]>["kind"];

/** What traces come in and what becomes of them, as each program counts it. */
const intake: Readonly<Record<Kind, readonly Panel[]>> = {
  jaeger: [
    lines("Taken in", "Spans that came in, by what they were sent with.", "ops", [
      [
        `sum by (receiver) (rate(${jaeger("otelcol_receiver_accepted_spans")}[5m]))`,
        "{{receiver}}",
      ],
    ]),
    lines("Refused", "Spans that were refused for want of memory, or could not be kept.", "ops", [
      [`sum(rate(${jaeger("otelcol_receiver_refused_spans")}[5m]))`, "refused"],
      [`sum(rate(${jaeger("otelcol_exporter_send_failed_spans")}[5m]))`, "not kept"],
    ]),
  ],
  zipkin: [
    lines("Taken in", "Spans that came in, by what they were sent with.", "ops", [
      [`sum by (transport) (rate(zipkin_collector_spans_total${tracing}[5m]))`, "{{transport}}"],
    ]),
    lines("Refused", "Spans that could not be kept.", "ops", [
      [
        `sum by (transport) (rate(zipkin_collector_spans_dropped_total${tracing}[5m]))`,
        "{{transport}}",
      ],
    ]),
  ],
  skywalking: [
    lines("Taken in", "Parts of traces that came in.", "ops", [
      [`sum by (protocol) (rate(trace_in_latency_count${tracing}[5m]))`, "{{protocol}}"],
    ]),
    lines("Refused", "Parts of traces that could not be read.", "ops", [
      [`sum by (protocol) (rate(trace_analysis_error_count${tracing}[5m]))`, "{{protocol}}"],
    ]),
  ],
};

/** Traces: whether they arrive and are kept. */
export function tracingDashboard(kind: Kind): Dashboard {
  return {
    uid: uids.tracing,
    title: "Tracing",
    description: "Traces of requests: whether they arrive and are kept.",
    folder: folders.platform,
    variables: [],
    links: [uids.overview],
    rows: [
      {
        title: "Traces",
        panels: [
          number(
            "Collectors up",
            "Pods that take traces in.",
            "none",
            `sum(up${tracing})`,
            oneIsWell,
          ),
          lines(
            "Memory",
            "Memory of the Pods, as the nodes see it.",
            "bytes",
            [
              [
                `sum by (pod) (container_memory_working_set_bytes${from(jobs.kubelet, 'namespace="tracing"', 'container!=""')})`,
                "{{pod}}",
              ],
            ],
            { width: 20 },
          ),
          ...intake[kind],
        ],
      },
    ],
  };
}
