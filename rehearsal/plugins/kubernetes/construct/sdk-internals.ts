import type { Inputs, Resource } from "@pulumi/pulumi";
import type { ConstructRequest } from "@pulumi/pulumi/proto/provider_pb";

/**
 * The parts of the Pulumi SDK that its own component providers are built on and that it does not
 * type for others; everything the stand-in takes from there is named here.
 */
interface Untyped {
  withLocalStorage<T>(work: () => Promise<T>): Promise<T>;
  awaitFeatureSupport(): Promise<void>;
  waitForRPCs(): Promise<void>;
  setAllConfig(config: Record<string, string>, secretKeys: string[]): void;
  deserializeInputs(struct: unknown, dependencies: unknown): Promise<Inputs>;
  serializeResourceProperties(label: string, state: Inputs): Promise<[Record<string, unknown>]>;
  resetOptions(
    project: string,
    stack: string,
    parallel: number,
    engine: string,
    monitor: string,
    preview: boolean,
    organization: string,
  ): void;
}

/** What the stand-in does with them. */
export interface SdkInternals {
  /** Runs the work with settings of its own, so that components can be made side by side. */
  withOwnStore<T>(work: () => Promise<T>): Promise<T>;
  /** Points the SDK to the monitor of the run that asks. */
  connect(request: ConstructRequest, engineAddress: string): Promise<void>;
  inputsOf(request: ConstructRequest): Promise<Inputs>;
  urnOf(resource: Resource): Promise<string>;
  serialize(request: ConstructRequest, state: Inputs): Promise<Record<string, unknown>>;
  /** Until every resource has been registered. */
  allRegistered(): Promise<void>;
}

/** Loads them; takes a moment the first time. */
export function sdkInternals(): SdkInternals {
  const untyped = {
    ...require("@pulumi/pulumi/runtime/state"),
    ...require("@pulumi/pulumi/runtime/settings"),
    ...require("@pulumi/pulumi/runtime/config"),
    ...require("@pulumi/pulumi/runtime/rpc"),
    ...require("@pulumi/pulumi/provider/server"),
  } as Untyped;
  return {
    withOwnStore: (work) => untyped.withLocalStorage(work),
    connect: async (request, engineAddress) => {
      untyped.resetOptions(
        request.getProject(),
        request.getStack(),
        request.getParallel(),
        engineAddress,
        request.getMonitorendpoint(),
        request.getDryrun(),
        request.getOrganization(),
      );
      await untyped.awaitFeatureSupport();
      const config = Object.fromEntries(request.getConfigMap().toObject());
      untyped.setAllConfig(config, request.getConfigsecretkeysList());
    },
    inputsOf: (request) =>
      untyped.deserializeInputs(request.getInputs(), request.getInputdependenciesMap()),
    urnOf: (resource) => (resource.urn as unknown as { promise(): Promise<string> }).promise(),
    serialize: async (request, state) => {
      const label = `construct(${request.getType()}, ${request.getName()})`;
      const [serialized] = await untyped.serializeResourceProperties(label, state);
      return serialized;
    },
    allRegistered: () => untyped.waitForRPCs(),
  };
}
