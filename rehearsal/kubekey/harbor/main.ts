import { readFileSync } from "node:fs";
import { Projects } from "./projects";
import { harborServer } from "./server";

/** What the file named on the command line holds. */
export interface HarborSettings {
  readonly port: number;
  /** Files of the server's certificate and key. */
  readonly certificate: string;
  readonly key: string;
  /** Port of the real registry on this host's loopback. */
  readonly registryPort: number;
  readonly passwordFile: string;
  readonly projectsFile: string;
}

function main(): void {
  const settings = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")) as HarborSettings;
  harborServer({
    ...settings,
    password: readFileSync(settings.passwordFile, "utf8"),
    projects: new Projects(settings.projectsFile),
  }).listen(settings.port);
}

// Whoever makes kk's bundle loads this file only to have it transpiled.
if (require.main === module) main();
