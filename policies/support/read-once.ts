import * as deserialize from "@pulumi/policy/deserialize";

/**
 * Pulumi's policy server reads the properties of a resource anew for each policy, which for this many policies and a
 * large site took longer than the preview. Importing this module lets it read them once; every policy is given the same
 * object, and none changes it.
 */

type Read = (message: object, keepSecrets: boolean) => Record<string, unknown>;

const { deserializeProperties } = deserialize as unknown as {
  readonly deserializeProperties?: Read;
};

const known = new WeakMap<object, Record<string, unknown>>();

function readOnce(message: object, keepSecrets: boolean): Record<string, unknown> {
  if (deserializeProperties === undefined) throw new Error("this module is not in place");
  // What is read for a remediation is changed by it, and mostly no rule asks for it.
  if (keepSecrets) return whenAsked(() => deserializeProperties(message, keepSecrets));
  const before = known.get(message);
  if (before !== undefined) return before;
  const properties = deserializeProperties(message, keepSecrets);
  known.set(message, properties);
  return properties;
}

/** Properties that are read when somebody asks for one of them, or for their names. */
function whenAsked(read: () => Record<string, unknown>): Record<string, unknown> {
  let known: Record<string, unknown> | undefined;
  const properties = () => {
    known ??= read();
    return known;
  };
  return new Proxy<Record<string, unknown>>(
    {},
    {
      get: (_, key) => Reflect.get(properties(), key),
      has: (_, key) => Reflect.has(properties(), key),
      ownKeys: () => Reflect.ownKeys(properties()),
      getOwnPropertyDescriptor: (_, key) => Reflect.getOwnPropertyDescriptor(properties(), key),
    },
  );
}

// Another version of the SDK may have no such function: then it is as slow as it is.
if (deserializeProperties !== undefined) {
  Object.assign(deserialize, { deserializeProperties: readOnce });
}
