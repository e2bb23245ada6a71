import type { EngineLog } from "../protocol/engine-log";
import type { CheckFailure } from "../protocol/provider";
import type { PropertyMap } from "../protocol/values";
import type { Fields } from "./fields";

/** What an operation that does real work is given. */
export interface Work {
  readonly name: string;
  /** Aborted when the run is cancelled or the user's custom timeout has passed. */
  readonly signal: AbortSignal;
  readonly log: EngineLog;
}

/** One resource type of the package. Inputs and outputs come and go without secret envelopes. */
export interface CommandResource {
  readonly fields: Fields;
  /** Outputs of a resource on which nothing has run yet. */
  readonly emptyOutputs: PropertyMap;
  /** Faults beyond wrong types. */
  readonly faults?: (inputs: PropertyMap) => readonly CheckFailure[];
  /** Id of a new resource; "" when a preview must not show one. */
  readonly newId: (name: string, preview: boolean) => string;
  readonly create: (work: Work, inputs: PropertyMap) => Promise<PropertyMap>;
  /** Without it every change replaces the resource. Gives the outputs as changed. */
  readonly update?: (work: Work, inputs: PropertyMap, olds: PropertyMap) => Promise<PropertyMap>;
  /** Without it nothing happens when the resource goes. */
  readonly delete?: (work: Work, olds: PropertyMap) => Promise<void>;
}
