import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import {
  expiresFile,
  makeFolders,
  rehearsalOf,
  rehearsalsFolder,
  setExpiry,
} from "../../rehearsal/folders";
import { asHost, bootScript, disksScript } from "../../rehearsal/hosts/scripts";
import { enterCommand } from "../../rehearsal/keeper/enter";
import { assertInsideRehearsal } from "../../rehearsal/keeper/inside";
import { mountPoints } from "../../rehearsal/keeper/mount-points";
import { networkNamespace } from "../../rehearsal/keeper/namespaces";
import {
  type KeeperRecord,
  livingRecord,
  recordFile,
  startTime,
} from "../../rehearsal/keeper/record";
import { keeperScript, shellQuote } from "../../rehearsal/keeper/script";
import { type MachineFacts, machineProblems } from "../../rehearsal/machine";

describe("folders of a rehearsal", () => {
  const cases: [string, Parameters<typeof rehearsalsFolder>[0], string][] = [
    [
      "where the user says",
      { SITEWRIGHT_REHEARSALS: "/r", XDG_STATE_HOME: "/s", HOME: "/h" },
      "/r",
    ],
    ["in the state folder", { XDG_STATE_HOME: "/s", HOME: "/h" }, "/s/sitewright/rehearsals"],
    ["in the home", { HOME: "/h" }, "/h/.local/state/sitewright/rehearsals"],
    [
      "in the home when names are empty",
      { XDG_STATE_HOME: "", HOME: "/h" },
      "/h/.local/state/sitewright/rehearsals",
    ],
  ];
  for (const [where, environment, expected] of cases) {
    it(`lie ${where}`, () => assert.equal(rehearsalsFolder(environment), expected));
  }

  for (const name of ["..", "a/b", "", "A", ".hidden"]) {
    it(`are not made for a site named ${JSON.stringify(name)}`, () =>
      assert.throws(() => rehearsalOf(name, { HOME: "/h" }), /letters, digits and dashes/));
  }
});

describe("a rehearsal that does not run", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "sitewright-keeper-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const rehearsal = () => rehearsalOf("sample", { SITEWRIGHT_REHEARSALS: folder });
  const record = (changes: Partial<KeeperRecord> = {}): KeeperRecord => ({
    format: 1,
    keeperPid: 1,
    keeperStart: "0",
    initPid: process.pid,
    initStart: "0",
    bootId: "another boot",
    networkNamespace: "1",
    mountNamespace: "2",
    pidNamespace: "3",
    machineNetworkNamespace: networkNamespace(),
    token: "t",
    ...changes,
  });
  const write = (text: string) => writeFileSync(recordFile(rehearsal()), text);

  it("has folders that nobody else can enter", () => {
    makeFolders(rehearsal());
    makeFolders(rehearsal());
    for (const path of Object.values(rehearsal().folders)) {
      assert.equal(statSync(path).mode & 0o777, 0o700, path);
    }
  });

  it("is not taken for alive by a pid that somebody else has now", () => {
    makeFolders(rehearsal());
    assert.equal(livingRecord(rehearsal()), undefined);
    write("{ damaged");
    assert.equal(livingRecord(rehearsal()), undefined);
    write(JSON.stringify(record({ initStart: startTime(process.pid) ?? "" })));
    assert.equal(livingRecord(rehearsal()), undefined);
  });

  const refusals: [string, Partial<KeeperRecord> | undefined, RegExp][] = [
    ["nothing is recorded", undefined, /no rehearsal is recorded/],
    ["we stand on the machine", {}, /the machine's own network/],
    ["we stand elsewhere", { machineNetworkNamespace: "9" }, /another network namespace/],
    [
      "a new namespace got the number of an old one",
      { machineNetworkNamespace: "9", networkNamespace: networkNamespace() },
      /working memory is not here|process 1 stands/,
    ],
  ];
  for (const [when, changes, expected] of refusals) {
    it(`lets nobody connect when ${when}`, () => {
      makeFolders(rehearsal());
      if (changes !== undefined) write(JSON.stringify(record(changes)));
      // Where there are no network namespaces, nobody can stand in one.
      const elsewhere = changes !== undefined && process.platform !== "linux";
      const reason = elsewhere ? /cannot be read/ : expected;
      assert.throws(() => assertInsideRehearsal(rehearsal()), reason);
    });
  }

  it("has its expiry written in seconds, or as never", () => {
    makeFolders(rehearsal());
    const read = () => spawnSync("cat", [expiresFile(rehearsal())], { encoding: "utf8" }).stdout;
    setExpiry(rehearsal(), new Date(1_700_000_000_999));
    assert.equal(read(), "1700000000\n");
    setExpiry(rehearsal(), "never");
    assert.equal(read(), "never\n");
  });

  it("is entered by a command that dies with whoever entered", () => {
    const argv = enterCommand(record({ initPid: 77 }), ["pulumi", "up"], "/work folder");
    const guard = ["setpriv", "--pdeathsig", "KILL", "--"];
    assert.deepEqual(argv, [
      ...guard,
      ...["nsenter", "--target", "77", "--net", "--mount", "--pid", "--"],
      ...guard,
      ...["env", "-C", "/work folder", "--", "pulumi", "up"],
    ]);
  });
});

describe("shell scripts of a rehearsal", () => {
  it("quote any text", () => {
    fc.assert(
      fc.property(fc.array(fc.string().filter((text) => !text.includes("\0"))), (texts) => {
        const script = `printf '%s\\0' ${texts.map(shellQuote).join(" ")}`;
        const { stdout } = spawnSync("bash", ["-c", script], { encoding: "utf8" });
        assert.deepEqual(stdout.split("\0").slice(0, -1), texts.length === 0 ? [""] : texts);
      }),
      { numRuns: 25 },
    );
  });

  const odd = "/it's a $folder";
  const scripts: [string, string][] = [
    ["keeper", keeperScript({ run: odd, area: odd, token: "t" })],
    ["host", bootScript({ name: "one", visible: [odd], hidden: [odd], disks: [] })],
    ["disk", disksScript([{ name: "one", diskGiB: 0.5, mounted: false }])],
  ];
  for (const [name, script] of scripts) {
    it(`are shell that bash understands: ${name}`, () => {
      const { status, stderr } = spawnSync("bash", ["-n"], { input: script, encoding: "utf8" });
      assert.equal(status, 0, stderr);
    });
  }

  it("size a new disk and resize one that is there, without losing what it holds", () => {
    const fresh = disksScript([{ name: "one", diskGiB: 0.5, mounted: false }]);
    assert.match(fresh, /^mount -t tmpfs -o \S*size=524288k disk hosts\/one$/m);
    const kept = disksScript([{ name: "one", diskGiB: 2, mounted: true }]);
    assert.match(kept, /^mount -o remount,size=2097152k hosts\/one$/m);
    assert.doesNotMatch(kept, /-t tmpfs/);
  });

  it("start what runs on a host without this machine's environment, clock or devices", () => {
    const argv = asHost(["true"]);
    assert.ok(argv.includes("-i"));
    const bounding = argv.find((word) => word.startsWith("--bounding-set="))?.split("=")[1];
    for (const name of ["-sys_time", "-mknod", "-sys_module"]) {
      assert.ok(bounding?.split(",").includes(name), name);
    }
  });

  it("read mount points, with the odd characters in them", () => {
    const text =
      "36 35 98:0 / /plain rw - ext4 /dev/root rw\n37 35 0:5 / /with\\040space rw - tmpfs t rw\n";
    assert.deepEqual(mountPoints(text), ["/plain", "/with space"]);
  });
});

describe("a machine that is to hold a rehearsal", () => {
  const able: MachineFacts = {
    platform: "linux",
    userId: 0,
    effectiveCapabilities: "000001ffffffffff",
    missingTools: [],
    filesystems: "nodev\tproc\nnodev\toverlay\n\text4\n",
  };

  it("lacks nothing when it is Linux with root, tools and overlay", () =>
    assert.deepEqual(machineProblems(able), []));

  const lacking: [string, Partial<MachineFacts>, RegExp][] = [
    ["is no Linux", { platform: "darwin" }, /Linux is needed.*darwin.*check/],
    ["is not entered as root", { userId: 1000 }, /Root is needed.*user 1000.*sudo -E/],
    ["has no nsenter", { missingTools: ["nsenter"] }, /`nsenter` is missing.*util-linux/],
    [
      "is a container without privileges",
      { effectiveCapabilities: "00000000a80425fb", unshareRefusal: "Operation not permitted" },
      /lacks CAP_SYS_ADMIN, CAP_NET_ADMIN.*--privileged/,
    ],
    [
      "forbids namespaces by a profile",
      { unshareRefusal: "Operation not permitted" },
      /Namespaces are refused \(Operation not permitted\).*seccomp=unconfined/,
    ],
    ["has no overlay", { filesystems: "\text4\n" }, /no overlay filesystem.*modprobe overlay/],
  ];
  for (const [what, changes, expected] of lacking) {
    it(`says what to do when it ${what}`, () => {
      const problems = machineProblems({ ...able, ...changes });
      assert.equal(problems.length, 1, problems.join("\n"));
      assert.match(problems[0] ?? "", expected);
    });
  }

  it("names everything that is missing at once", () => {
    const facts = { ...able, missingTools: ["ip", "setpriv"], filesystems: "" };
    assert.equal(machineProblems(facts).length, 3);
  });
});
