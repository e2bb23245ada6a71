import {
  Metadata,
  type ServerUnaryCall,
  type ServiceError,
  type sendUnaryData,
  status,
} from "@grpc/grpc-js";
import type { Alias, ComponentResourceOptions, ProviderResource } from "@pulumi/pulumi";
import type { Alias as AliasMessage } from "@pulumi/pulumi/proto/alias_pb";
import { type ConstructRequest, ConstructResponse } from "@pulumi/pulumi/proto/provider_pb";
import { type JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";
import { statusOf } from "../../protocol/error-status";
import type { Session } from "../session";
import { makeComponent } from "./components";
import type { Sdk } from "./register";
import { sdkInternals } from "./sdk-internals";

type Answer = sendUnaryData<ConstructResponse>;

/** Makes components on the engine's request, which is to register resources with its monitor. */
export class Constructor {
  readonly #engineAddress: () => string;
  readonly #session: () => Session;
  readonly #signal: AbortSignal;
  /** Ways to fail the components being made, for faults that surface outside their calls. */
  readonly #underWay = new Set<(error: unknown) => void>();

  constructor(engineAddress: () => string, session: () => Session, signal: AbortSignal) {
    this.#engineAddress = engineAddress;
    this.#session = session;
    this.#signal = signal;
  }

  /** Answers one request. */
  readonly handle = (
    call: ServerUnaryCall<ConstructRequest, ConstructResponse>,
    callback: Answer,
  ): void => {
    let answered = false;
    const answer = (error: Partial<ServiceError> | null, response?: ConstructResponse) => {
      if (answered) return;
      answered = true;
      this.#underWay.delete(fail);
      callback(error, response);
    };
    const fail = (error: unknown) => answer(failureOf(error));
    this.#underWay.add(fail);
    this.#construct(call.request).then((response) => answer(null, response), fail);
  };

  /** Fails what is being made, when a resource below it could not be registered. */
  failAll(error: unknown): boolean {
    const waiting = [...this.#underWay];
    for (const fail of waiting) fail(error);
    return waiting.length > 0;
  }

  async #construct(request: ConstructRequest): Promise<ConstructResponse> {
    const sdk: Sdk = await import("@pulumi/pulumi");
    const internals = sdkInternals();
    return await internals.withOwnStore(async () => {
      await internals.connect(request, this.#engineAddress());
      const inputs = await internals.inputsOf(request);
      const { component, resources } = await makeComponent({
        sdk,
        session: this.#session(),
        type: request.getType(),
        name: request.getName(),
        inputs,
        options: optionsOf(sdk, request),
        signal: this.#signal,
      });
      const response = new ConstructResponse();
      response.setUrn(await internals.urnOf(component));
      const state = resources === undefined ? {} : { resources };
      response.setState(
        Struct.fromJavaScript(
          (await internals.serialize(request, state)) as Record<string, JavaScriptValue>,
        ),
      );
      await internals.allRegistered();
      return response;
    });
  }
}

/** A cancelled monitor is the engine ending the run for another reason, which it shows itself. */
function failureOf(error: unknown): ServiceError {
  const code = (error as { code?: unknown }).code;
  const message = error instanceof Error ? error.message : String(error);
  if (
    code === status.UNAVAILABLE ||
    code === status.CANCELLED ||
    /^failed to register/.test(message)
  ) {
    return Object.assign(new Error(message), {
      code: status.UNKNOWN,
      details: message,
      metadata: new Metadata(),
    });
  }
  return statusOf(error);
}

/** The resource options of a component, as its program gave them. */
function optionsOf(sdk: Sdk, request: ConstructRequest): ComponentResourceOptions {
  const providers: Record<string, ProviderResource> = {};
  for (const [name, reference] of request.getProvidersMap().entries()) {
    providers[name] = new sdk.DependencyProviderResource(reference);
  }
  const parent = request.getParent();
  const timeouts = request.getCustomtimeouts()?.toObject();
  const deletedWith = request.getDeletedwith();
  return {
    aliases: request.getAliasesList().flatMap<Alias | string>((alias) => {
      const spec = alias.getSpec();
      if (alias.hasUrn()) return [alias.getUrn()];
      return spec === undefined ? [] : [aliasOf(sdk, spec)];
    }),
    dependsOn: request.getDependenciesList().map((urn) => new sdk.DependencyResource(urn)),
    protect: request.getProtect(),
    providers,
    ...(parent === "" ? {} : { parent: new sdk.DependencyResource(parent) }),
    ignoreChanges: request.getIgnorechangesList(),
    replaceOnChanges: request.getReplaceonchangesList(),
    ...(timeouts === undefined ? {} : { customTimeouts: timeouts }),
    retainOnDelete: request.getRetainondelete(),
    ...(deletedWith === "" ? {} : { deletedWith: new sdk.DependencyResource(deletedWith) }),
  } as ComponentResourceOptions;
}

function aliasOf(sdk: Sdk, spec: AliasMessage.Spec): Alias {
  const parts = { name: spec.getName(), project: spec.getProject(), stack: spec.getStack() };
  const given = Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== ""));
  const parent = spec.hasParenturn()
    ? { parent: spec.getParenturn() }
    : spec.hasNoparent() && spec.getNoparent()
      ? { parent: sdk.rootStackResource }
      : {};
  return { ...given, ...parent };
}
