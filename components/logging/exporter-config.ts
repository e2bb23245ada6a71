import { type BeatFigure, beatFigures } from "../../site/platform/beat-figures";

/** Configuration of what hands a beat's figures to Prometheus: which of its JSON is which figure. */
export function exporterConfig(beat: "filebeat" | "metricbeat") {
  const figures: readonly BeatFigure[] = Object.values(beatFigures);
  return {
    modules: {
      [beat]: {
        metrics: figures
          .filter(({ filebeat = false }) => beat === "filebeat" || !filebeat)
          .map(({ name, path, kind, help }) => ({
            name,
            type: "value",
            valuetype: kind,
            path: `{ .${path} }`,
            help,
          })),
      },
    },
  };
}
