import type { Path } from "../path";
import type { PodSecurityLevel } from "../schema/pod-security";
import type { ReleaseWorkload } from "../schema/workload";

/** What a workload asks of its nodes that not every Pod security level allows. */
export interface SecurityNeed {
  /** The strictest level that allows it. */
  readonly level: Exclude<PodSecurityLevel, "restricted">;
  /** Where it stands within the workload. */
  readonly path: Path;
  /** What it is, in words that read on from "for". */
  readonly what: string;
}

/** Capabilities that a container may add at each level; any other one needs `privileged`. */
const restrictedCapabilities: readonly string[] = ["NET_BIND_SERVICE"];
export const baselineCapabilities: readonly string[] = [
  "AUDIT_WRITE",
  "CHOWN",
  "DAC_OVERRIDE",
  "FOWNER",
  "FSETID",
  "KILL",
  "MKNOD",
  "NET_BIND_SERVICE",
  "SETFCAP",
  "SETGID",
  "SETPCAP",
  "SETUID",
  "SYS_CHROOT",
];

/** Everything of a workload that Pod security level `restricted` refuses. */
export function securityNeeds(workload: ReleaseWorkload): readonly SecurityNeed[] {
  const { overrides, volumes } = workload;
  const added = overrides.capabilities?.value ?? [];
  return [
    ...(overrides.runAsUser?.value === 0
      ? [need("baseline", ["overrides", "runAsUser"], "processes of root")]
      : []),
    ...added
      .filter((name) => !restrictedCapabilities.includes(name))
      .map((name) =>
        need(
          baselineCapabilities.includes(name) ? "baseline" : "privileged",
          ["overrides", "capabilities"],
          `capability ${name}`,
        ),
      ),
    ...Object.entries(volumes).flatMap(([name, { nfs, hostPath }]) => [
      ...(nfs === undefined
        ? []
        : [need("baseline", ["volumes", name, "nfs"], `a folder of ${nfs.server}`)]),
      ...(hostPath === undefined
        ? []
        : [need("privileged", ["volumes", name, "hostPath"], `the node's ${hostPath.path}`)]),
    ]),
  ];
}

function need(level: SecurityNeed["level"], path: Path, what: string): SecurityNeed {
  return { level, path, what };
}
