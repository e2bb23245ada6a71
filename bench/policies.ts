/**
 * Shows what the policy pack adds to a preview by the real engine: site-a with its platform and 370 workloads, which comes
 * to 2,000 resources, from nothing, with and without `--policy-pack` in turn. Of several runs the best counts, since
 * other work only lengthens them. Providers and language host are the rehearsal's stand-ins; nothing is asked of a site.
 *
 *   node -r ./toolchain/register.js bench/policies.ts [runs] [workloads]
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { installLanguageHost, installProvider } from "../rehearsal/plugins/protocol/launcher";
import { cacheFolder } from "../toolchain/cache";
import { ensureTools } from "../toolchain/ensure";
import { previewedSite, writeCheckout } from "./checkout";

/** Most that the pack may add, as a share of the preview without it. */
const budget = 0.2;

/** Passphrase of the sample sites, as the README states it. */
const passphrase = "rehearsal";

async function main(runs: number, workloads: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "sitewright-bench-"));
  try {
    const tools = await ensureTools(["pulumi", "controlplane", "kwok", "helm"]);
    const paths = { controlplane: tools.controlplane.path, kwok: tools.kwok.path };
    const root = join(folder, "checkout");
    mkdirSync(root);
    await writeCheckout(root, workloads, paths);
    const engine = engineIn(folder, root, tools.pulumi.path, tools.helm.path);
    engine("stack", "init", previewedSite);
    const preview = ["preview", "--stack", previewedSite];
    const times = Array.from({ length: runs }, () => ({
      without: engine(...preview),
      held: engine(...preview, "--policy-pack", "policies"),
    }));
    const without = best(times.map((one) => one.without));
    const held = best(times.map((one) => one.held));
    const share = held.milliseconds / without.milliseconds - 1;
    console.log(`${without.resources} resources, best of ${runs}:`);
    console.log(`  without the pack  ${(without.milliseconds / 1000).toFixed(1)} s`);
    console.log(`  with the pack     ${(held.milliseconds / 1000).toFixed(1)} s`);
    const holds = share <= budget;
    console.log(`${holds ? "holds" : "MISSED"}  the pack adds ${(share * 100).toFixed(0)} %`);
    if (!holds) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Preview {
  readonly milliseconds: number;
  /** Resources that it would create. */
  readonly resources: number;
}

/** Runs the engine over the checkout, with a backend and plugins of its own. Throws what it printed when it fails. */
function engineIn(folder: string, root: string, pulumi: string, helm: string) {
  const home = join(folder, "home");
  const hosts = join(folder, "hosts");
  const state = join(folder, "state");
  mkdirSync(state);
  installLanguageHost(hosts);
  for (const name of ["random", "command", "kubernetes"]) {
    const { version } = require(`@pulumi/${name}/package.json`) as { version: string };
    installProvider(home, { name, version });
  }
  const env = {
    // The pack asks the engine itself for what the stack held before.
    PATH: [hosts, dirname(pulumi), dirname(process.execPath), process.env.PATH].join(":"),
    HOME: folder,
    PULUMI_HOME: home,
    PULUMI_BACKEND_URL: `file://${state}`,
    PULUMI_CONFIG_PASSPHRASE: passphrase,
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    SITEWRIGHT_CACHE: cacheFolder(),
    SITEWRIGHT_HELM: helm,
  };
  return (...args: readonly string[]): Preview => {
    const started = performance.now();
    const options = { cwd: root, env, encoding: "utf8", maxBuffer: 2 ** 30 } as const;
    const done = spawnSync(pulumi, [...args, "--non-interactive"], options);
    const milliseconds = performance.now() - started;
    const { status, stdout = "", stderr = "" } = done;
    if (status !== 0) {
      // What is refused stands before a long list of outputs.
      const refused = /^Policies:[\s\S]*?(?=\n\S)/m.exec(stdout)?.[0] ?? stdout;
      throw new Error(`pulumi ${args.join(" ")}: ${refused.slice(0, 4000)}\n${stderr}`);
    }
    return { milliseconds, resources: Number(/\+ (\d+) to create/.exec(stdout)?.[1] ?? 0) };
  };
}

function best(previews: readonly Preview[]): Preview {
  return previews.reduce((least, one) => (one.milliseconds < least.milliseconds ? one : least));
}

const [runs = "3", workloads = "370"] = process.argv.slice(2);
main(Number(runs), Number(workloads)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
