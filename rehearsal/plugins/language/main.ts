import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import { engineAddress, servePlugin } from "../protocol/server";
import { LanguageHost } from "./host";

// Stands in for `pulumi-language-nodejs`, which is published only beside the official engine.
const host = new LanguageHost(engineAddress(process.argv.slice(2)));
void servePlugin(LanguageRuntimeService, host.handlers());
