import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { RunError } from "../../site/run-error";
import { exitCodes } from "../exit-codes";

/** The list of files that were written: only these are ever removed or written over. */

/** No name that Argo CD takes for a manifest. */
export const indexName = "sitewright.index";

const indexSchema = z.strictObject({
  format: z.literal(1),
  site: z.string(),
  namespace: z.string(),
  // Nothing beyond its own folder, whoever changed it.
  files: z.array(z.string().regex(/^(?!\.)[A-Za-z0-9._-]{1,255}$/)).max(10_000),
});

export type Index = z.output<typeof indexSchema>;

/** The index of a folder; undefined where there is none. @throws RunError for one that cannot be read. */
export function readIndex(folder: string): Index | undefined {
  const file = join(folder, indexName);
  if (!existsSync(file)) return undefined;
  const parsed = indexSchema.safeParse(jsonOf(readFileSync(file, "utf8")));
  if (parsed.success) return parsed.data;
  throw new RunError(`${file} is not an index that Sitewright wrote`, {
    nextStep: "take the file from the repository's history again, or remove it and add --adopt",
    exitCode: exitCodes.usage,
  });
}

export function indexText(index: Index): string {
  return `${JSON.stringify(index, null, 2)}\n`;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
