import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../load";
import { releaseReference, siteReference } from "./reference";
import { releaseFileJsonSchema } from "./release-schema";
import { runbooks } from "./runbooks";

/**
 * Files that are made from the schema alone, by their path in the project; policies/documentation makes the others. A test
 * proves that they are up to date.
 */
export function generatedFiles(): Readonly<Record<string, string>> {
  return {
    "docs/site-reference.md": siteReference(),
    "docs/release.schema.json": `${JSON.stringify(releaseFileJsonSchema(), null, 2)}\n`,
    "docs/release-reference.md": releaseReference(),
    "docs/runbooks.md": runbooks(),
  };
}

if (require.main === module) {
  for (const [file, content] of Object.entries(generatedFiles())) {
    writeFileSync(join(projectRoot, file), content);
    console.log(file);
  }
}
