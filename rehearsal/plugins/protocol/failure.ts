import { status } from "@grpc/grpc-js";
import type { PropertyMap } from "./values";

/**
 * A failure that the engine shows to the user as it stands, without a stack trace. Codes other
 * than UNKNOWN, INTERNAL and DATA_LOSS tell the engine that the resource is as it was before.
 */
export class ProviderFailure extends Error {
  readonly code: status;
  constructor(message: string, code: status = status.UNKNOWN) {
    super(message);
    this.name = "ProviderFailure";
    this.code = code;
  }
}

/**
 * The resource exists but is not in order ("created but not ready"). The engine records it with
 * these properties, shows the reasons, and the next run updates it instead of creating it again.
 */
export class InitFailure extends Error {
  readonly id: string;
  readonly properties: PropertyMap;
  /** Inputs as read back from the system; only Read sends them. */
  readonly inputs: PropertyMap | undefined;
  readonly reasons: readonly string[];
  constructor(
    message: string,
    resource: {
      readonly id: string;
      readonly properties: PropertyMap;
      readonly inputs?: PropertyMap;
      readonly reasons: readonly string[];
    },
  ) {
    super(message);
    this.name = "InitFailure";
    this.id = resource.id;
    this.properties = resource.properties;
    this.inputs = resource.inputs;
    this.reasons = resource.reasons;
  }
}
