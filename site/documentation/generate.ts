import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../load";
import { stackFileJsonSchema } from "./json-schema";
import { releaseReference, siteReference } from "./reference";
import { releaseFileJsonSchema } from "./release-schema";
import { runbooks } from "./runbooks";

/** Files that are made from the schema, by their path in the project. A test proves that they are up to date. */
export function generatedFiles(): Readonly<Record<string, string>> {
  return {
    "docs/site.schema.json": `${JSON.stringify(stackFileJsonSchema(), null, 2)}\n`,
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
