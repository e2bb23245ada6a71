import { existsSync } from "node:fs";
import { join } from "node:path";

/** Programs that `./sitewright test` lays out for journeys. */
export type Program =
  | "pulumi"
  | "controlplane"
  | "kwok"
  | "crane"
  | "helm"
  | "prometheus"
  | "promtool"
  | "alertmanager"
  | "amtool"
  | "debian-layer";

/**
 * Path of a real program, or of the unpacked Debian packages.
 * @throws where it is not there: a journey fails then, it is never skipped.
 */
export function program(name: Program): string {
  const folder = process.env.SITEWRIGHT_TEST_BIN;
  const path = folder && join(folder, name);
  if (path && existsSync(path)) return path;
  throw new Error(
    `This journey needs the real ${name}. Run it with ./sitewright test, which gets it and sets SITEWRIGHT_TEST_BIN.`,
  );
}
