import { createRequire } from "node:module";
import { join } from "node:path";

/** Entry points of the Pulumi SDK for Node.js that the language host starts. */
export type SdkCommand = "run" | "run-policy-pack" | "run-plugin" | "dynamic-provider";

/**
 * File of an SDK entry point as seen from a program's folder, so that program and SDK are one copy.
 * Throws, naming the folder and what to do, when the program has no SDK.
 */
export function programModule(folder: string, command: SdkCommand): string {
  try {
    return createRequire(join(folder, "package.json")).resolve(`@pulumi/pulumi/cmd/${command}`);
  } catch {
    throw new Error(
      `The Pulumi SDK is needed by ${folder} and was not found from there. ` +
        "Run `npm install` in that folder.",
    );
  }
}
