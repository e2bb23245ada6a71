import { ProviderFailure } from "../../protocol/failure";
import { flagArgument, textArgument } from "../construct/arguments";
import type { ComponentRequest } from "../construct/components";
import { isMap, type KubeObject, pluckString } from "../objects/kube-object";
import { decodeYaml } from "../yaml/decode";
import { helmOutput } from "./program";
import { chartValues } from "./values";

type Values = Record<string, unknown>;

/** Renders a chart as `helm template` does, without its hooks, for the cluster's version. */
export async function renderChart(
  values: Values,
  request: ComponentRequest,
): Promise<KubeObject[]> {
  const { session, signal, sdk } = request;
  const chart = textArgument(values, "chart");
  if (chart === undefined) throw new ProviderFailure('A Chart needs "chart", the path of a chart.');
  if (flagArgument(values, "includeHooks")) {
    await sdk.log.warn(
      "includeHooks is only supported when the provider is configured with renderYamlToDirectory; Helm hooks will be ignored.",
    );
  }
  const apiVersions = await session.need().discovery.apiVersions(signal);
  const output = await helmOutput(
    {
      args: [
        "template",
        textArgument(values, "name") || request.name,
        chart,
        "--namespace",
        textArgument(values, "namespace") || session.defaultNamespace,
        "--no-hooks",
        ...(flagArgument(values, "skipCrds") ? ["--skip-crds"] : ["--include-crds"]),
        "--kube-version",
        session.version,
        "--api-versions",
        apiVersions.join(","),
        "--values",
        "-",
        ...locationArguments(values),
        ...postRenderer(values),
      ],
      input: JSON.stringify(await chartValues(listOf(values.valueYamlFiles), values.values)),
      signal,
    },
    `chart "${chart}" could not be rendered`,
  );
  if (/chart is deprecated/i.test(output.stderr)) {
    await sdk.log.warn(`Using a deprecated Helm chart (${chart})`);
  }
  return decodeYaml(output.stdout, `chart "${chart}", rendered,`);
}

/** Where the chart comes from, and how it is checked. */
export function locationArguments(values: Values): string[] {
  const args: string[] = [];
  const option = (flag: string, value: string | undefined) => {
    if (value !== undefined && value !== "") args.push(flag, value);
  };
  option("--version", textArgument(values, "version"));
  if (flagArgument(values, "devel")) args.push("--devel");
  if (flagArgument(values, "dependencyUpdate")) args.push("--dependency-update");
  if (flagArgument(values, "verify")) args.push("--verify");
  if (flagArgument(values, "plainHttp")) args.push("--plain-http");
  const { repositoryOpts } = values;
  if (isMap(repositoryOpts)) {
    option("--repo", pluckString(repositoryOpts, "repo"));
    option("--username", pluckString(repositoryOpts, "username"));
    if (pluckString(repositoryOpts, "password") !== "") {
      // An argument would show the password to every user of the machine.
      throw new ProviderFailure(
        "The rehearsal's stand-in takes no repository password; log helm in beforehand, or use a local chart.",
      );
    }
    option("--ca-file", pluckString(repositoryOpts, "caFile"));
    option("--cert-file", pluckString(repositoryOpts, "certFile"));
    option("--key-file", pluckString(repositoryOpts, "keyFile"));
  }
  return args;
}

function postRenderer({ postRenderer: renderer }: Values): string[] {
  if (!isMap(renderer)) return [];
  const args = listOf(renderer.args).flatMap((arg) => ["--post-renderer-args", String(arg)]);
  return ["--post-renderer", pluckString(renderer, "command"), ...args];
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
