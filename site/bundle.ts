import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { needed } from "./issues";
import { formatPath } from "./path";
import { RunError } from "./run-error";
import { kubekeyField, releaseField, text, whole } from "./schema/fields";

/** What `bundles/<release>/bundle.json` says of the files that travel to a site. */

const file = z.strictObject({
  path: text(
    /^(?!.*(^|\/)\.\.?(\/|$))[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$/,
    "a path below the bundle's folder",
  ).describe("Path below the bundle's folder."),
  sha256: text(/^[0-9a-f]{64}$/, "a SHA-256 of 64 hex digits").describe("Digest of the file."),
  sizeBytes: whole(0, Number.MAX_SAFE_INTEGER, "a size in bytes").describe("Size of the file."),
});

const files = z.record(text(/^[a-z][a-z0-9-]*$/, "a name"), file).default({});

const bundleSchema = z.object({
  format: z.literal(1, { error: "format 1, the only one this version reads" }),
  release: releaseField,
  kubekey: z.partialRecord(kubekeyField, z.strictObject({ kk: file, artifact: file })),
  charts: files.describe("Packed charts, by the chart's name."),
  crds: files.describe("Custom resource definitions, by the catalogue's name of the set."),
});

export type Bundle = z.output<typeof bundleSchema>;

/** Folder of a release's bundle, relative to the project. */
export function bundleFolder(release: string): string {
  return join("bundles", release);
}

/**
 * The description of a release's bundle, or undefined while there is none.
 * Throws {@link RunError} when it is there but not one. The files themselves are not touched.
 */
export function loadBundle(root: string, release: string): Bundle | undefined {
  const name = join(bundleFolder(release), "bundle.json");
  if (!existsSync(join(root, name))) return undefined;
  const nextStep = `build or fetch the bundle of ${release} again`;
  const result = bundleSchema.safeParse(readJson(root, name, nextStep), { error: needed });
  if (!result.success) {
    const faults = result.error.issues.map(
      ({ path, message }) =>
        `  ${name}  ${formatPath(path.map((step) => (typeof step === "number" ? step : String(step))))}  needs ${message}`,
    );
    throw new RunError(faults.join("\n"), { exitCode: 3, nextStep });
  }
  if (result.data.release !== release) {
    const what = `${name}  release  needs "${release}"; given "${result.data.release}"`;
    throw new RunError(what, { exitCode: 3, nextStep });
  }
  return result.data;
}

function readJson(root: string, name: string, nextStep: string): unknown {
  try {
    return JSON.parse(readFileSync(join(root, name), "utf8"));
  } catch (cause) {
    throw new RunError(`${name} needs to be readable JSON`, { exitCode: 3, nextStep, cause });
  }
}
