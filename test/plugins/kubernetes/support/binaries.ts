import { accessSync, constants, globSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** Programs that these tests run for real. */
export type TestBinary = "controlplane" | "kwok" | "helm" | "pulumi";

/**
 * Path of a program: in the folder SITEWRIGHT_TEST_BIN, else among the cache's tools.
 * Errors, rather than skips, when it is missing.
 */
export function testBinary(name: TestBinary): string {
  const cache =
    process.env.SITEWRIGHT_CACHE ??
    join(process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"), "sitewright");
  const tools = join(cache, "tools");
  const folders = [process.env.SITEWRIGHT_TEST_BIN, ...globSync(join(tools, `${name}-*`, "bin"))];
  for (const folder of folders) {
    if (folder === undefined) continue;
    const file = join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // Look in the next folder.
    }
  }
  throw new Error(
    `This test runs "${name}" for real and finds none in ${process.env.SITEWRIGHT_TEST_BIN ?? tools}. ` +
      "Put it into a folder and name the folder in SITEWRIGHT_TEST_BIN.",
  );
}
