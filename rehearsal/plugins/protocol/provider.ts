import type { EngineLog } from "./engine-log";
import type { DetailedDiff } from "./property-diff";
import type { PropertyMap } from "./values";

/** What every request carries. */
export interface Request {
  /** Aborted when the engine cancels the run, hangs up or dies. Combine with `afterSeconds`. */
  readonly signal: AbortSignal;
}

/** What every request about one resource carries. */
export interface ResourceRequest extends Request {
  readonly urn: string;
  /** Type token, e.g. `random:index/randomPassword:RandomPassword`. */
  readonly type: string;
  readonly name: string;
  /** Messages shown next to this resource. */
  readonly log: EngineLog;
}

/** Inputs to judge and complete. */
export interface CheckRequest extends ResourceRequest {
  /** Inputs of the last run; empty for a new resource. */
  readonly olds: PropertyMap;
  readonly news: PropertyMap;
  /** Same seed for preview and update of one resource; for names. */
  readonly randomSeed: Uint8Array;
}

/** One input that is wrong. */
export interface CheckFailure {
  /** Path of the input; "" when it is about the whole. */
  readonly property: string;
  readonly reason: string;
}

/** Completed inputs, or what is wrong with them. */
export interface CheckResult {
  readonly inputs: PropertyMap;
  readonly failures?: readonly CheckFailure[];
}

/** Old and new of one resource. */
export interface DiffRequest extends ResourceRequest {
  readonly id: string;
  /** Old state (outputs). */
  readonly olds: PropertyMap;
  readonly oldInputs: PropertyMap;
  readonly news: PropertyMap;
  /** Property paths whose changes do not count; the engine has put the old inputs back already. */
  readonly ignoreChanges: readonly string[];
}

/** What changed. Replacements are those of `detailedDiff` ending in `-replace`. */
export interface DiffResult {
  /** Default: "some" when `detailedDiff` has entries, else "none". */
  readonly changes?: "none" | "some" | "unknown";
  readonly detailedDiff: DetailedDiff;
  /** Names of top-level properties sure to stay as they are, for use in previews. */
  readonly stables?: readonly string[];
  readonly deleteBeforeReplace?: boolean;
}

/** Make the resource, or with `preview` say what it would be. */
export interface CreateRequest extends ResourceRequest {
  readonly properties: PropertyMap;
  readonly preview: boolean;
  /** User's customTimeouts; 0 when none was set. */
  readonly timeoutSeconds: number;
}

/** The resource made. */
export interface CreateResult {
  /** May be "" in a preview only. */
  readonly id: string;
  readonly properties: PropertyMap;
}

/** Look up how the resource is now: refresh (inputs and properties given) or import (id only). */
export interface ReadRequest extends ResourceRequest {
  readonly id: string;
  readonly inputs: PropertyMap;
  readonly properties: PropertyMap;
  readonly timeoutSeconds: number;
}

/** How the resource is now; an id of "" says it is gone. */
export interface ReadResult {
  readonly id: string;
  readonly inputs: PropertyMap;
  readonly properties: PropertyMap;
}

/** Change the resource, or with `preview` say what it would be. */
export interface UpdateRequest extends ResourceRequest {
  readonly id: string;
  readonly olds: PropertyMap;
  readonly oldInputs: PropertyMap;
  readonly news: PropertyMap;
  readonly ignoreChanges: readonly string[];
  readonly preview: boolean;
  readonly timeoutSeconds: number;
}

/** The resource as changed. */
export interface UpdateResult {
  readonly properties: PropertyMap;
}

/** Take the resource away. One that is gone already is no failure. */
export interface DeleteRequest extends ResourceRequest {
  readonly id: string;
  readonly properties: PropertyMap;
  readonly oldInputs: PropertyMap;
  readonly timeoutSeconds: number;
}

/** Configuration of a provider instance; sent only when every value is known. */
export interface ConfigureRequest extends Request {
  readonly args: PropertyMap;
  /** The same as text by `<package>:config:<name>`. */
  readonly variables: Readonly<Record<string, string>>;
  readonly urn: string;
  readonly id: string;
  readonly log: EngineLog;
}

/** A function of the package. */
export interface InvokeRequest extends Request {
  readonly token: string;
  readonly args: PropertyMap;
  readonly preview: boolean;
  readonly log: EngineLog;
}

/** What the function gave. */
export interface InvokeResult {
  readonly value: PropertyMap;
  readonly failures?: readonly CheckFailure[];
}

/**
 * A stand-in for one Pulumi provider. Throw ProviderFailure for a user's mistake and InitFailure
 * for "created but not ready"; anything else thrown is reported as a fault of the stand-in.
 * Component construction and method calls are not offered.
 */
export interface Provider {
  /**
   * Whether secrets come wrapped (the default). With false the engine unwraps them before and marks
   * outputs that are named as secret inputs afterwards, as it does for bridged Terraform providers.
   */
  readonly acceptsSecrets?: boolean;
  /** Default: the inputs as given. */
  checkConfig?(request: CheckRequest): Promise<CheckResult>;
  /** Default: every difference of the inputs is an update. */
  diffConfig?(request: DiffRequest): Promise<DiffResult>;
  /** Default: nothing. */
  configure?(request: ConfigureRequest): Promise<void>;
  check(request: CheckRequest): Promise<CheckResult>;
  diff(request: DiffRequest): Promise<DiffResult>;
  create(request: CreateRequest): Promise<CreateResult>;
  read(request: ReadRequest): Promise<ReadResult>;
  update(request: UpdateRequest): Promise<UpdateResult>;
  delete(request: DeleteRequest): Promise<void>;
  /** Default: no functions. */
  invoke?(request: InvokeRequest): Promise<InvokeResult>;
}
