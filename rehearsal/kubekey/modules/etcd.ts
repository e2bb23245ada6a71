import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { daemonFunctions } from "../cluster/daemons";
import * as etcd from "../cluster/etcd";
import type { HostPlan } from "../cluster/plan";
import { type Module, task } from "../engine/pipeline";
import { runLocally, type Session } from "../engine/session";
import { quoted, writeFilesScript } from "../engine/shell-text";

/** How long kk asks an etcd member for its health: twenty tries, five seconds apart. */
const healthSeconds = 100;

/** etcd on its hosts: look, certificates, programs, configuration, health. Members join what is there already. */
export function etcdModules(session: Session): Module[] {
  const { plan } = session;
  const existing = new Set<HostPlan>();
  const folder = join(session.workDir, "pki", "etcd");
  const members = plan.groups.etcd;
  const fresh = (host: HostPlan) => !existing.has(host);
  const holders = [
    ...members,
    ...plan.groups.controlPlane.filter((host) => !members.includes(host)),
  ];
  return [
    {
      name: "ETCDPreCheckModule",
      tasks: () => [
        task<HostPlan>({
          name: "GetETCDStatus",
          description: "Get etcd status",
          hosts: members,
          serial: true,
          run: async (host) => {
            const answer = await session.sudo(
              host,
              "ls /etc/etcd.env",
              "[ -e /etc/etcd.env ] && echo there || echo missing",
            );
            if (answer === "there") existing.add(host);
          },
        }),
      ],
    },
    {
      name: "CertsModule",
      tasks: () => [
        task<HostPlan>({
          name: "FetchETCDCerts",
          description: "Fetch etcd certs",
          hosts: members,
          serial: true,
          when: (host) => existing.has(host) && host === [...existing][0],
          run: (host) => fetchCertificates(session, host, folder),
        }),
        task({
          name: "GenerateETCDCerts",
          description: "Generate etcd Certs",
          run: async () => {
            mkdirSync(folder, { recursive: true, mode: 0o700 });
            runLocally("sign etcd certs", `set -e\n${etcd.etcdPkiScript(folder, plan)}`);
          },
        }),
        task<HostPlan>({
          name: "SyncCertsFile",
          description: "Synchronize certs file",
          hosts: holders,
          tries: 1,
          run: async (host) => {
            const files = etcd.etcdFilesOf(host, plan).map((name) => ({
              path: `${etcd.etcdCertificateFolder}/${name}`,
              content: readFileSync(join(folder, name)),
              mode: "600",
            }));
            await session.sudo(host, "sync etcd certs", `set -e\n${writeFilesScript(files)}`);
          },
        }),
      ],
    },
    {
      name: "InstallETCDBinaryModule",
      tasks: () => [
        task<HostPlan>({
          name: "InstallETCDBinary",
          description: "Install etcd using binary",
          hosts: members,
          tries: 1,
          run: async (host) => {
            await session.sudo(
              host,
              "install etcd",
              `ln -sfn ${session.programs.controlPlane} /usr/local/bin/etcd\n${writeFilesScript([
                {
                  path: "/etc/systemd/system/etcd.service",
                  content:
                    "[Unit]\nDescription=etcd\n[Service]\nEnvironmentFile=/etc/etcd.env\nExecStart=/usr/local/bin/etcd\n",
                },
              ])}`,
            );
          },
        }),
      ],
    },
    {
      name: "ETCDConfigureModule",
      tasks: () => {
        const joining = existing.size > 0 ? members.filter(fresh) : [];
        return [
          task<HostPlan>({
            name: "ExistETCDHealthCheck",
            description: "Health check on exist etcd",
            hosts: members.filter((host) => existing.has(host)),
            tries: 1,
            run: (host) => revive(session, host),
          }),
          task<HostPlan>({
            name: "GenerateETCDConfig",
            description: "Generate etcd.env config on new etcd",
            hosts: existing.size > 0 ? [] : members,
            run: (host) => configure(session, host, members, "new"),
          }),
          task<HostPlan>({
            name: "JoinETCDMember",
            description: "Join etcd member",
            hosts: joining,
            serial: true,
            run: (host) => joinMember(session, host, [...existing], existing),
          }),
          task<HostPlan>({
            name: "AllETCDNodeHealthCheck",
            description: "Health check on all etcd",
            hosts: members,
            tries: 1,
            run: async (host) => {
              await session.sudo(
                host,
                "health check",
                etcd.etcdHealthScript(host, plan, healthSeconds),
              );
            },
          }),
          task<HostPlan>({
            name: "RefreshETCDConfigToExist",
            description: "Refresh etcd.env config to exist mode on all etcd",
            hosts: members,
            run: async (host) => {
              const environment = etcd.etcdEnvironment(host, plan, members, "existing");
              await session.sudo(
                host,
                "etcd.env",
                writeFilesScript([{ path: "/etc/etcd.env", content: environment }]),
              );
            },
          }),
        ];
      },
    },
    {
      name: "ETCDBackupModule",
      tasks: () => [
        task<HostPlan>({
          name: "BackupETCD",
          description: "Backup etcd data regularly",
          hosts: members,
          run: async (host) => {
            await session.sudo(
              host,
              "backup etcd",
              "mkdir -p /usr/local/bin/kube-scripts /var/backups/kube_etcd",
            );
          },
        }),
      ],
    },
  ];
}

async function configure(
  session: Session,
  host: HostPlan,
  members: readonly HostPlan[],
  state: "new" | "existing",
): Promise<void> {
  const environment = etcd.etcdEnvironment(host, session.plan, members, state);
  const write = writeFilesScript([{ path: "/etc/etcd.env", content: environment }]);
  await session.sudo(
    host,
    "systemctl restart etcd",
    `${write}\n${etcd.startEtcdScript(session.programs.controlPlane, true)}`,
  );
}

/** A member that is there already: started when it is down, as its service would be. */
async function revive(session: Session, host: HostPlan): Promise<void> {
  const start = etcd.startEtcdScript(session.programs.controlPlane, false);
  // The members of a cluster that was down wait for one another, so health is asked for once all are up.
  await session.sudo(host, "systemctl start etcd", start);
}

async function joinMember(
  session: Session,
  host: HostPlan,
  present: readonly HostPlan[],
  existing: Set<HostPlan>,
): Promise<void> {
  const { plan } = session;
  const [helper] = present;
  if (helper === undefined) throw new Error("there is no etcd member to join");
  const peer = `https://${host.internalAddress}:${plan.etcd.peerPort}`;
  const folder = etcd.etcdCertificateFolder;
  await session.sudo(
    helper,
    "etcdctl member add",
    `set -o pipefail
call() {
  curl -sS --fail-with-body --max-time 10 --cacert ${folder}/ca.pem --cert ${folder}/admin-${helper.name}.pem \\
    --key ${folder}/admin-${helper.name}-key.pem -d "$2" https://${helper.internalAddress}:${plan.etcd.port}/v3/cluster/member/$1
}
members=$(call list '{}') || { echo "$members"; exit 1; }
case $members in *${quoted(`"${peer}"`)}*) ;; *) call add ${quoted(JSON.stringify({ peerURLs: [peer] }))} ;; esac
`,
  );
  await configure(session, host, [...present, host], "existing");
  await session.sudo(host, "health check", etcd.etcdHealthScript(host, plan, healthSeconds));
  existing.add(host);
}

async function fetchCertificates(session: Session, host: HostPlan, folder: string): Promise<void> {
  const list = await session.sudo(
    host,
    `ls ${etcd.etcdCertificateFolder}`,
    `ls ${etcd.etcdCertificateFolder}`,
  );
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const name of list.split(/\s+/).filter((each) => /^[-a-z0-9.]+\.pem$/.test(each))) {
    writeFileSync(
      join(folder, name),
      await session.readRootFile(host, `${etcd.etcdCertificateFolder}/${name}`),
      { mode: 0o600 },
    );
  }
}

/** Shell lines that take etcd and its data off a host. */
export const uninstallEtcdScript = `${daemonFunctions}
stop etcd
rm -rf "$(sed -n 's/^ETCD_DATA_DIR=//p' /etc/etcd.env 2> /dev/null || echo /var/lib/etcd)" /var/lib/etcd
rm -rf /etc/etcd.env /etc/ssl/etcd /etc/systemd/system/etcd.service /usr/local/bin/etcd
`;
