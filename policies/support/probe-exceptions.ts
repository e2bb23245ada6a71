import { z } from "zod";
import type { Blueprint } from "../../site/blueprint-types";
import { ofBlueprint } from "./of-blueprint";

/** Containers that do well without one of the probes, by the exact name of what makes their Pods. */

export type ProbeName = "readinessProbe" | "livenessProbe";

/** One of them. */
export const probeException = z.strictObject({
  pods: z
    .string()
    .regex(/^[A-Z][A-Za-z]+ [a-z0-9.-]+\/[a-z0-9.-]+$/, {
      error: "kind, namespace and name, such as Deployment shop/web",
    })
    .describe("Kind, namespace and name of what makes the Pods: `Deployment shop/web`."),
  container: z.string().min(1, { error: "the name of a container" }).describe("Its name."),
  probe: z
    .enum(["readinessProbe", "livenessProbe"], { error: "readinessProbe or livenessProbe" })
    .describe("The probe that it does without."),
  because: z
    .string()
    .regex(/^\S[^\n]{9,499}$/, { error: "a reason in one line, of ten letters or more" })
    .describe("Why it does."),
});

export type ProbeException = z.output<typeof probeException>;

/** What the platform's charts leave out, with no key to bring it in. */
export const platformProbeExceptions = ofBlueprint(
  ({ platform: { mesh } }: Blueprint): readonly ProbeException[] =>
    mesh === undefined
      ? []
      : [
          {
            pods: `Deployment ${mesh.namespace}/istiod-${mesh.revision}`,
            container: "discovery",
            probe: "livenessProbe",
            because:
              "a restart would cut off every proxy, and would help nothing where the API server is away",
          },
        ],
);
