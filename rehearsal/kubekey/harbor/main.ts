import { readFileSync } from "node:fs";
import { harborServer } from "./server";
import { Store } from "./store";

/** What the file named on the command line holds. */
export interface HarborSettings {
  readonly port: number;
  /** Files of the server's certificate and key. */
  readonly certificate: string;
  readonly key: string;
  /** Port of the real registry on this host's loopback. */
  readonly registryPort: number;
  /** Holds the password that Harbor was installed with; its administrator may have another one since. */
  readonly passwordFile: string;
  /** What Harbor keeps in its database. */
  readonly stateFile: string;
}

function main(): void {
  const settings = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")) as HarborSettings;
  const password = readFileSync(settings.passwordFile, "utf8");
  harborServer({
    ...settings,
    registryPassword: password,
    store: new Store(settings.stateFile, password, "2.10"),
  }).listen(settings.port);
}

// Whoever makes kk's bundle loads this file only to have it transpiled.
if (require.main === module) main();
