import type { HostPlan } from "../cluster/plan";
import { type Module, task } from "../engine/pipeline";
import type { Session } from "../engine/session";

/** A script of the config, run on the hosts of one group or on all. */
export interface CustomScript {
  readonly name: string;
  readonly bash: string;
  readonly role?: string | undefined;
}

/** Runs the site's own scripts; every run runs them again. */
export function customScripts(
  session: Session,
  phase: "PreInstall" | "PostClusterInstall" | "PostInstall",
  scripts: readonly CustomScript[],
): Module {
  const { groups, hosts } = session.plan;
  const byRole: Readonly<Record<string, readonly HostPlan[]>> = {
    ...groups,
    master: groups.controlPlane,
  };
  return {
    name: `CustomScriptsModule Phase:${phase}`,
    skip: scripts.length === 0,
    tasks: () =>
      scripts.map((script, index) =>
        task<HostPlan>({
          name: `Phase:${phase}(${index + 1}/${scripts.length}) script:${script.name}`,
          description: `Phase:${phase}(${index + 1}/${scripts.length}) script:${script.name}`,
          hosts: script.role === undefined ? hosts : (byRole[script.role] ?? []),
          tries: 1,
          run: async (host) => {
            session.journal.message(host.name, await session.sudo(host, script.name, script.bash));
          },
        }),
      ),
  };
}
