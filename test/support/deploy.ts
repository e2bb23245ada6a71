import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";

/** A resource that a program asked for. */
export interface Seen {
  readonly type: string;
  readonly name: string;
  /** Inputs in plain form: secrets are unwrapped. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read inputs of any resource without naming its type
  readonly inputs: any;
  /** Full name, in which the types of all parents stand. */
  readonly urn: string;
}

export interface Deployed {
  readonly seen: readonly Seen[];
  readonly urns: readonly string[];
  /** The only resource of a type; fails when there is none or more than one. */
  readonly one: (type: string) => Seen;
  /** Whether a secret was passed in an input of this resource. */
  readonly secretInputs: (name: string) => readonly string[];
}

/**
 * Runs a program against Pulumi's own mocks and returns all it asked for, parents included. Nothing is
 * deployed: what a provider would answer is its inputs with an id.
 */
export async function deploy(program: () => unknown): Promise<Deployed> {
  const registered: { type: string; name: string; inputs: object; secrets: readonly string[] }[] =
    [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, id }) => {
        const secrets = Object.keys(inputs).filter((key) =>
          pulumi.runtime.isRpcSecret(inputs[key]),
        );
        registered.push({ type, name, inputs: plain(inputs), secrets });
        return { id: id ?? `${name}-id`, state: { ...computed(type, name), ...defined(inputs) } };
      },
      call: ({ token }) => {
        throw new Error(`no component may ask a provider while it is built: ${token}`);
      },
    },
    "sitewright",
    "test",
    false,
  );
  // What fails after the program's last line, such as an output that a resource waits for, would only be missing.
  const faults: unknown[] = [];
  const note = (fault: unknown) => faults.push(fault);
  const others = process.rawListeners("unhandledRejection") as NodeJS.UnhandledRejectionListener[];
  process.removeAllListeners("unhandledRejection").on("unhandledRejection", note);
  try {
    program();
    await pulumi.runtime.disconnect();
    // Rejections are told once all that was ready to run has run.
    await new Promise((resolve) => setImmediate(resolve));
  } finally {
    process.removeAllListeners("unhandledRejection");
    for (const listener of others) process.on("unhandledRejection", listener);
  }
  if (faults.length > 0) throw faults[0];
  const urns = [...(pulumi.runtime.getMonitor() as unknown as MockMonitor).resources.keys()];
  const seen = registered.map(({ type, name, inputs }) => {
    const urn = urns.find((urn) => urn.endsWith(`${type}::${name}`)) ?? "";
    return { type, name, inputs, urn };
  });
  return {
    seen,
    urns,
    one: (type) => {
      const found = seen.filter((resource) => resource.type === type);
      assert.equal(found.length, 1, `${found.length} resources of type ${type}`);
      return found[0] as Seen;
    },
    secretInputs: (name) => registered.find((resource) => resource.name === name)?.secrets ?? [],
  };
}

/** What a provider adds by itself, where programs compute with it. */
function computed(type: string, name: string): object {
  const made = `random-${name}`;
  return type.startsWith("random:") ? { hex: made, result: made } : {};
}

/** What an engine would send back: nothing that is undefined, which the mocks refuse to read, not even as a secret. */
function defined(value: unknown): object {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value as never;
  const known = Object.entries(value).filter(([, item]) => plain(item) !== undefined);
  return Object.fromEntries(known.map(([key, item]) => [key, defined(item)]));
}

/** The part of the mock monitor that knows which resource stands under which. */
interface MockMonitor {
  readonly resources: ReadonlyMap<string, unknown>;
}

/** A copy without the envelopes that secrets travel in. */
function plain(value: unknown): object {
  return unwrapped(value) as object;
}

function unwrapped(value: unknown): unknown {
  if (pulumi.runtime.isRpcSecret(value)) return unwrapped(pulumi.runtime.unwrapRpcSecret(value));
  if (Array.isArray(value)) return value.map(unwrapped);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unwrapped(item)]));
}
