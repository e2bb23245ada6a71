/**
 * Lets Node load this project's TypeScript, like ts-node/register/transpile-only, but keeps what it
 * transpiled: loading the compiler and transpiling took most of the time of every short command.
 *
 * Preload it with `node -r toolchain/register.js`. It works from any folder and sets no variable
 * that Pulumi's program or policy packs would inherit. Types are checked by `npm run typecheck`.
 */
const { createHash } = require("node:crypto");
const { mkdirSync, readFileSync, renameSync, writeFileSync } = require("node:fs");
const Module = require("node:module");
const { homedir } = require("node:os");
const { join, sep } = require("node:path");

const home = join(__dirname, "..");
const settings = join(home, "tsconfig.json");
const installed = join(home, "node_modules") + sep;

// The same place as toolchain/cache.ts says, which cannot be loaded before this file has run.
const { SITEWRIGHT_CACHE, XDG_CACHE_HOME, HOME } = process.env;
const folder = join(
  SITEWRIGHT_CACHE || join(XDG_CACHE_HOME || join(HOME || homedir(), ".cache"), "sitewright"),
  "transpiled",
);

/** Everything besides a file itself that decides what becomes of it. */
const recipe = createHash("sha256")
  .update(readFileSync(__filename))
  .update(readFileSync(settings))
  .update(readFileSync(join(installed, "typescript", "package.json")))
  .digest("hex");

/** @type {typeof import("typescript") | undefined} */
let typescript;
let compilerOptions = {};

/** @param {string} source @param {string} fileName */
function transpile(source, fileName) {
  if (typescript === undefined) {
    typescript = require("typescript");
    const { config } = typescript.readConfigFile(settings, typescript.sys.readFile);
    const { options } = typescript.parseJsonConfigFileContent(
      // Only the options are wanted: not one folder need be searched for files.
      { ...config, include: [], files: [settings] },
      typescript.sys,
      home,
    );
    compilerOptions = { ...options, noEmit: false, sourceMap: false, inlineSourceMap: true };
    delete compilerOptions.rootDir; // files of tests lie outside of it
  }
  const result = typescript.transpileModule(source, {
    fileName,
    compilerOptions,
    reportDiagnostics: true,
  });
  const [fault] = result.diagnostics ?? [];
  if (fault) {
    const line = source.slice(0, fault.start ?? 0).split("\n").length;
    const text = typescript.flattenDiagnosticMessageText(fault.messageText, "\n");
    throw new SyntaxError(`${fileName}:${line}: ${text}`);
  }
  return result.outputText;
}

/** Best effort: a cache that cannot be written only costs time. @param {string} file @param {string} text */
function keep(file, text) {
  const draft = `${file}.${process.pid}`;
  try {
    mkdirSync(folder, { recursive: true });
    writeFileSync(draft, text);
    renameSync(draft, file);
  } catch {
    // A read-only or full cache.
  }
}

/** @param {string} fileName */
function load(fileName) {
  const source = readFileSync(fileName, "utf8");
  const key = createHash("sha256").update(recipe).update(fileName).update(source).digest("hex");
  // One entry a file, replaced when it changes: the cache stays as small as the project.
  const file = join(folder, `${createHash("sha256").update(fileName).digest("hex")}.js`);
  const heading = `// ${key}\n`;
  try {
    const kept = readFileSync(file, "utf8");
    if (kept.startsWith(heading)) return kept.slice(heading.length);
  } catch {
    // Not there yet.
  }
  const text = transpile(source, fileName);
  keep(file, heading + text);
  return text;
}

// Packages have maps too, but nobody looks for a fault there by line, and reading them took longer than the program.
Module.setSourceMapsSupport?.(true, { nodeModules: false });
Module._extensions[".ts"] = (module, fileName) => {
  if (fileName.startsWith(installed)) throw new Error(`${fileName}: packages bring JavaScript`);
  module._compile(load(fileName), fileName);
};
