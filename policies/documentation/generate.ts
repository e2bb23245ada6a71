import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { stackFileJsonSchema } from "../../site/documentation/json-schema";
import { projectRoot } from "../../site/load";
import { policiesJsonSchema } from "./json-schema";
import { policiesPage } from "./policies-page";

/** Files that are made from the rules, by their path in the project. A test proves that they are up to date. */
export function generatedFiles(): Readonly<Record<string, string>> {
  const stackFile = stackFileJsonSchema(policiesJsonSchema());
  return {
    "docs/policies.md": policiesPage(),
    "docs/site.schema.json": `${JSON.stringify(stackFile, null, 2)}\n`,
  };
}

if (require.main === module) {
  for (const [file, content] of Object.entries(generatedFiles())) {
    writeFileSync(join(projectRoot, file), content);
    console.log(file);
  }
}
