/** Runs cli/main.ts, wherever the user stands. */
const { join } = require("node:path");

require("./register.js");
// What was started, in the words of a program that is started directly.
process.argv[1] = join(__dirname, "..", "cli", "main.ts");
require("../cli/main.ts");
