import type { ServerUnaryCall, sendUnaryData, UntypedServiceImplementation } from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { checkFailures, checkResponse, diffResponse } from "./answers";
import { Engine, type EngineLog, silentLog } from "./engine-log";
import { statusOf } from "./error-status";
import { detailedDiff } from "./property-diff";
import type { CheckRequest, DiffRequest, Provider, ResourceRequest } from "./provider";
import { fromStruct, toStruct } from "./wire";

interface Addressed {
  getUrn(): string;
  getType(): string;
  getName(): string;
}

/** The gRPC face of a provider: translates requests and answers, logs, cancels. */
export class ProviderService {
  readonly #provider: Provider;
  readonly #version: string;
  readonly #cancelled = new AbortController();
  #engine: Engine | undefined;

  /** @param engineAddress host:port; undefined until the engine attaches. */
  constructor(provider: Provider, version: string, engineAddress: string | undefined) {
    this.#provider = provider;
    this.#version = version;
    if (engineAddress !== undefined) this.#engine = new Engine(engineAddress);
  }

  /** Aborts every request at work. */
  cancel(): void {
    this.#cancelled.abort(new Error("cancelled by the engine"));
  }

  /** Handlers by method name; methods not here answer UNIMPLEMENTED. */
  handlers(): UntypedServiceImplementation {
    const provider = this.#provider;
    return {
      handshake: this.#answer(async (request: pb.ProviderHandshakeRequest) => {
        this.#engine ??= new Engine(request.getEngineAddress());
        const response = new pb.ProviderHandshakeResponse();
        response.setAcceptSecrets(provider.acceptsSecrets ?? true);
        response.setAcceptResources(true);
        response.setAcceptOutputs(true);
        return response;
      }),
      attach: this.#answer(async (request: { getAddress(): string }) => {
        this.#engine = new Engine(request.getAddress());
        return new Empty();
      }),
      getPluginInfo: this.#answer(async () => {
        const info = new PluginInfo();
        info.setVersion(this.#version);
        return info;
      }),
      getSchema: this.#answer(async () => {
        const response = new pb.GetSchemaResponse();
        response.setSchema("{}");
        return response;
      }),
      getMapping: this.#answer(async () => new pb.GetMappingResponse()),
      getMappings: this.#answer(async () => new pb.GetMappingsResponse()),
      cancel: this.#answer(async () => {
        this.cancel();
        return new Empty();
      }),

      checkConfig: this.#answer(async (request: pb.CheckRequest, signal) => {
        const given = this.#checkRequest(request, signal);
        return checkResponse((await provider.checkConfig?.(given)) ?? { inputs: given.news });
      }),
      diffConfig: this.#answer(async (request: pb.DiffRequest, signal) => {
        const given = this.#diffRequest(request, signal);
        return diffResponse(
          (await provider.diffConfig?.(given)) ?? {
            detailedDiff: detailedDiff(given.oldInputs, given.news),
          },
        );
      }),
      configure: this.#answer(async (request: pb.ConfigureRequest, signal) => {
        await provider.configure?.({
          args: fromStruct(request.getArgs()),
          variables: Object.fromEntries(request.getVariablesMap().toObject()),
          urn: request.getUrn() ?? "",
          id: request.getId() ?? "",
          log: this.#log(request.getUrn() ?? ""),
          signal,
        });
        const response = new pb.ConfigureResponse();
        response.setAcceptsecrets(provider.acceptsSecrets ?? true);
        response.setAcceptresources(true);
        response.setAcceptoutputs(true);
        response.setSupportspreview(true);
        return response;
      }),
      invoke: this.#answer(async (request: pb.InvokeRequest, signal) => {
        const { value, failures } = (await provider.invoke?.({
          token: request.getTok(),
          args: fromStruct(request.getArgs()),
          preview: request.getPreview(),
          log: this.#log(""),
          signal,
        })) ?? {
          value: {},
          failures: [{ property: "", reason: `There is no function ${request.getTok()}.` }],
        };
        const response = new pb.InvokeResponse();
        response.setReturn(toStruct(value));
        response.setFailuresList(checkFailures(failures));
        return response;
      }),

      check: this.#answer(async (request: pb.CheckRequest, signal) =>
        checkResponse(await provider.check(this.#checkRequest(request, signal))),
      ),
      diff: this.#answer(async (request: pb.DiffRequest, signal) =>
        diffResponse(await provider.diff(this.#diffRequest(request, signal))),
      ),
      create: this.#answer(async (request: pb.CreateRequest, signal) => {
        const made = await provider.create({
          ...this.#about(request, signal),
          properties: fromStruct(request.getProperties()),
          preview: request.getPreview(),
          timeoutSeconds: request.getTimeout(),
        });
        const response = new pb.CreateResponse();
        response.setId(made.id);
        response.setProperties(toStruct(made.properties));
        return response;
      }),
      read: this.#answer(async (request: pb.ReadRequest, signal) => {
        const found = await provider.read({
          ...this.#about(request, signal),
          id: request.getId(),
          inputs: fromStruct(request.getInputs()),
          properties: fromStruct(request.getProperties()),
          timeoutSeconds: request.getTimeout(),
        });
        const response = new pb.ReadResponse();
        response.setId(found.id);
        response.setInputs(toStruct(found.inputs));
        response.setProperties(toStruct(found.properties));
        return response;
      }),
      update: this.#answer(async (request: pb.UpdateRequest, signal) => {
        const changed = await provider.update({
          ...this.#about(request, signal),
          id: request.getId(),
          olds: fromStruct(request.getOlds()),
          oldInputs: fromStruct(request.getOldInputs()),
          news: fromStruct(request.getNews()),
          ignoreChanges: request.getIgnorechangesList(),
          preview: request.getPreview(),
          timeoutSeconds: request.getTimeout(),
        });
        const response = new pb.UpdateResponse();
        response.setProperties(toStruct(changed.properties));
        return response;
      }),
      delete: this.#answer(async (request: pb.DeleteRequest, signal) => {
        await provider.delete({
          ...this.#about(request, signal),
          id: request.getId(),
          properties: fromStruct(request.getProperties()),
          oldInputs: fromStruct(request.getOldInputs()),
          timeoutSeconds: request.getTimeout(),
        });
        return new Empty();
      }),
    };
  }

  #answer<Req, Res>(handle: (request: Req, signal: AbortSignal) => Promise<Res>) {
    return async (call: ServerUnaryCall<Req, Res>, callback: sendUnaryData<Res>) => {
      const hungUp = new AbortController();
      call.on("cancelled", () => hungUp.abort(new Error("the engine hung up")));
      const signal = AbortSignal.any([hungUp.signal, this.#cancelled.signal]);
      try {
        const response = await handle(call.request, signal);
        // The engine drops what arrives after the answer.
        await this.#engine?.flush();
        callback(null, response);
      } catch (thrown) {
        await this.#engine?.flush();
        callback(statusOf(thrown));
      }
    };
  }

  #log(urn: string): EngineLog {
    return this.#engine?.logFor(urn) ?? silentLog;
  }

  #about(request: Addressed, signal: AbortSignal): ResourceRequest {
    const urn = request.getUrn();
    const [, , types = "", ...name] = urn.split("::");
    return {
      urn,
      type: request.getType() || (types.split("$").at(-1) ?? ""),
      name: request.getName() || name.join("::"),
      log: this.#log(urn),
      signal,
    };
  }

  #checkRequest(request: pb.CheckRequest, signal: AbortSignal): CheckRequest {
    return {
      ...this.#about(request, signal),
      olds: fromStruct(request.getOlds()),
      news: fromStruct(request.getNews()),
      randomSeed: request.getRandomseed_asU8(),
    };
  }

  #diffRequest(request: pb.DiffRequest, signal: AbortSignal): DiffRequest {
    return {
      ...this.#about(request, signal),
      id: request.getId(),
      olds: fromStruct(request.getOlds()),
      oldInputs: fromStruct(request.getOldInputs()),
      news: fromStruct(request.getNews()),
      ignoreChanges: request.getIgnorechangesList(),
    };
  }
}
