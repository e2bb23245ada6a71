import type { ComponentResource, ComponentResourceOptions, Resource } from "@pulumi/pulumi";
import { ProviderFailure } from "../../protocol/failure";
import { renderChart } from "../helm/chart";
import { isMap, type KubeObject } from "../objects/kube-object";
import type { Session } from "../session";
import { decodeYaml } from "../yaml/decode";
import { decodeFiles } from "../yaml/files";
import { flagArgument, resolve, textArgument } from "./arguments";
import { place } from "./place";
import { register, type Sdk } from "./register";

/** A component to make, as the engine asks for it. */
export interface ComponentRequest {
  sdk: Sdk;
  session: Session;
  type: string;
  name: string;
  inputs: Record<string, unknown>;
  options: ComponentResourceOptions;
  signal: AbortSignal;
}

/** A component with what it holds; undefined when a preview cannot know that. */
export interface Component {
  component: ComponentResource;
  resources: Resource[] | undefined;
}

type Values = Record<string, unknown>;
type Manifest = (values: Values, request: ComponentRequest) => Promise<KubeObject[]> | KubeObject[];

const KINDS: Record<string, { manifest: Manifest; isChart: boolean }> = {
  "kubernetes:yaml/v2:ConfigGroup": { manifest: configGroup, isChart: false },
  "kubernetes:yaml/v2:ConfigFile": { manifest: configFile, isChart: false },
  "kubernetes:helm.sh/v4:Chart": { manifest: renderChart, isChart: true },
};

/** Makes a component: registers it, and below it every object of its manifest. */
export async function makeComponent(request: ComponentRequest): Promise<Component> {
  const { sdk, session, type, name, inputs, options, signal } = request;
  const kind = KINDS[type];
  if (kind === undefined) {
    throw new ProviderFailure(
      `The rehearsal's stand-in for the Kubernetes provider does not make components of type ${type}.`,
    );
  }
  session.need();
  const component = new sdk.ComponentResource(type, name, {}, options);
  const resolved = await resolve(sdk, inputs);
  if (!resolved.known) {
    await sdk.log.warn("Input properties have unknown values. Preview is incomplete.", component);
    return { component, resources: undefined };
  }
  const { values } = resolved;
  const manifest = await kind.manifest(values, request);
  const namespace =
    (kind.isChart ? textArgument(values, "namespace") : undefined) || session.defaultNamespace;
  const objects = await place(manifest, namespace, session, signal);
  const resources = register(sdk, objects, {
    parent: component,
    prefix: textArgument(values, "resourcePrefix") ?? name,
    skipAwait: flagArgument(values, "skipAwait"),
    honourHelmPolicy: kind.isChart,
  });
  return { component, resources };
}

function configGroup(values: Values, { name }: ComponentRequest): KubeObject[] {
  const files = listOf(values, "files").map(String);
  const objects = listOf(values, "objs");
  const strays = objects.filter((object) => !isMap(object));
  if (strays.length > 0)
    throw new ProviderFailure(`Every entry of "objs" of ConfigGroup "${name}" must be an object.`);
  return [
    ...files.flatMap((file) => decodeFiles(file, true)),
    ...decodeYaml(textArgument(values, "yaml") ?? "", `"yaml" of ConfigGroup "${name}"`),
    ...objects.filter(isMap),
  ];
}

function configFile(values: Values): KubeObject[] {
  const file = textArgument(values, "file");
  if (file === undefined)
    throw new ProviderFailure('A ConfigFile needs "file", the path of a YAML file.');
  return decodeFiles(file, false);
}

function listOf(values: Values, name: string): unknown[] {
  const value = values[name] ?? [];
  if (Array.isArray(value)) return value;
  throw new ProviderFailure(`"${name}" must be a list.`);
}
