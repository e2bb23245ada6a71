import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { findRehearsalTools, progressLine } from "../../rehearsal/run/find-tools";
import { ensureTools } from "../../toolchain/ensure";
import { testToolNames } from "../../toolchain/pins";
import type { ToolEvent } from "../../toolchain/progress";

/**
 * Environment by which tests find the real programs they run.
 * `SITEWRIGHT_TEST_BIN` is a folder with pulumi, controlplane, kwok, crane, helm, prometheus, promtool,
 * alertmanager, amtool and debian-layer.
 * Where they cannot be had, the tests that need them fail and say so.
 */
export async function toolsForTests(
  progress: (line: string) => void,
): Promise<Record<string, string>> {
  if (process.env.SITEWRIGHT_TEST_BIN) return {};
  try {
    const tools = await findRehearsalTools(progress);
    const onProgress = (event: ToolEvent) => progress(progressLine(event));
    const further = await ensureTools(testToolNames, { onProgress });
    const folder = join(tools.cache, "test-bin");
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const { pulumi, controlplane, kwok, crane, helm, debianLayer } = tools;
    const links = { pulumi, controlplane, kwok, crane, helm, "debian-layer": debianLayer };
    for (const [name, path] of Object.entries(links)) symlinkSync(path, join(folder, name));
    for (const name of testToolNames) symlinkSync(further[name].path, join(folder, name));
    return { SITEWRIGHT_TEST_BIN: folder };
  } catch (fault) {
    progress(fault instanceof Error ? fault.message : String(fault));
    progress("tests that need these tools will fail");
    return {};
  }
}
