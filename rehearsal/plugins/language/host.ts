import {
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
  status,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import * as pb from "@pulumi/pulumi/proto/language_pb";
import { PackageDependency, PluginDependency, PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { version as sdkVersion } from "@pulumi/pulumi/version";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { statusOf } from "../protocol/error-status";
import { ProviderFailure } from "../protocol/failure";
import { type ProviderPackage, programDependencies, providerPackages } from "./packages";
import { runPlugin } from "./plugin";
import { runProgram } from "./program";

/** Answers the engine's questions about Node.js programs and runs them. */
export class LanguageHost {
  readonly #cancelled = new AbortController();
  #engineAddress: string | undefined;

  /** @param engineAddress host:port; undefined until the engine shakes hands. */
  constructor(engineAddress: string | undefined) {
    this.#engineAddress = engineAddress;
  }

  /** Handlers by method name; code generation and linking answer UNIMPLEMENTED. */
  handlers(): UntypedServiceImplementation {
    return {
      handshake: this.#answer(async (request: pb.LanguageHandshakeRequest) => {
        this.#engineAddress ??= request.getEngineAddress();
        return new pb.LanguageHandshakeResponse();
      }),
      getPluginInfo: this.#answer(async () => {
        const info = new PluginInfo();
        info.setVersion(sdkVersion);
        return info;
      }),
      getRequiredPackages: this.#answer(async (request: pb.GetRequiredPackagesRequest) => {
        const response = new pb.GetRequiredPackagesResponse();
        const folder = request.getInfo()?.getProgramDirectory() ?? process.cwd();
        response.setPackagesList(
          providerPackages(folder).map((found) => filled(new PackageDependency(), found)),
        );
        return response;
      }),
      getRequiredPlugins: this.#answer(async (request: pb.GetRequiredPluginsRequest) => {
        const response = new pb.GetRequiredPluginsResponse();
        const folder = request.getInfo()?.getProgramDirectory() || request.getPwd();
        response.setPluginsList(
          providerPackages(folder).map((found) => filled(new PluginDependency(), found)),
        );
        return response;
      }),
      getProgramDependencies: this.#answer(async (request: pb.GetProgramDependenciesRequest) => {
        const folder = request.getInfo()?.getProgramDirectory() || request.getPwd();
        const response = new pb.GetProgramDependenciesResponse();
        response.setDependenciesList(
          programDependencies(folder, request.getTransitivedependencies()).map((dependency) => {
            const entry = new pb.DependencyInfo();
            entry.setName(dependency.name);
            entry.setVersion(dependency.version);
            return entry;
          }),
        );
        return response;
      }),
      about: this.#answer(async () => {
        const response = new pb.AboutResponse();
        response.setExecutable(process.execPath);
        response.setVersion(process.version);
        return response;
      }),
      runtimeOptionsPrompts: this.#answer(async () => new pb.RuntimeOptionsResponse()),
      installDependencies: (
        call: ServerWritableStream<pb.InstallDependenciesRequest, pb.InstallDependenciesResponse>,
      ) => {
        // The launcher of the checkout installs packages; a rehearsal has no way out to do it.
        call.end();
      },
      run: this.#answer(async (request: pb.RunRequest, signal) => {
        if (this.#engineAddress === undefined) {
          throw new ProviderFailure("The engine gave no address to run the program with.");
        }
        const { error, bail } = await runProgram(request, this.#engineAddress, signal);
        const response = new pb.RunResponse();
        response.setError(error);
        response.setBail(bail);
        return response;
      }),
      runPlugin: async (call: ServerWritableStream<pb.RunPluginRequest, pb.RunPluginResponse>) => {
        const signal = this.#signalOf(call);
        try {
          await runPlugin(call.request, (response) => call.write(response), signal);
          call.end();
        } catch (thrown) {
          call.destroy(statusOf(asFailure(thrown)));
        }
      },
      cancel: this.#answer(async () => {
        this.#cancelled.abort(new Error("cancelled by the engine"));
        return new Empty();
      }),
    };
  }

  #signalOf(call: { on(event: "cancelled", listener: () => void): unknown }): AbortSignal {
    const hungUp = new AbortController();
    call.on("cancelled", () => hungUp.abort(new Error("the engine hung up")));
    return AbortSignal.any([hungUp.signal, this.#cancelled.signal]);
  }

  #answer<Req, Res>(handle: (request: Req, signal: AbortSignal) => Promise<Res>) {
    return async (call: ServerUnaryCall<Req, Res>, callback: sendUnaryData<Res>) => {
      try {
        callback(null, await handle(call.request, this.#signalOf(call)));
      } catch (thrown) {
        callback(statusOf(asFailure(thrown)));
      }
    };
  }
}

// What goes wrong here is about the program's folder or options, so the message is enough.
function asFailure(thrown: unknown): unknown {
  return thrown instanceof Error && !(thrown instanceof ProviderFailure)
    ? new ProviderFailure(thrown.message, status.UNKNOWN)
    : thrown;
}

function filled<Entry extends PackageDependency | PluginDependency>(
  entry: Entry,
  { name, version, server }: ProviderPackage,
): Entry {
  entry.setName(name);
  entry.setKind("resource");
  entry.setVersion(version === "" ? "" : `v${version}`);
  entry.setServer(server);
  return entry;
}
