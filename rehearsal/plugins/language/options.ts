import { isMap, type PropertyValue } from "../protocol/values";

/** Options of `runtime:` in Pulumi.yaml that matter when a program is started. */
export interface RuntimeOptions {
  /** Load the program through ts-node. Default true. */
  readonly typescript: boolean;
  /** Arguments for node itself. Default none. */
  readonly nodeArgs: readonly string[];
  /** tsconfig file relative to the program. Default: tsconfig.json beside the program. */
  readonly tsconfig: string | undefined;
}

/** Reads the options; a wrong kind of value is an error naming the option. */
export function runtimeOptions(options: PropertyValue): RuntimeOptions {
  const given = isMap(options) ? options : {};
  const { typescript = true, nodeargs = "", tsconfig } = given;
  if (typeof typescript !== "boolean") {
    throw new Error(`runtime option "typescript" needs true or false, not ${show(typescript)}`);
  }
  if (typeof nodeargs !== "string") {
    throw new Error(`runtime option "nodeargs" needs a string, not ${show(nodeargs)}`);
  }
  if (tsconfig !== undefined && typeof tsconfig !== "string") {
    throw new Error(`runtime option "tsconfig" needs a path, not ${show(tsconfig)}`);
  }
  return { typescript, nodeArgs: shellWords(nodeargs), tsconfig };
}

/** Words of a command line; single and double quotes and backslashes as a shell reads them. */
export function shellWords(line: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  for (let i = 0; i < line.length; i += 1) {
    const character = line.charAt(i);
    if (quote !== undefined && character === quote) quote = undefined;
    else if (quote === "'") word = (word ?? "") + character;
    else if (character === "\\") {
      i += 1;
      word = (word ?? "") + line.charAt(i);
    } else if (quote === undefined && (character === "'" || character === '"')) {
      quote = character;
      word ??= "";
    } else if (quote === undefined && /\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? "") + character;
  }
  if (quote !== undefined) throw new Error(`runtime option "nodeargs" misses a closing ${quote}`);
  if (word !== undefined) words.push(word);
  return words;
}

function show(value: PropertyValue): string {
  return JSON.stringify(value);
}
