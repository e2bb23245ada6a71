import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { beforeEnd } from "../protocol/lifetime";
import { engineAddress, servePlugin } from "../protocol/server";
import { ProviderService } from "../protocol/service";
import { Constructor } from "./construct/handler";
import { KubernetesProvider } from "./provider";
import { PLUGIN_VERSION } from "./version";

// Stands in for pulumi-resource-kubernetes where only package registries can be reached.

const address = engineAddress(process.argv.slice(2));
const provider = new KubernetesProvider();
const service = new ProviderService(provider, PLUGIN_VERSION, address);
const ended = new AbortController();
const components = new Constructor(
  () => address ?? "",
  () => provider.session,
  ended.signal,
);

beforeEnd(() => {
  service.cancel();
  ended.abort();
});

// The SDK reports a resource that could not be registered outside the call it belongs to.
process.on("unhandledRejection", (error) => {
  if (components.failAll(error)) return;
  process.stderr.write(
    `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
});

void servePlugin(ResourceProviderService, { ...service.handlers(), construct: components.handle });
