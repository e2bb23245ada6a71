import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { nightingaleServer } from "./server";
import { Store } from "./store";

/** Stands for Nightingale's Pods: its arguments are a port of this host's loopback and the file that it keeps all in. */
function main(): void {
  const [port, file = ""] = process.argv.slice(2);
  mkdirSync(dirname(file), { recursive: true });
  nightingaleServer(new Store(file)).listen(Number(port), "127.0.0.1");
}

// Whoever makes kk's bundle loads this file only to have it transpiled.
if (require.main === module) main();
