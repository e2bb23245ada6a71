import { ProviderFailure } from "../../protocol/failure";
import { isMap, type KubeObject, pluck, pluckString } from "../objects/kube-object";
import { decodeYaml } from "../yaml/decode";
import { helmOutput } from "./program";

/** Renders a chart for the SDK's older helm.v3.Chart, which gives its options as one object. */
export async function renderOldChart(
  options: KubeObject,
  signal: AbortSignal,
): Promise<KubeObject[]> {
  const chart = pluckString(options, "path") || pluckString(options, "chart");
  if (chart === "") throw new ProviderFailure("A Chart needs the name or path of a chart.");
  const repository = pluckString(options, "fetch_opts", "repo");
  const option = (flag: string, value: string) => (value === "" ? [] : [flag, value]);
  const apiVersions = options.api_versions;
  const values = options.values;
  const output = await helmOutput(
    {
      args: [
        "template",
        pluckString(options, "releaseName") || pluckString(options, "release_name") || "release",
        chart,
        ...(pluck(options, "skip_crd_rendering") === true ? ["--skip-crds"] : ["--include-crds"]),
        ...option("--namespace", pluckString(options, "namespace")),
        ...option("--version", pluckString(options, "version")),
        ...option("--repo", repository),
        ...option("--kube-version", pluckString(options, "kube_version")),
        ...(Array.isArray(apiVersions) && apiVersions.length > 0
          ? ["--api-versions", apiVersions.join(",")]
          : []),
        "--values",
        "-",
      ],
      input: JSON.stringify(isMap(values) ? values : {}),
      signal,
    },
    "failed to generate YAML for specified Helm chart",
  );
  return decodeYaml(output.stdout, `chart "${chart}", rendered,`);
}
