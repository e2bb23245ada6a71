import type { PropertyMap, PropertyValue } from "../protocol/values";

/** One input property. */
export interface Setting {
  readonly type: "boolean" | "integer" | "string" | "strings" | "map";
  readonly required?: boolean;
  /** Value in state when the program gives none; without it the property stays away. */
  readonly default?: PropertyValue;
}

/** What was made, or what an import found. */
export interface Made {
  readonly id: string;
  /** Results by name, and with an import the settings too. */
  readonly properties: PropertyMap;
}

/** One resource type of the package. */
export interface Kind {
  readonly settings: Readonly<Record<string, Setting>>;
  /** Names of what is made; those in `secret` are kept secret. */
  readonly results: readonly string[];
  readonly secret?: readonly string[];
  /** Version of the state's shape that the real provider notes in `__meta`. */
  readonly stateVersion?: number;
  /** False when the state does not repeat the id. Default true. */
  readonly idInState?: boolean;
  /** Completes settings that depend on each other. */
  readonly complete?: (settings: PropertyMap) => PropertyMap;
  /** What is wrong with known settings: property and reason. */
  readonly faults?: (settings: PropertyMap) => readonly (readonly [string, string])[];
  readonly make: (settings: PropertyMap) => Promise<Made>;
  /** Reads an import id; throws saying what form is needed. Without it there is no import. */
  readonly find?: (id: string) => Promise<Made>;
}
