import { type handleUnaryCall, Server, type ServiceDefinition } from "@grpc/grpc-js";
import type {
  AnalyzerStackConfigureRequest,
  AnalyzerStackConfigureResponse,
} from "@pulumi/pulumi/proto/analyzer_pb";
import { RunError } from "../../site/run-error";

/**
 * Pulumi tells a policy pack which stack it judges, and the stack's configuration; the SDK keeps neither. Importing this
 * module, before the pack is made, keeps both.
 */

/** The stack that is judged. */
export interface StackConfiguration {
  readonly stack: string;
  /** With organization and project, by which Pulumi finds it from any folder. Default: the stack alone. */
  readonly wholeName?: string;
  /** Values by key, such as `sitewright:site`; objects as JSON, secrets in clear. */
  readonly config: ReadonlyMap<string, string>;
  /** Whether it is a preview. Default: it is not. */
  readonly dryRun?: boolean;
}

let kept: StackConfiguration | undefined;

/** What Pulumi said. @throws RunError when it has said nothing. */
export function stackConfiguration(): StackConfiguration {
  if (kept !== undefined) return kept;
  throw new RunError(
    "this version of Pulumi does not tell policy packs the stack's configuration",
    {
      nextStep: "use the version that ./sitewright doctor names",
      exitCode: 5,
    },
  );
}

type Configure = handleUnaryCall<AnalyzerStackConfigureRequest, AnalyzerStackConfigureResponse>;

const { addService } = Server.prototype;

Server.prototype.addService = function (this: Server, service: ServiceDefinition, served) {
  const { configureStack } = served as { readonly configureStack?: Configure };
  if (configureStack === undefined) return addService.call(this, service, served);
  const keeping: Configure = (call, answer) => {
    const { request } = call;
    kept = {
      stack: request.getStack(),
      wholeName: [request.getOrganization(), request.getProject(), request.getStack()].join("/"),
      config: new Map(request.getConfigMap().toObject()),
      dryRun: request.getDryRun(),
    };
    configureStack(call, answer);
  };
  return addService.call(this, service, { ...served, configureStack: keeping });
};
