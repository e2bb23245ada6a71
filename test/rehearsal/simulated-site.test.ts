import { strict as assert } from "node:assert";
import { plannedHosts, type SimulatedSite, siteProblems } from "../../rehearsal/simulated-site";
import { host, site } from "./support/sample-site";

const ops = { user: "ops", password: "secret", authorizedKeys: [], sudo: "password" } as const;
const withHost = (changes: Parameters<typeof host>[2]) =>
  site({ hosts: [host("one", "192.0.2.11", changes)] });
const withLogin = (changes: object) => withHost({ logins: [{ ...ops, ...changes }] });

describe("a site to be simulated", () => {
  it("has no problem when it is right", () => assert.deepEqual(siteProblems(site()), []));

  const wrong: [string, SimulatedSite, RegExp][] = [
    ["a name that leads elsewhere", site({ name: "../x" }), /site's name.*"\.\.\/x"/],
    ["a subnet that is none", site({ subnets: ["192.0.2.0/24", "x"] }), /subnet must look.*"x"/],
    [
      "subnets that overlap",
      site({ subnets: ["192.0.2.0/24", "192.0.2.128/25"] }),
      /must not overlap: 192\.0\.2\.0\/24 and 192\.0\.2\.128\/25/,
    ],
    [
      "two hosts of one name",
      site({ hosts: [host("one", "192.0.2.11"), host("one", "192.0.2.12")] }),
      /two hosts are named one/,
    ],
    [
      "two hosts at one address",
      site({ hosts: [host("one", "192.0.2.11"), host("two", "192.0.2.11")] }),
      /host two and host one both have 192\.0\.2\.11/,
    ],
    ["a host name with a space", site({ hosts: [host("a b", "192.0.2.11")] }), /"a b"/],
    ["a host at no address", site({ hosts: [host("one", "::1")] }), /IPv4 address, got "::1"/],
    [
      "a host outside every subnet",
      site({ hosts: [host("one", "203.0.113.1")] }),
      /203\.0\.113\.1 is in none of 192\.0\.2\.0\/24/,
    ],
    ["a host without a disk", withHost({ diskGiB: 0 }), /diskGiB must be more than 0, got 0/],
    ["half a processor", withHost({ cpus: 0.5 }), /cpus must be whole, got 0\.5/],
    ["memory that is no number", withHost({ memoryGiB: Number.NaN }), /memoryGiB must be more/],
    ["an SSH port that is none", withHost({ sshPort: 70000 }), /port must be 1 to 65535/],
    ["a host nobody can enter", withHost({ logins: [] }), /has no login/],
    ["two logins of one user", withHost({ logins: [ops, ops] }), /two logins for ops/],
    ["a user who is no Unix name", withLogin({ user: "Ops Team" }), /Unix name, got "Ops Team"/],
    ["a user the system has already", withLogin({ user: "sshd" }), /sshd is an account/],
    ["a password of two lines", withLogin({ password: "a\nb" }), /one line of 1 to 256/],
    ["an empty password", withLogin({ password: "" }), /one line of 1 to 256/],
    ["a key of two lines", withLogin({ authorizedKeys: ["a\nb"] }), /key of ops must be one line/],
    [
      "sudo by a password that is not there",
      withHost({ logins: [{ user: "ops", authorizedKeys: ["k"], sudo: "password" }] }),
      /asks for a password, but it has none/,
    ],
    ["an extra address that is none", site({ extraAddresses: ["vip"] }), /extra address.*"vip"/],
    [
      "an extra address that is a host's",
      site({ extraAddresses: ["192.0.2.12"] }),
      /already that of host two/,
    ],
    ["no access and no bastion", site({ directAccess: false }), /without a bastion/],
  ];
  for (const [what, faulty, expected] of wrong) {
    it(`is refused for ${what}`, () => {
      const problems = siteProblems(faulty);
      assert.equal(problems.length, 1, problems.join("\n"));
      assert.match(problems[0] ?? "", expected);
    });
  }

  it("is told every problem at once", () => {
    const faulty = site({ hosts: [host("a b", "x", { cpus: -1, logins: [] })] });
    assert.equal(siteProblems(faulty).length, 4);
  });

  describe("with a bastion", () => {
    const jump = { ...ops, user: "jump" };

    it("at an address of its own gets one more machine", () => {
      const bastion = { address: "192.0.2.5", port: 2222, logins: [jump] };
      const added = plannedHosts(site({ bastion })).at(-1);
      assert.deepEqual([added?.name, added?.sshPorts], ["bastion", [2222]]);
    });

    it("at a host's address gives that host the bastion's port and logins", () => {
      const bastion = { address: "192.0.2.12", port: 2222, logins: [jump, ops] };
      const hosts = plannedHosts(site({ bastion }));
      assert.equal(hosts.length, 2);
      assert.deepEqual(hosts[1]?.sshPorts, [22, 2222]);
      assert.deepEqual(
        hosts[1]?.logins.map(({ user }) => user),
        ["ops", "jump"],
      );
    });
  });
});
