import type { PlannedHost, SimulatedLogin } from "../simulated-site";

/** Accounts of a fresh Debian: name, uid, gid, home, shell. */
const systemAccounts: readonly (readonly [string, number, number, string, string])[] = [
  ["root", 0, 0, "/root", "/bin/bash"],
  ["daemon", 1, 1, "/usr/sbin", "/usr/sbin/nologin"],
  ["bin", 2, 2, "/bin", "/usr/sbin/nologin"],
  ["sys", 3, 3, "/dev", "/usr/sbin/nologin"],
  ["sync", 4, 65534, "/bin", "/bin/sync"],
  ["man", 6, 12, "/var/cache/man", "/usr/sbin/nologin"],
  ["mail", 8, 8, "/var/mail", "/usr/sbin/nologin"],
  ["proxy", 13, 13, "/bin", "/usr/sbin/nologin"],
  ["www-data", 33, 33, "/var/www", "/usr/sbin/nologin"],
  ["backup", 34, 34, "/var/backups", "/usr/sbin/nologin"],
  ["haproxy", 101, 101, "/var/lib/haproxy", "/usr/sbin/nologin"],
  ["sshd", 102, 65534, "/run/sshd", "/usr/sbin/nologin"],
  ["docker-registry", 103, 103, "/var/lib/docker-registry", "/usr/sbin/nologin"],
  ["nobody", 65534, 65534, "/nonexistent", "/usr/sbin/nologin"],
];

const systemGroups: readonly (readonly [string, number])[] = [
  ["root", 0],
  ["daemon", 1],
  ["bin", 2],
  ["sys", 3],
  ["adm", 4],
  ["tty", 5],
  ["disk", 6],
  ["mail", 8],
  ["man", 12],
  ["proxy", 13],
  ["sudo", 27],
  ["www-data", 33],
  ["backup", 34],
  ["shadow", 42],
  ["utmp", 43],
  ["staff", 50],
  ["users", 100],
  ["haproxy", 101],
  ["docker-registry", 103],
  ["nogroup", 65534],
];

/**
 * Names that a login cannot have because a system account or group has them; `root` is no such
 * name.
 */
export const takenNames: ReadonlySet<string> = new Set(
  [...systemAccounts, ...systemGroups].map(([name]) => name).filter((name) => name !== "root"),
);

/** First uid of the people who log in. */
const firstUser = 1000;

/** A login with its place on the host. */
export interface Account extends SimulatedLogin {
  readonly uid: number;
  readonly home: string;
}

/** The accounts that the host's logins become. */
export function accountsOf(host: PlannedHost): Account[] {
  let next = firstUser;
  return host.logins.map((login) => {
    if (login.user === "root") return { ...login, uid: 0, home: "/root" };
    next += 1;
    return { ...login, uid: next - 1, home: `/home/${login.user}` };
  });
}

/** Text of /etc/passwd. */
export function passwdFile(accounts: readonly Account[]): string {
  const system = systemAccounts.map(
    ([name, uid, gid, home, shell]) => `${name}:x:${uid}:${gid}:${name}:${home}:${shell}`,
  );
  const people = peopleOf(accounts).map(
    ({ user, uid, home }) => `${user}:x:${uid}:${uid}:,,,:${home}:/bin/bash`,
  );
  return lines([...system, ...people]);
}

/** Text of /etc/group. Whoever may use sudo is in the group `sudo`. */
export function groupFile(accounts: readonly Account[]): string {
  const people = peopleOf(accounts);
  const members = people.filter((account) => account.sudo !== "none").map(({ user }) => user);
  const system = systemGroups.map(
    ([name, gid]) => `${name}:x:${gid}:${name === "sudo" ? members.join(",") : ""}`,
  );
  return lines([...system, ...people.map(({ user, uid }) => `${user}:x:${uid}:`)]);
}

/**
 * Text of /etc/shadow.
 * @param hashes hashes of passwords by user. A user without one gets a field that no password
 * matches, which still lets keys in: the field `!` would lock the account.
 */
export function shadowFile(
  accounts: readonly Account[],
  hashes: ReadonlyMap<string, string>,
): string {
  const users = [...systemAccounts.map(([name]) => name), ...peopleOf(accounts).map((a) => a.user)];
  return lines(users.map((user) => `${user}:${hashes.get(user) ?? "*"}:20000:0:99999:7:::`));
}

/** Text of /etc/sudoers: each login gets exactly what the site says. */
export function sudoersFile(accounts: readonly Account[]): string {
  const rules = peopleOf(accounts).flatMap(({ user, sudo }) => {
    if (sudo === "none") return [];
    return [`${user} ALL=(ALL:ALL) ${sudo === "nopasswd" ? "NOPASSWD: " : ""}ALL`];
  });
  return lines([
    "Defaults env_reset",
    'Defaults secure_path="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"',
    "root ALL=(ALL:ALL) ALL",
    ...rules,
    "@includedir /etc/sudoers.d",
  ]);
}

function peopleOf(accounts: readonly Account[]): readonly Account[] {
  return accounts.filter((account) => account.user !== "root");
}

function lines(all: readonly string[]): string {
  return `${all.join("\n")}\n`;
}
