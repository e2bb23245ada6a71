import { ProviderFailure } from "../../protocol/failure";
import type { Sdk } from "./register";

/** A component's arguments with everything unwrapped, or the fact that a preview cannot know them. */
export type Resolved = { known: true; values: Record<string, unknown> } | { known: false };

/** Waits for a component's arguments. */
export async function resolve(sdk: Sdk, inputs: Record<string, unknown>): Promise<Resolved> {
  const all = sdk.output(inputs) as unknown as {
    isKnown: Promise<boolean>;
    promise(): Promise<Record<string, unknown>>;
  };
  if (!(await all.isKnown)) return { known: false };
  return { known: true, values: await all.promise() };
}

/** The text of an argument, or undefined when it is not given. Errors when it is something else. */
export function textArgument(values: Record<string, unknown>, name: string): string | undefined {
  return argument(values, name, "string");
}

/** The flag of an argument; false when it is not given. Errors when it is something else. */
export function flagArgument(values: Record<string, unknown>, name: string): boolean {
  return argument<boolean>(values, name, "boolean") ?? false;
}

function argument<T>(values: Record<string, unknown>, name: string, type: string): T | undefined {
  const value = values[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === type) return value as T;
  throw new ProviderFailure(
    `"${name}" must be a ${type}, not ${Array.isArray(value) ? "a list" : typeof value}.`,
  );
}
