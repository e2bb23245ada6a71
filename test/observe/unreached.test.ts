import assert from "node:assert/strict";
import { observe, type Sources } from "../../cli/observe/look";
import { RunError } from "../../site/run-error";
import { sampleSite } from "../support/sites";

describe("Observing what cannot be reached", () => {
  it("tells of each part why, and its next step once", async () => {
    const unreached = (nextStep?: string) => () =>
      Promise.reject(
        new RunError("nothing answers", { ...(nextStep !== undefined && { nextStep }) }),
      );
    const sources: Sources = {
      prometheus: unreached("look at its log"),
      alertmanager: unreached("look at its log"),
      grafana: unreached(),
    };
    const { faults } = await observe(sampleSite("site-b").blueprint, sources);
    assert.deepEqual(
      faults.map(({ what, why, next }) => [what, why, next]),
      [
        ["Prometheus' targets could not be read", "nothing answers", "look at its log"],
        ["Prometheus' rules could not be read", "nothing answers", "look at its log"],
        ["Alertmanager's receivers could not be read", "nothing answers", "look at its log"],
        [
          "Grafana's dashboards could not be read",
          "nothing answers",
          "see kubectl -n monitoring get pods",
        ],
      ],
    );
  });
});
