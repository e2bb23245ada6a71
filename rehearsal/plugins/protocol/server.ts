import {
  Server,
  ServerCredentials,
  type ServiceDefinition,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { beforeEnd, end, endWithEngine } from "./lifetime";
import type { Provider } from "./provider";
import { ProviderService } from "./service";

/**
 * Turns this process into a provider plugin: serves on a free loopback port, prints that port as the
 * first line on standard output as the engine expects, and ends with the engine.
 *
 * @param version of the real plugin that this one stands in for, without "v".
 */
export async function serveProvider(provider: Provider, version: string): Promise<void> {
  const service = new ProviderService(provider, version, engineAddress(process.argv.slice(2)));
  beforeEnd(() => service.cancel());
  await servePlugin(ResourceProviderService, service.handlers());
}

/** The same for any other plugin service, such as a language host. */
export async function servePlugin(
  definition: ServiceDefinition,
  handlers: UntypedServiceImplementation,
): Promise<void> {
  endWithEngine();
  process.on("uncaughtException", (error) => {
    process.stderr.write(`${error.stack ?? error.message}\n`);
    end(1);
  });
  const server = new Server({
    "grpc.max_receive_message_length": -1,
    "grpc.max_send_message_length": -1,
  });
  server.addService(definition, handlers);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  process.stdout.write(`${port}\n`);
}

/** The engine's host:port, which it gives as the last argument; undefined when it will attach. */
export function engineAddress(args: readonly string[]): string | undefined {
  const last = args.at(-1);
  return last === undefined || last.startsWith("-") ? undefined : last;
}
