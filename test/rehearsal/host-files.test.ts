import { strict as assert } from "node:assert";
import fc from "fast-check";
import {
  accountsOf,
  groupFile,
  passwdFile,
  shadowFile,
  sudoersFile,
} from "../../rehearsal/hosts/accounts";
import { commonFiles, hostFiles, operatorHostsFile, sshdConfig } from "../../rehearsal/hosts/files";
import { knownHostsLines } from "../../rehearsal/hosts/host-keys";
import {
  cpuinfoFile,
  meminfoFile,
  nprocScript,
  onlineFile,
} from "../../rehearsal/hosts/kernel-files";
import { hiddenPaths } from "../../rehearsal/hosts/mask";
import { hashPasswords } from "../../rehearsal/hosts/passwords";
import type { PlannedHost, SimulatedLogin } from "../../rehearsal/simulated-site";
import { host } from "./support/sample-site";

const login = (user: string, sudo: SimulatedLogin["sudo"]): SimulatedLogin => ({
  user,
  authorizedKeys: [" ssh-ed25519 AAAA me \n"],
  sudo,
});
const planned = (logins: readonly SimulatedLogin[], sshPorts: readonly number[] = [22]) =>
  ({ ...host("one", "192.0.2.11", { logins }), sshPorts }) satisfies PlannedHost;
const logins = [
  login("root", "none"),
  login("ops", "password"),
  login("free", "nopasswd"),
  login("guest", "none"),
];

describe("accounts of a simulated host", () => {
  const accounts = accountsOf(planned(logins));

  it("give people homes and numbers of their own, and root its own home", () => {
    assert.deepEqual(
      accounts.map(({ user, uid, home }) => [user, uid, home]),
      [
        ["root", 0, "/root"],
        ["ops", 1000, "/home/ops"],
        ["free", 1001, "/home/free"],
        ["guest", 1002, "/home/guest"],
      ],
    );
    const lines = passwdFile(accounts).trim().split("\n");
    assert.equal(lines.filter((line) => line.startsWith("root:")).length, 1);
    assert.ok(lines.includes("guest:x:1002:1002:,,,:/home/guest:/bin/bash"));
    assert.ok(lines.every((line) => line.split(":").length === 7));
  });

  it("let exactly those use sudo whom the site lets", () => {
    const rules = sudoersFile(accounts).split("\n");
    assert.ok(rules.includes("ops ALL=(ALL:ALL) ALL"));
    assert.ok(rules.includes("free ALL=(ALL:ALL) NOPASSWD: ALL"));
    assert.equal(rules.filter((rule) => rule.startsWith("guest")).length, 0);
    assert.match(groupFile(accounts), /^sudo:x:27:ops,free$/m);
  });

  it("that have no password are open to keys and to no password, and not locked", () => {
    const lines = shadowFile(accounts, new Map([["ops", "$6$salt$hash"]])).split("\n");
    assert.ok(lines.includes("ops:$6$salt$hash:20000:0:99999:7:::"));
    for (const user of ["root", "guest", "daemon"]) {
      assert.ok(lines.includes(`${user}:*:20000:0:99999:7:::`), user);
    }
  });

  it("keep passwords as SHA-512 hashes, one for each", () => {
    const hashes = hashPasswords(["a", "b c", "a", "ü$'\""]);
    assert.deepEqual([...hashes.keys()], ["a", "b c", "ü$'\""]);
    for (const hash of hashes.values()) assert.match(hash, /^\$6\$[^$]+\$[A-Za-z0-9./]{86}$/);
    assert.equal(hashPasswords([]).size, 0);
  });
});

describe("files of a simulated host", () => {
  const hostKey = { privateKey: "private", publicKey: "ssh-ed25519 AAAA" };

  it("keep to themselves what is secret", () => {
    const files = hostFiles("sample", planned(logins), hostKey, new Map());
    const mode = (path: string) => files.find((file) => file.path === path)?.mode;
    assert.equal(mode("etc/ssh/ssh_host_ed25519_key"), 0o600);
    assert.equal(mode("etc/shadow"), 0o640);
    assert.equal(mode("etc/sudoers"), 0o440);
    assert.equal(mode("home/ops/.ssh/authorized_keys"), 0o600);
    const keys = files.find((file) => file.path === "home/ops/.ssh/authorized_keys");
    assert.deepEqual([keys?.uid, keys?.content], [1000, "ssh-ed25519 AAAA me\n"]);
  });

  it("never hold a password in clear", () => {
    const secret = "do-not-show-me";
    const people = [{ ...login("ops", "password"), password: secret }];
    const hashes = new Map([["ops", hashPasswords([secret]).get(secret) ?? ""]]);
    const files = [...hostFiles("sample", planned(people), hostKey, hashes), ...commonFiles()];
    assert.equal(JSON.stringify(files).includes(secret), false);
  });

  it("make the SSH server listen where the site says", () => {
    const config = sshdConfig(planned(logins, [22, 2222])).split("\n");
    assert.deepEqual(
      config.filter((line) => line.startsWith("Port ")),
      ["Port 22", "Port 2222"],
    );
  });

  it("pin a key for each port, in OpenSSH's spelling", () => {
    assert.deepEqual(knownHostsLines(planned(logins, [22, 2222]), hostKey), [
      "192.0.2.11 ssh-ed25519 AAAA",
      "[192.0.2.11]:2222 ssh-ed25519 AAAA",
    ]);
  });

  it("name hosts and the site's other names on the operator's side", () => {
    const text = operatorHostsFile(
      [{ name: "one", address: "192.0.2.11" }],
      [{ address: "192.0.2.100", names: ["lb.test", "api.test"] }],
    );
    assert.match(text, /^192\.0\.2\.11 one$/m);
    assert.match(text, /^192\.0\.2\.100 lb\.test api\.test$/m);
    assert.match(text, /^127\.0\.0\.1 localhost$/m);
  });
});

describe("what a simulated host says of its hardware", () => {
  const machine =
    "processor\t: 0\nmodel name\t: Some\nsiblings\t: 2\ncore id\t\t: 0\ncpu cores\t: 2\n\n" +
    "processor\t: 1\nmodel name\t: Some\nsiblings\t: 2\ncore id\t\t: 1\ncpu cores\t: 2\n\n";

  it("has the site's number of processors everywhere", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 128 }), (cpus) => {
        const text = cpuinfoFile(machine, cpus);
        const numbers = [...text.matchAll(/^processor\s*: (\d+)$/gm)].map(([, n]) => Number(n));
        assert.deepEqual(
          numbers,
          Array.from({ length: cpus }, (_, index) => index),
        );
        assert.equal([...text.matchAll(new RegExp(`^cpu cores\\s*: ${cpus}$`, "gm"))].length, cpus);
        assert.equal(onlineFile(cpus), cpus === 1 ? "0\n" : `0-${cpus - 1}\n`);
        assert.match(nprocScript(cpus), new RegExp(`echo ${cpus} ;;`));
      }),
      { numRuns: 20 },
    );
  });

  it("has the site's memory, never less free than there is, and no swap", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2048 }), (memoryGiB) => {
        const text = meminfoFile(memoryGiB);
        const value = (name: string) =>
          Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(text)?.[1]);
        assert.equal(value("MemTotal"), memoryGiB * 1024 * 1024);
        assert.ok(value("MemAvailable") <= value("MemTotal"));
        assert.equal(value("SwapTotal"), 0);
      }),
      { numRuns: 20 },
    );
  });
});

describe("what a simulated host sees of this machine", () => {
  const tree: Readonly<Record<string, readonly string[]>> = {
    "": ["bin", "usr", "etc", "var", "root", "home", "srv", "secrets"],
    etc: ["os-release", "shadow", "ssl", "npmrc", "kubernetes", "unheard-of"],
    "etc/ssl": ["certs", "private"],
    var: ["lib", "log"],
    "var/lib": ["dpkg", "docker"],
    "usr/bin": ["bash", "docker", "kubectl"],
  };

  it("is the distribution, and nothing that is this machine's own or not known", () => {
    assert.deepEqual(
      hiddenPaths((folder) => tree[folder] ?? []).sort(),
      [
        "etc/kubernetes",
        "etc/npmrc",
        "etc/shadow",
        "etc/ssl/private",
        "etc/unheard-of",
        "home",
        "root",
        "secrets",
        "srv",
        "usr/bin/docker",
        "usr/bin/kubectl",
        "var/lib/docker",
        "var/log",
      ].sort(),
    );
  });
});
