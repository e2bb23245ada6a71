import { readFileSync } from "node:fs";
import type { HostPlan } from "../cluster/plan";
import { type Module, task } from "../engine/pipeline";
import type { Session } from "../engine/session";
import { Stop } from "../engine/stop";

/** A first word with every host. */
export function greetings(session: Session): Module {
  return {
    name: "GreetingsModule",
    tasks: () => [
      task<HostPlan>({
        name: "Greetings",
        description: "Greetings",
        hosts: session.plan.hosts,
        run: async (host) => {
          const hello = await session.sudo(host, "echo", 'echo "Greetings, KubeKey!"');
          session.journal.message(host.name, hello);
        },
      }),
    ],
  };
}

/** Programs that kk looks for on every host; the first three are a must. */
const lookedFor = [
  ...["sudo", "conntrack", "socat", "curl", "openssl", "ebtables", "ipset", "ipvsadm", "chronyd"],
  ...["docker", "containerd"],
];

/** What the pre-check found, by host and program: an empty text where it is missing. */
export type PreCheck = Map<string, Map<string, string>>;

/** Looks for what an installation needs. */
export function nodePreCheck(session: Session, found: PreCheck): Module {
  return {
    name: "NodePreCheckModule",
    tasks: () => [
      task<HostPlan>({
        name: "NodePreCheck",
        description: "A pre-check on nodes",
        hosts: session.plan.hosts,
        run: async (host) => {
          const output = await session.sudo(
            host,
            "command -v",
            `for name in ${lookedFor.join(" ")}; do command -v "$name" > /dev/null && echo "$name=y"; done\ndate +'time=%Z %H:%M:%S'`,
          );
          const lines = output
            .split("\n")
            .map((line) => line.split("=") as [string, string | undefined]);
          found.set(host.name, new Map(lines.map(([name, value]) => [name, value ?? ""])));
        },
      }),
    ],
  };
}

/** Shows the table, stops where a must is missing or the version is unknown, and asks unless told not to. */
export function confirm(
  session: Session,
  found: PreCheck,
  options: {
    readonly withPackages: boolean;
    readonly yes: boolean;
    readonly supported: readonly string[];
    readonly defaultVersion: string;
  },
): Module {
  const show = async () => {
    const { journal, plan } = session;
    journal.print(table(found));
    let stop = false;
    if (!options.withPackages) {
      for (const [host, programs] of found) {
        for (const needed of lookedFor.slice(0, 3)) {
          if (programs.has(needed)) continue;
          journal.error(`${host}: ${needed} is required.`);
          stop = true;
        }
      }
    }
    journal.print("\nThis is a simple check of your environment.");
    journal.print(
      "Before installation, ensure that your machines meet all requirements specified at",
    );
    journal.print("https://github.com/kubesphere/kubekey#requirements-and-recommendations\n");
    if (plan.kubernetes === options.defaultVersion) {
      journal.print(`Install k8s with default version:  ${plan.kubernetes}\n`);
    } else if (options.supported.includes(plan.kubernetes)) {
      journal.print(`Install k8s with specify version:  ${plan.kubernetes}\n`);
    } else {
      journal.print(`The Kubernetes version: ${plan.kubernetes} isn't supported.`);
      journal.print("Use kk version --show-supported-k8s,show supported k8s versions\n");
      stop = true;
    }
    if (stop) throw new Stop(1);
    if (!options.yes) ask(session, "Continue this installation? [yes/no]: ");
  };
  return {
    name: "ConfirmModule",
    tasks: () => [
      task({ name: "ConfirmForm", description: "Display confirmation form", run: show }),
    ],
  };
}

/** Asks on stdin. @throws {Stop} 0 for no, 1 when stdin ends. */
export function ask(session: Session, question: string): void {
  const input = readStdin();
  for (const line of input) {
    process.stdout.write(question);
    const answer = line.trim().toLowerCase();
    if (["yes", "y"].includes(answer)) return;
    if (["no", "n"].includes(answer)) throw new Stop(0);
  }
  process.stdout.write(question);
  session.journal.fatal("EOF");
  throw new Stop(1);
}

function readStdin(): string[] {
  try {
    return readFileSync(0, "utf8").split("\n").slice(0, -1);
  } catch {
    return [];
  }
}

function table(found: PreCheck): string {
  const columns = ["name", ...lookedFor, "time"];
  const rows = [...found].map(([host, programs]) =>
    columns.map((column) => (column === "name" ? host : (programs.get(column) ?? ""))),
  );
  const widths = columns.map((column, index) =>
    Math.max(column.length, ...rows.map((row) => row[index]?.length ?? 0)),
  );
  const line = `+${widths.map((width) => "-".repeat(width + 2)).join("+")}+`;
  const text = (cells: readonly string[]) =>
    `|${cells.map((cell, index) => ` ${cell.padEnd(widths[index] ?? 0)} `).join("|")}|`;
  return [line, text(columns), line, ...rows.map(text), line].join("\n");
}
