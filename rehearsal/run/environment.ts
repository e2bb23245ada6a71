import { delimiter, join } from "node:path";
import type { Rehearsal } from "../folders";
import { toolPath } from "../machine";

/** Folder of a rehearsal whose links put the pinned tools first on PATH. */
export function toolsFolder({ folders }: Rehearsal): string {
  return join(folders.root, "tools");
}

/** The operator's kubeconfig of the simulated site, written after each run. */
export function kubeconfigFile({ folders }: Rehearsal): string {
  return join(folders.root, "kubeconfig");
}

/**
 * What `pulumi`, `kubectl` and the site's own steps need to find inside a rehearsal: its backend, its plugins, its
 * tools and its cluster, never the user's own.
 */
export function rehearsalEnvironment(
  rehearsal: Rehearsal,
  passphrase: string,
): Record<string, string> {
  const { folders } = rehearsal;
  return {
    PATH: `${join(toolsFolder(rehearsal), "bin")}${delimiter}${toolPath()}`,
    KUBECONFIG: kubeconfigFile(rehearsal),
    PULUMI_HOME: folders.pulumiHome,
    PULUMI_BACKEND_URL: `file://${folders.state}`,
    PULUMI_CONFIG_PASSPHRASE: passphrase,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // Nothing can be fetched in here; without this a missing plugin costs half a minute before it says so.
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    // A policy pack's types are its tests' matter; a deployment need not wait for that.
    PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    SITEWRIGHT_REHEARSAL: rehearsal.site,
  };
}
