import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { ProviderFailure } from "../../protocol/failure";
import { beforeEnd } from "../../protocol/lifetime";
import { gvkOf } from "../objects/kinds";
import {
  apiVersionOf,
  isMap,
  type KubeObject,
  kindOf,
  nameOf,
  namespaceOf,
  pluck,
  pluckNumber,
  pluckString,
} from "../objects/kube-object";
import type { Session } from "../session";
import { decodeYaml } from "../yaml/decode";
import { locationArguments } from "./chart";
import { type HelmOutput, helmMessage, helmOutput, runHelm } from "./program";
import type { ReleaseArgs } from "./release-args";

/** A release as helm keeps it in the cluster. */
export interface LiveRelease {
  name: string;
  namespace: string;
  revision: number;
  status: string;
  /** Name, version and application version of its chart. */
  chart: string;
  version: string;
  appVersion: string;
  /** The values given to it. */
  values: KubeObject;
  /** Names of its objects by kind, such as "Deployment.apps/apps/v1". */
  resourceNames: Record<string, string[]>;
}

/** The releases of one cluster, by way of the helm program. */
export class Releases {
  readonly #access: string[];

  constructor(session: Session) {
    this.#access = accessArguments(session);
  }

  /** The version that the arguments' chart has. Errors when the chart cannot be found. */
  async chartVersion(args: ReleaseArgs, signal: AbortSignal): Promise<string> {
    const output = await helmOutput(
      { args: ["show", "chart", args.chart, ...location(args)], signal },
      args.chart,
    );
    const chart: unknown = parse(output.stdout);
    return isMap(chart) ? String(chart.version ?? "") : "";
  }

  /** The CRDs that the arguments' chart brings. */
  async chartCrds(args: ReleaseArgs, signal: AbortSignal): Promise<KubeObject[]> {
    const output = await runHelm({ args: ["show", "crds", args.chart, ...location(args)], signal });
    return output.exitCode === 0
      ? decodeYaml(output.stdout, `the CRDs of chart "${args.chart}"`)
      : [];
  }

  /** Installs; the message of the failure, or undefined when all went well. */
  async install(args: ReleaseArgs, signal: AbortSignal): Promise<string | undefined> {
    const flags = [
      ...when(args.createNamespace, "--create-namespace"),
      ...when(args.disableWebhooks, "--no-hooks"),
      ...when(args.skipCrds, "--skip-crds"),
      ...when(args.replace, "--replace"),
      ...when(args.disableOpenapiValidation, "--disable-openapi-validation"),
    ];
    return await this.#change("install", args, flags, signal);
  }

  /** Upgrades; the message of the failure, or undefined when all went well. */
  async upgrade(args: ReleaseArgs, signal: AbortSignal): Promise<string | undefined> {
    const flags = [
      ...when(args.disableCRDHooks, "--no-hooks"),
      ...when(args.forceUpdate, "--force"),
      ...when(args.resetValues, "--reset-values"),
      ...when(args.reuseValues, "--reuse-values"),
      ...when(args.cleanupOnFail, "--cleanup-on-fail"),
      "--history-max",
      String(args.maxHistory ?? 0),
    ];
    return await this.#change("upgrade", args, flags, signal);
  }

  /** Uninstalls; nothing to do when there is no such release. Gives what helm wants to say. */
  async uninstall(args: ReleaseArgs, signal: AbortSignal): Promise<string> {
    const wait = args.atomic || !args.skipAwait ? ["--wait", ...timeout(args)] : [];
    const output = await runHelm({
      args: ["uninstall", args.name, ...this.#at(args.namespace), ...wait],
      signal,
    });
    if (output.exitCode === 0)
      return output.stdout.replace(/release ".*" uninstalled\n?/, "").trim();
    if (isMissing(output)) return "";
    throw new ProviderFailure(helmMessage(output));
  }

  /** The release of that name; undefined when there is none. */
  async find(
    namespace: string,
    name: string,
    signal: AbortSignal,
  ): Promise<LiveRelease | undefined> {
    const at = [name, ...this.#at(namespace), "-o", "json"];
    const [status, metadata] = await Promise.all([
      runHelm({ args: ["status", ...at], signal }),
      runHelm({ args: ["get", "metadata", ...at], signal }),
    ]);
    if (isMissing(status) || isMissing(metadata)) return undefined;
    for (const output of [status, metadata]) {
      if (output.exitCode !== 0) throw new ProviderFailure(helmMessage(output));
    }
    return liveRelease(
      JSON.parse(status.stdout) as KubeObject,
      JSON.parse(metadata.stdout) as KubeObject,
    );
  }

  async #change(
    verb: string,
    args: ReleaseArgs,
    flags: string[],
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const options = [
      ...when(!args.skipAwait, "--wait"),
      ...when(!args.skipAwait && args.waitForJobs, "--wait-for-jobs"),
      ...when(args.atomic, "--atomic"),
      ...when(args.renderSubchartNotes, "--render-subchart-notes"),
      ...(args.description === "" ? [] : ["--description", args.description]),
      ...(args.postrender === "" ? [] : ["--post-renderer", args.postrender]),
      ...timeout(args),
    ];
    const output = await runHelm({
      args: [
        verb,
        args.name,
        args.chart,
        ...this.#at(args.namespace),
        ...location(args),
        ...options,
        ...flags,
        "--values",
        "-",
      ],
      input: JSON.stringify(args.values),
      signal,
    });
    return output.exitCode === 0 ? undefined : helmMessage(output);
  }

  #at(namespace: string): string[] {
    return [...this.#access, ...(namespace === "" ? [] : ["--namespace", namespace])];
  }
}

const when = (asked: boolean, flag: string): string[] => (asked ? [flag] : []);
const timeout = (args: ReleaseArgs): string[] => ["--timeout", `${args.timeout || 300}s`];
const location = (args: ReleaseArgs): string[] => locationArguments({ ...args });
const isMissing = (output: HelmOutput): boolean =>
  output.exitCode !== 0 && output.stderr.includes("not found");

/** The kubeconfig for helm: content goes into a file that only this user can read. */
function accessArguments({ settings }: Session): string[] {
  const args = settings.context === "" ? [] : ["--kube-context", settings.context];
  if (settings.kubeconfig === "") return args;
  if (!settings.kubeconfig.includes("\n") && !settings.kubeconfig.trimStart().startsWith("{")) {
    return [...args, "--kubeconfig", settings.kubeconfig];
  }
  const folder = mkdtempSync(join(tmpdir(), "kubernetes-stand-in-"));
  beforeEnd(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "kubeconfig");
  writeFileSync(file, settings.kubeconfig, { mode: 0o600 });
  return [...args, "--kubeconfig", file];
}

function liveRelease(status: KubeObject, metadata: KubeObject): LiveRelease {
  const values = pluck(status, "config");
  return {
    name: pluckString(status, "name"),
    namespace: pluckString(status, "namespace"),
    revision: pluckNumber(status, "version") ?? 0,
    status: pluckString(status, "info", "status"),
    chart: pluckString(metadata, "chart"),
    version: pluckString(metadata, "version"),
    appVersion: pluckString(metadata, "appVersion"),
    values: isMap(values) ? values : {},
    resourceNames: resourceNames(
      decodeYaml(pluckString(status, "manifest"), "the release's manifest"),
    ),
  };
}

/** Names of objects by kind, such as "Deployment.apps/apps/v1": ["default/web"]. */
export function resourceNames(objects: KubeObject[]): Record<string, string[]> {
  const names: Record<string, string[]> = {};
  for (const object of objects) {
    if (kindOf(object) === "") continue;
    const { group, kind } = gvkOf(object);
    const key = `${group === "" ? kind : `${kind}.${group}`}/${apiVersionOf(object)}`;
    const name =
      namespaceOf(object) === "" ? nameOf(object) : `${namespaceOf(object)}/${nameOf(object)}`;
    names[key] = [...new Set([...(names[key] ?? []), name])].sort();
  }
  return names;
}
