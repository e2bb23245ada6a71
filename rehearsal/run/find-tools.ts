import { cacheFolder } from "../../toolchain/cache";
import { ensureDebianLayer } from "../../toolchain/debian-layer";
import { ensureTools, findPlugins } from "../../toolchain/ensure";
import { rehearsalToolNames } from "../../toolchain/pins";
import type { ToolEvent } from "../../toolchain/progress";
import type { RehearsalTools } from "./tools";

/** Finds, fetches or builds what a rehearsal runs; the first time this takes minutes, later a moment. */
export async function findRehearsalTools(
  progress: (line: string) => void,
): Promise<RehearsalTools> {
  const onProgress = (event: ToolEvent) => progress(progressLine(event));
  const layer = await ensureDebianLayer(onProgress);
  const tools = await ensureTools(rehearsalToolNames, { onProgress });
  const found = await findPlugins(tools.pulumi);
  const plugins = Object.entries(found).map(([name, tool]) => [name, tool.path]);
  return {
    cache: cacheFolder(),
    pulumi: tools.pulumi.path,
    controlplane: tools.controlplane.path,
    kwok: tools.kwok.path,
    crane: tools.crane.path,
    helm: tools.helm.path,
    debianLayer: layer.path,
    plugins: Object.fromEntries(plugins),
  };
}

/** `kwok: build, 34 s: compiling …` */
export function progressLine({ tool, stage, detail, elapsedSeconds }: ToolEvent): string {
  const time = elapsedSeconds >= 1 ? `, ${Math.round(elapsedSeconds)} s` : "";
  return `${tool}: ${stage}${time}: ${detail}`;
}
