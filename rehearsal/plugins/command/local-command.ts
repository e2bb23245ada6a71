import { commandLife } from "./command-run";
import { runLocal } from "./local-process";
import type { CommandResource } from "./resource";
import { localCommandFields } from "./tables";

/** local.Command: a command run on the machine that runs Pulumi. */
export const localCommand: CommandResource = {
  fields: localCommandFields,
  ...commandLife(runLocal),
};
