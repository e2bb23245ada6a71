/**
 * Runs cli/main.ts, wherever the user stands: ts-node would otherwise look for the project's
 * settings in the working folder. Set here and not by TS_NODE_* variables, which Pulumi's program
 * and policy packs would inherit.
 */
const { join } = require("node:path");

const home = join(__dirname, "..");
require("ts-node").register({
  transpileOnly: true,
  cwd: home,
  project: join(home, "tsconfig.json"),
});
process.argv[1] = join(home, "cli", "main.ts");
require("../cli/main.ts");
