import { ProviderFailure } from "../protocol/failure";
import { detailedDiff, withReplacements } from "../protocol/property-diff";
import type {
  CheckFailure,
  CheckRequest,
  CheckResult,
  CreateRequest,
  CreateResult,
  DiffRequest,
  DiffResult,
  Provider,
  ReadRequest,
  ReadResult,
  UpdateRequest,
  UpdateResult,
} from "../protocol/provider";
import {
  containsUnknown,
  isList,
  isMap,
  mapValues,
  type PropertyMap,
  type PropertyValue,
  revealMap,
  Secret,
  Unknown,
} from "../protocol/values";
import type { Kind, Made, Setting } from "./kind";
import { kinds } from "./kinds";

/** Random values that stay the same until their inputs change; behaves as @pulumi/random does. */
export class RandomProvider implements Provider {
  readonly acceptsSecrets = false;

  async check({ type, news }: CheckRequest): Promise<CheckResult> {
    const kind = kindOf(type);
    const failures: CheckFailure[] = [];
    for (const [name, setting] of Object.entries(kind.settings)) {
      const fault = settingFault(setting, news[name]);
      if (fault !== undefined) failures.push({ property: name, reason: fault });
    }
    for (const name of Object.keys(news)) {
      if (!(name in kind.settings) && !name.startsWith("__")) {
        failures.push({ property: name, reason: "is not a property of this resource" });
      }
    }
    const planned = plan(kind, news);
    if (failures.length === 0 && !containsUnknown(planned)) {
      for (const [property, reason] of kind.faults?.(planned) ?? []) {
        failures.push({ property, reason });
      }
    }
    return { inputs: news, failures };
  }

  async diff({ type, olds, news }: DiffRequest): Promise<DiffResult> {
    const kind = kindOf(type);
    const settings = Object.keys(kind.settings);
    const before = only(settings, revealMap(olds));
    const changes = detailedDiff(before, plan(kind, news));
    // Keepers that go from nothing to an empty map, or back, ask for nothing new.
    return {
      detailedDiff: withReplacements(
        changes,
        (path) => path !== "keepers" || size(before.keepers) > 0 || size(news.keepers) > 0,
      ),
    };
  }

  async create({ type, properties, preview, log }: CreateRequest): Promise<CreateResult> {
    const kind = kindOf(type);
    const settings = plan(kind, properties);
    if (preview) {
      const results = Object.fromEntries(kind.results.map((name) => [name, new Unknown()]));
      return { id: "", properties: state(kind, { id: undefined, properties: results }, settings) };
    }
    try {
      const made = await kind.make(settings);
      if (kind.results.includes("bcryptHash") && made.properties.bcryptHash === undefined) {
        log.warning("bcryptHash is left out: this machine has no perl with a crypt(3) for bcrypt.");
      }
      return { id: made.id, properties: state(kind, made, settings) };
    } catch (error) {
      throw new ProviderFailure(error instanceof Error ? error.message : String(error));
    }
  }

  async read({ type, id, inputs, properties }: ReadRequest): Promise<ReadResult> {
    // Random values live in the state alone, so what is there is what is known.
    if (Object.keys(properties).length > 0) return { id, inputs, properties };
    const kind = kindOf(type);
    if (kind.find === undefined) {
      throw new ProviderFailure(
        `${type} cannot be imported: nothing keeps its value but the state.`,
      );
    }
    let found: Made;
    try {
      found = await kind.find(id);
    } catch (error) {
      throw new ProviderFailure(error instanceof Error ? error.message : String(error));
    }
    const settings = plan(kind, only(Object.keys(kind.settings), found.properties));
    return { id: found.id, inputs: settings, properties: state(kind, found, settings) };
  }

  async update({ type, olds, news }: UpdateRequest): Promise<UpdateResult> {
    const kind = kindOf(type);
    const kept = mapValues(olds, (value) => value);
    const results = only([...kind.results, "id", "__meta"], kept);
    return { properties: { ...plan(kind, news), ...results } };
  }

  async delete(): Promise<void> {
    // The engine forgets the state, and with it the value.
  }
}

function kindOf(type: string): Kind {
  const name = /^random:index\/(\w+):/.exec(type)?.[1] ?? "";
  const kind = kinds[name];
  if (kind === undefined) throw new ProviderFailure(`There is no resource type ${type}.`);
  return kind;
}

/** The settings as they will stand in the state: given ones, defaults, and what follows from both. */
function plan(kind: Kind, inputs: PropertyMap): PropertyMap {
  const settings: Record<string, PropertyValue> = {};
  for (const [name, setting] of Object.entries(kind.settings)) {
    const value = inputs[name] ?? setting.default;
    if (value !== undefined) settings[name] = value;
  }
  return kind.complete?.(settings) ?? settings;
}

function state(
  kind: Kind,
  made: { readonly id: string | undefined; readonly properties: PropertyMap },
  settings: PropertyMap,
): PropertyMap {
  const results = mapValues(only(kind.results, made.properties), (value, name) =>
    kind.secret?.includes(name) ? new Secret(value) : value,
  );
  return {
    ...settings,
    ...results,
    ...(kind.idInState === false ? {} : { id: made.id ?? new Unknown() }),
    ...(kind.stateVersion === undefined
      ? {}
      : { __meta: JSON.stringify({ schema_version: String(kind.stateVersion) }) }),
  };
}

function only(names: readonly string[], map: PropertyMap): PropertyMap {
  return Object.fromEntries(Object.entries(map).filter(([name]) => names.includes(name)));
}

function size(value: PropertyValue | undefined): number {
  return isMap(value) ? Object.values(value).filter((item) => item !== null).length : 0;
}

function settingFault(setting: Setting, value: PropertyValue | undefined): string | undefined {
  if (value === undefined || value === null) {
    return setting.required === true ? "is needed and was not given" : undefined;
  }
  if (value instanceof Unknown || fits(setting.type, value)) return undefined;
  return `needs ${wanted[setting.type]}, not ${JSON.stringify(value)}`;
}

const wanted: Record<Setting["type"], string> = {
  boolean: "true or false",
  integer: "a whole number",
  string: "a string",
  strings: "a list of strings",
  map: "a map of strings",
};

function fits(type: Setting["type"], value: PropertyValue): boolean {
  switch (type) {
    case "boolean":
      return typeof value === "boolean";
    case "integer":
      return Number.isSafeInteger(value);
    case "string":
      return typeof value === "string";
    case "strings":
      return isList(value);
    case "map":
      return isMap(value);
  }
}
