import { Stop } from "./engine/stop";
import { runV3 } from "./v3/run";
import { runV4 } from "./v4/run";

/**
 * The kk of a rehearsal. Arguments: kk's version, the absolute path it was called by, then kk's own arguments.
 * Ends with the exit codes of the real one.
 */
async function main(): Promise<number> {
  const [version = "", executable = "", ...argv] = process.argv.slice(2);
  try {
    await (version.startsWith("v4.") ? runV4(executable, argv) : runV3(executable, argv));
    return 0;
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    if (error.message !== "")
      (error.exitCode === 0 ? process.stdout : process.stderr).write(`${error.message}\n`);
    return error.exitCode;
  }
}

// Whoever makes kk's bundle loads this file only to have it transpiled.
if (require.main === module) {
  void main().then(
    (code) => {
      process.exitCode = code;
      // Open connections must not keep kk alive once it has said its last word.
      setTimeout(() => process.exit(code), 200).unref();
    },
    (error: unknown) => {
      console.error(error);
      process.exit(2);
    },
  );
}
