import { createHash } from "node:crypto";
import { createReadStream, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { HostPlan } from "../cluster/plan";
import { firstControlPlane } from "../cluster/plan";
import { type Module, task } from "../engine/pipeline";
import { runLocally, type Session } from "../engine/session";
import { quoted } from "../engine/shell-text";
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

/** Unpacks the artifact into the work directory, unless that very artifact was unpacked before. */
export function unpackArtifact(session: Session, artifact: string | undefined): Module {
  const md5File = join(session.workDir, "artifact.md5");
  let md5 = "";
  let unchanged = false;
  return {
    name: "UnArchiveArtifactModule",
    skip: artifact === undefined,
    tasks: () => [
      task({
        name: "CheckArtifactMd5",
        description: "Check the KubeKey artifact md5 value",
        run: async () => {
          md5 = await md5Of(artifact ?? "");
          unchanged = existsSync(md5File) && readFileSync(md5File, "utf8").trim() === md5;
        },
      }),
      task({
        name: "UnArchiveArtifact",
        description: "UnArchive the KubeKey artifact",
        when: () => !unchanged,
        run: async () => {
          runLocally(
            `unArchive ${artifact}`,
            `tar -xzf ${quoted(artifact ?? "")} -C ${quoted(session.workDir)} --no-same-owner`,
          );
        },
      }),
      task({
        name: "CreateArtifactMd5File",
        description: "Create the KubeKey artifact Md5 file",
        when: () => !unchanged,
        run: async () => writeFileSync(md5File, md5),
      }),
    ],
  };
}

async function md5Of(path: string): Promise<string> {
  const hash = createHash("md5");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

/** Makes sure that every file kk needs is in the work directory; the real one would try the Internet. */
export function binaries(
  session: Session,
  name: string,
  paths: (arch: string) => readonly string[],
): Module {
  const arches = [...new Set(session.plan.hosts.map((host) => host.arch))];
  return {
    name,
    tasks: () => [
      task({
        name: "DownloadBinaries",
        description:
          name === "RegistryPackageModule"
            ? "Download registry package"
            : "Download installation binaries",
        run: async () => {
          for (const arch of arches) {
            for (const path of paths(arch)) need(session, path);
          }
        },
      }),
    ],
  };
}

function need(session: Session, path: string): void {
  const file = join(session.workDir, path);
  const short = path.split("/")[0] ?? path;
  if (existsSync(file)) {
    session.journal.info(`message: [localhost]\n${short} exists: ${path}`);
    return;
  }
  session.journal.info(
    `message: [localhost]\ndownloading ${path.split("/").slice(1, 3).join(" ")} ...`,
  );
  throw new Error(
    `Failed to download ${short} binary: curl -L -o ${file} https://… error: curl: (6) Could not resolve host: no route out of the site`,
  );
}

/** Lines of /etc/hosts that kk keeps between its two marks. */
export function hostsBlock(session: Session): string[] {
  const { plan } = session;
  const registry = plan.groups.registry[0];
  return [
    "# kubekey hosts BEGIN",
    ...plan.hosts.map(
      (host) => `${host.internalAddress}  ${host.name}.${plan.clusterName} ${host.name}`,
    ),
    ...(registry === undefined
      ? []
      : [`${registry.internalAddress}  ${plan.registry.host || "dockerhub.kubekey.local"}`]),
    ...plan.system.nodeEtcHosts,
    ...(plan.endpoint.externalDns
      ? []
      : [
          `${plan.endpoint.address || firstControlPlane(plan).internalAddress}  ${plan.endpoint.domain}`,
        ]),
    "# kubekey hosts END",
  ];
}

/** Brings the operating systems into shape. What would change the machine under the rehearsal is only written down. */
export function configureOs(session: Session): Module {
  const { plan } = session;
  const script = (host: HostPlan) => `set -e
if [ "$(hostname)" != ${quoted(host.name)} ]; then
  # Only a simulated host has a root of its own over the machine's; a real machine keeps its name.
  [ "$(stat -f -c %T /)" = overlayfs ] && hostname ${quoted(host.name)}
  echo ${quoted(host.name)} > /etc/hostname
fi
sed '/^# kubekey hosts BEGIN/,/^# kubekey hosts END/d' /etc/hosts > /etc/hosts.kk-part
cat >> /etc/hosts.kk-part <<'END'
${hostsBlock(session).join("\n")}
END
cat /etc/hosts.kk-part > /etc/hosts && rm -f /etc/hosts.kk-part
mkdir -p /etc/sysctl.d /usr/local/bin/kube-scripts /etc/kubekey
cat > /etc/sysctl.d/99-kubekey.conf <<'END'
net.ipv4.ip_forward = 1
net.bridge.bridge-nf-call-iptables = 1
vm.max_map_count = 262144
vm.swappiness = 0
fs.inotify.max_user_instances = 524288
END
${plan.system.timezone === "" ? "" : `ln -sfn /usr/share/zoneinfo/${plan.system.timezone} /etc/localtime; echo ${quoted(plan.system.timezone)} > /etc/timezone`}
`;
  const ntp = plan.system.ntpServers.map((server) => `server ${server} iburst`).join("\n");
  return {
    name: "ConfigureOSModule",
    skip: plan.system.skipConfigureOs,
    tasks: () => [
      task<HostPlan>({
        name: "GetOSData",
        description: "Get OS release",
        hosts: plan.hosts,
        run: async (host) => {
          await session.sudo(host, "cat /etc/os-release", "cat /etc/os-release > /dev/null");
        },
      }),
      task<HostPlan>({
        name: "ExecScript",
        description: "Exec init os script",
        hosts: plan.hosts,
        run: async (host) => {
          await session.sudo(host, "initOS.sh", script(host));
        },
      }),
      task<HostPlan>({
        name: "ConfigureNtpServer",
        description: "configure the ntp server for each node",
        hosts: plan.hosts,
        when: () => ntp !== "",
        run: async (host) => {
          await session.sudo(
            host,
            "chronyd",
            `command -v chronyd > /dev/null || { echo "chronyd: command not found"; exit 1; }\nmkdir -p /etc/chrony && printf '%s\\n' ${quoted(ntp)} > /etc/chrony/chrony.conf`,
          );
        },
      }),
    ],
  };
}

/** Sends the offline repository to every host and installs what a node needs from it. */
export function osPackages(session: Session, skip: boolean): Module {
  const folder = "/tmp/kubekey/iso";
  const releases = new Map<string, { readonly release: string; readonly arch: string }>();
  return {
    name: "RepositoryModule",
    skip,
    tasks: () => [
      task<HostPlan>({
        name: "GetOSData",
        description: "Get OS release",
        hosts: session.plan.hosts,
        run: async (host) => {
          const text = await session.sudo(
            host,
            "cat /etc/os-release",
            '. /etc/os-release; echo "$ID/$VERSION_ID $(uname -m)"',
          );
          const [release = "", machine] = text.split(" ");
          const detected = machine === "aarch64" ? "arm64" : "amd64";
          releases.set(host.name, {
            release,
            arch: host.arch === "detected" ? detected : host.arch,
          });
        },
      }),
      task<HostPlan>({
        name: "SyncRepositoryISOFile",
        description: "Sync repository iso file to all nodes",
        hosts: session.plan.hosts,
        tries: 2,
        run: async (host) => {
          const { release = "", arch = "" } = releases.get(host.name) ?? {};
          const file = `${release.replace("/", "-")}-${arch}.iso`;
          const path = join(session.workDir, "repository", arch, release, file);
          if (!existsSync(path))
            throw new Error(
              `Failed to find repository file: open ${path}: no such file or directory`,
            );
          await session.remote(host).run("mkdir -p -m 777 /tmp/kubekey");
          await session.remote(host).send(path, "/tmp/kubekey/repository.iso");
        },
      }),
      task<HostPlan>({
        name: "InstallPackage",
        description: "Install packages",
        hosts: session.plan.hosts,
        tries: 1,
        run: async (host) => {
          await session.sudo(
            host,
            "apt install",
            `set -e
mkdir -p ${folder}
tar -xf /tmp/kubekey/repository.iso -C ${folder}
for program in ${folder}/packages/*/*; do
  name=$(basename "$program")
  command -v "$name" > /dev/null || install -m 755 "$program" "/usr/sbin/$name"
done
rm -rf ${folder} /tmp/kubekey/repository.iso
`,
          );
        },
      }),
    ],
  };
}
