import { status } from "@grpc/grpc-js";
import { ProviderFailure } from "../protocol/failure";
import { afterSeconds } from "../protocol/lifetime";
import { detailedDiff, withReplacements } from "../protocol/property-diff";
import type {
  CheckRequest,
  CheckResult,
  CreateRequest,
  CreateResult,
  DeleteRequest,
  DiffRequest,
  DiffResult,
  InvokeRequest,
  InvokeResult,
  Provider,
  ReadRequest,
  ReadResult,
  ResourceRequest,
  UpdateRequest,
  UpdateResult,
} from "../protocol/provider";
import { type PropertyMap, revealMap } from "../protocol/values";
import { copyFile } from "./copy-file";
import { copyToRemote } from "./copy-to-remote";
import { checkFields } from "./fields";
import { localCommand } from "./local-command";
import { runLocal } from "./local-process";
import { previewOfCreate, previewOfUpdate } from "./preview";
import { remoteCommand } from "./remote-command";
import type { CommandResource, Work } from "./resource";
import { localRunFields } from "./tables";

/** Version that the framework of the real provider writes into the provider's own state. */
const frameworkVersion = "1.2.0";

const resources: Readonly<Record<string, CommandResource>> = {
  "command:local:Command": localCommand,
  "command:remote:Command": remoteCommand,
  "command:remote:CopyToRemote": copyToRemote,
  "command:remote:CopyFile": copyFile,
};

/** Runs commands and copies files, here and over SSH; behaves as @pulumi/command does. */
export class CommandProvider implements Provider {
  async checkConfig({ news }: CheckRequest): Promise<CheckResult> {
    return { inputs: { ...news, "__pulumi-go-provider-version": frameworkVersion } };
  }

  async diffConfig(): Promise<DiffResult> {
    // There is nothing to configure, so no instance differs from another.
    return { detailedDiff: {} };
  }

  async check({ type, news }: CheckRequest): Promise<CheckResult> {
    const resource = resourceOf(type);
    const { inputs, failures } = checkFields(resource.fields, news);
    return {
      inputs,
      failures: failures.length > 0 ? failures : (resource.faults?.(revealMap(inputs)) ?? []),
    };
  }

  async diff({ type, oldInputs, news }: DiffRequest): Promise<DiffResult> {
    const resource = resourceOf(type);
    const changes = detailedDiff(oldInputs, news);
    return {
      // Only `triggers` as a whole: for single triggers the SDK sets replaceOnChanges, and the
      // engine does the rest.
      detailedDiff: withReplacements(
        changes,
        (path) => resource.update === undefined || path === "triggers",
      ),
    };
  }

  async create(request: CreateRequest): Promise<CreateResult> {
    const resource = resourceOf(request.type);
    const { properties, preview } = request;
    const id = resource.newId(request.name, preview);
    if (preview) return { id, properties: previewOfCreate(properties, resource.emptyOutputs) };
    const outputs = await resource.create(workOf(request), revealMap(properties));
    return { id, properties: { ...properties, ...outputs } };
  }

  async read({ id, inputs, properties }: ReadRequest): Promise<ReadResult> {
    // A command has nothing to look at afterwards; what was recorded stands.
    return { id, inputs, properties };
  }

  async update(request: UpdateRequest): Promise<UpdateResult> {
    const resource = resourceOf(request.type);
    const { news, olds, preview } = request;
    if (preview) {
      const outputs = outputsOf(resource, olds);
      return { properties: previewOfUpdate(resource.fields, news, outputs, olds) };
    }
    if (resource.update === undefined) {
      throw new ProviderFailure(
        `Update is not implemented for resource ${request.urn}`,
        status.UNIMPLEMENTED,
      );
    }
    const outputs = await resource.update(workOf(request), revealMap(news), revealMap(olds));
    return { properties: { ...news, ...outputs } };
  }

  async delete(request: DeleteRequest): Promise<void> {
    await resourceOf(request.type).delete?.(workOf(request), revealMap(request.properties));
  }

  async invoke({ token, args, log, signal }: InvokeRequest): Promise<InvokeResult> {
    if (token !== "command:local:run") {
      throw new ProviderFailure(`There is no function ${token}.`, status.UNIMPLEMENTED);
    }
    const { inputs, failures } = checkFields(localRunFields, args);
    if (failures.length > 0) return { value: {}, failures };
    const open = revealMap(inputs);
    const work = { name: token, signal, log };
    return { value: { ...inputs, ...(await runLocal(String(open.command), work, open, {})) } };
  }
}

function resourceOf(type: string): CommandResource {
  const resource = resources[type];
  if (resource === undefined) throw new ProviderFailure(`There is no resource type ${type}.`);
  return resource;
}

function workOf(request: ResourceRequest & { readonly timeoutSeconds: number }): Work {
  return {
    name: request.name,
    signal: afterSeconds(request.signal, request.timeoutSeconds),
    log: request.log,
  };
}

function outputsOf(resource: CommandResource, olds: PropertyMap): PropertyMap {
  const outputs = Object.entries(olds).filter(([name]) => !(name in resource.fields.fields));
  return { ...resource.emptyOutputs, ...Object.fromEntries(outputs) };
}
