import type { PropertyMap, PropertyValue } from "../protocol/values";
import { uniqueId } from "./identity";
import type { CommandResource, Work } from "./resource";

/** Runs one command with the settings of `inputs`; `olds` holds the outputs of the run before. */
export type RunCommand = (
  command: string,
  work: Work,
  inputs: PropertyMap,
  olds: PropertyMap,
) => Promise<PropertyMap>;

/** The life of a command resource, the same here and over SSH. */
export function commandLife(
  run: RunCommand,
): Pick<CommandResource, "emptyOutputs" | "newId" | "create" | "update" | "delete"> {
  const emptyOutputs = { stdout: "", stderr: "" };
  return {
    emptyOutputs,
    newId: (name) => uniqueId(name),
    create: async (work, inputs) => {
      const command = text(inputs.create);
      return command === undefined ? emptyOutputs : await run(command, work, inputs, {});
    },
    update: async (work, inputs, olds) => {
      const command = text(inputs.update) ?? text(inputs.create);
      return command === undefined ? kept(olds) : await run(command, work, inputs, kept(olds));
    },
    delete: async (work, olds) => {
      const command = text(olds.delete);
      if (command !== undefined) await run(command, work, olds, kept(olds));
    },
  };
}

/** Variables by which a command learns what the one before it printed; empty output has none. */
export function previousOutput(inputs: PropertyMap, olds: PropertyMap): [string, string][] {
  if (inputs.addPreviousOutputInEnv === false) return [];
  const pairs: [string, string | undefined][] = [
    ["PULUMI_COMMAND_STDOUT", text(olds.stdout)],
    ["PULUMI_COMMAND_STDERR", text(olds.stderr)],
  ];
  return pairs.flatMap(([name, value]) =>
    value === undefined || value === "" ? [] : [[name, value]],
  );
}

/** The variables that the program sets. */
export function environmentOf(inputs: PropertyMap): [string, string][] {
  const { environment } = inputs;
  if (typeof environment !== "object" || environment === null) return [];
  return Object.entries(environment).map(([name, value]) => [name, String(value)]);
}

/** A property that is text, "" included. */
export function text(value: PropertyValue | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function kept(olds: PropertyMap): PropertyMap {
  const names = ["stdout", "stderr", "assets", "archive"];
  return Object.fromEntries(Object.entries(olds).filter(([name]) => names.includes(name)));
}
