import { z } from "zod";
import { list, portField, text, whole } from "./fields";

/** How a Pod is asked whether it is well. */

const times = (every: number, timeout: number, failures: number) =>
  z
    .strictObject({
      everySeconds: whole(1, 3600, "seconds").default(every).describe("Seconds between questions."),
      timeoutSeconds: whole(1, 600, "seconds")
        .default(timeout)
        .describe("Seconds within which the answer has to come."),
      failures: whole(1, 1000, "failures")
        .default(failures)
        .describe("Failures in a row that count."),
    })
    .prefault({});

const needed =
  "a port or a command; with a port at most one of path and grpc, with a command neither";

export const probeField = z
  .strictObject({
    port: portField.optional().describe("Port that is asked."),
    path: text(/^\/[!-~]*$/, "a path such as /healthz")
      .optional()
      .describe("HTTP path. With neither path nor grpc a TCP connection is enough."),
    grpc: z
      .union([z.literal(true), text(/^[A-Za-z_][A-Za-z0-9_.]{0,252}$/, "a gRPC service")], {
        error: "true, or the name of a gRPC service",
      })
      .optional()
      .describe(
        "Asks by gRPC's own health protocol: `true` for the server as a whole, or the service to ask for.",
      ),
    command: list(z.string({ error: "a text" }), 100, "words")
      .min(1, { error: "at least one word" })
      .optional()
      .describe("Command run in the container, well when it ends with 0; in place of a port."),
    startup: times(2, 1, 60).describe(
      "The questions until the first good answer: default 2 minutes.",
    ),
    readiness: times(5, 3, 2).describe("The questions whether it takes requests."),
    liveness: times(15, 5, 4).describe("The questions whether it has to be started anew."),
  })
  .refine(
    ({ port, path, grpc, command }) =>
      command === undefined
        ? port !== undefined && (path === undefined || grpc === undefined)
        : port === undefined && path === undefined && grpc === undefined,
    { error: needed },
  );

export type ReleaseProbe = z.output<typeof probeField>;
