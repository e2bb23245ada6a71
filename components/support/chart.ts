import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { ChartBlueprint } from "../../site/platform/part-types";
import { RunError } from "../../site/run-error";

/** Exit code of a machine that lacks something; the same as in cli/exit-codes.ts. */
const exitCode = 5;

export interface ChartArgs {
  readonly chart: ChartBlueprint;
  readonly values: Readonly<Record<string, unknown>>;
  /**
   * What an object must reach before its chart counts as installed, by kind, in the words of the annotation
   * `pulumi.com/waitFor`: `condition=Ready`, `jsonpath={.status.phase}=Ready`, or a list of these. Default: what
   * the provider waits for by itself, which for custom resources is nothing.
   */
  readonly waitFor?: Readonly<Record<string, string | readonly string[]>>;
  /** Kinds that hold data or lead to it: never deleted before somebody unprotects them. */
  readonly protects?: readonly string[];
}

/**
 * Installs a chart of the bundle. Its objects stand in the preview one by one. Definitions of custom resources are
 * left out: they come first, from {@link Definitions}.
 * @throws RunError when the bundle lacks the chart.
 */
export function installChart(
  name: string,
  { chart, values, waitFor = {}, protects = [] }: ChartArgs,
  opts: pulumi.ComponentResourceOptions,
): k8s.helm.v4.Chart {
  return new k8s.helm.v4.Chart(
    name,
    {
      chart: chartPath(chart),
      name: chart.release,
      namespace: chart.namespace,
      values: { ...values },
      skipCrds: true,
    },
    { ...opts, transforms: [...(opts.transforms ?? []), settings(waitFor, protects)] },
  );
}

/** File of the chart below the project. @throws RunError when there is none. */
export function chartPath({ chart, version, path }: ChartBlueprint): string {
  if (path !== undefined) return path;
  throw new RunError(`the bundle has no chart ${chart} ${version}, which this site installs`, {
    exitCode,
    nextStep:
      "build or fetch the bundle of the release; ./sitewright rehearse <site> makes one of its own, --charts DIR puts real charts into it",
  });
}

function settings(
  waitFor: NonNullable<ChartArgs["waitFor"]>,
  protects: readonly string[],
): pulumi.ResourceTransform {
  return ({ type, props, opts }) => {
    const kind = type.slice(type.lastIndexOf(":") + 1);
    const wait = waitFor[kind];
    const protect = protects.includes(kind);
    if (wait === undefined && !protect) return undefined;
    const { metadata = {} } = props;
    const annotations = {
      ...metadata.annotations,
      ...(wait !== undefined && {
        "pulumi.com/waitFor": typeof wait === "string" ? wait : JSON.stringify(wait),
      }),
    };
    return {
      props: { ...props, metadata: { ...metadata, annotations } },
      opts: { ...opts, ...(protect && { protect }) },
    };
  };
}
