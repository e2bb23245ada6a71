import { z } from "zod";
import type { Blueprint } from "../../site/blueprint-types";
import type { MeshBlueprint } from "../../site/platform/mesh-types";
import { reasonField } from "../../site/schema/fields";
import { ofBlueprint } from "./of-blueprint";
import { makerField } from "./pod-makers";

/** Containers that do well without one of the probes, by the exact name of what makes their Pods. */

export type ProbeName = "readinessProbe" | "livenessProbe";

/** One of them. */
export const probeException = z.strictObject({
  pods: makerField,
  container: z.string().min(1, { error: "the name of a container" }).describe("Its name."),
  probe: z
    .enum(["readinessProbe", "livenessProbe"], { error: "readinessProbe or livenessProbe" })
    .describe("The probe that it does without."),
  because: reasonField.describe("Why it does."),
});

export type ProbeException = z.output<typeof probeException>;

/** What the platform's charts leave out, with no key to bring it in. */
export const platformProbeExceptions = ofBlueprint(
  ({ platform: { mesh, configCentre } }: Blueprint): readonly ProbeException[] => [
    ...(mesh === undefined ? [] : ofMesh(mesh)),
    ...(configCentre?.server === undefined
      ? []
      : [
          {
            pods: `StatefulSet ${configCentre.server.namespace}/consul-server`,
            container: "consul",
            probe: "livenessProbe" as const,
            because:
              "its readiness asks for a leader, and a server that has none must not be started again for that",
          },
        ]),
  ],
);

function* ofMesh({ namespace, revision, mode }: MeshBlueprint): Iterable<ProbeException> {
  yield {
    pods: `Deployment ${namespace}/istiod-${revision}`,
    container: "discovery",
    probe: "livenessProbe",
    because:
      "a restart would cut off every proxy, and would help nothing where the API server is away",
  };
  if (mode !== "ambient") return;
  yield {
    pods: `DaemonSet ${namespace}/ztunnel`,
    container: "istio-proxy",
    probe: "livenessProbe",
    because: "a restart would cut off every Pod of the node, and it ends by itself when it fails",
  };
}
