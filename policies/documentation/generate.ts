import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../site/load";
import { policiesPage } from "./policies-page";

/** Files that are made from the rules, by their path in the project. A test proves that they are up to date. */
export function generatedFiles(): Readonly<Record<string, string>> {
  return { "docs/policies.md": policiesPage() };
}

if (require.main === module) {
  for (const [file, content] of Object.entries(generatedFiles())) {
    writeFileSync(join(projectRoot, file), content);
    console.log(file);
  }
}
