import * as pulumi from "@pulumi/pulumi";

/** A resource as the engine was asked for it. */
export interface Seen {
  readonly type: string;
  readonly name: string;
  // biome-ignore lint/suspicious/noExplicitAny: inputs of any resource; a wrong guess fails the test's assertion
  readonly inputs: Record<string, any>;
  /** Names of the inputs that were marked secret. */
  readonly secretInputs: readonly string[];
}

/** Runs a program against mocks and returns everything it registered. Rejects as the program's deployment would. */
export async function deploy(program: () => unknown) {
  const seen: Seen[] = [];
  const urns: string[] = [];
  await pulumi.runtime.setMocks({
    call: ({ inputs }) => inputs,
    newResource: ({ type, name, inputs }) => {
      const secretInputs = Object.keys(inputs).filter((key) =>
        pulumi.runtime.isRpcSecret(inputs[key]),
      );
      const plain = Object.fromEntries(
        Object.entries(inputs).map(([key, value]) => [key, pulumi.runtime.unwrapRpcSecret(value)]),
      );
      seen.push({ type, name, inputs: plain, secretInputs });
      return { id: `${name}-id`, state: plain };
    },
  });
  program();
  await pulumi.runtime.disconnect();
  const monitor = pulumi.runtime.getMonitor() as unknown as { resources?: Map<string, unknown> };
  urns.push(...(monitor.resources?.keys() ?? []));
  const named = (name: string): Seen => {
    const found = seen.find((one) => one.name === name);
    if (found === undefined) throw new Error(`nothing is named ${name}`);
    return found;
  };
  return { seen, urns, named };
}
