import { strict as assert } from "node:assert";
import fc from "fast-check";
import {
  contains,
  formatAddress,
  freeAddress,
  hexAddress,
  parseAddress,
  parseSubnet,
} from "../../rehearsal/network/addresses";
import { type SeenNetwork, waysOut } from "../../rehearsal/network/no-route-out";
import {
  bridgeScript,
  hostAddressBatch,
  planNetwork,
  plugBatch,
} from "../../rehearsal/network/plan";
import { host, site } from "./support/sample-site";

describe("addresses of a rehearsal", () => {
  it("are numbers and texts of each other", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (address) => {
        assert.equal(parseAddress(formatAddress(address)), address);
        assert.equal(Number.parseInt(hexAddress(formatAddress(address)), 16), address);
      }),
    );
  });

  const notAddresses = [
    "",
    "192.0.2",
    "192.0.2.256",
    "192.0.2.1 ",
    "a.b.c.d",
    "::1",
    "192.0.2.1.1",
  ];
  for (const text of notAddresses) {
    it(`${JSON.stringify(text)} is none`, () => assert.equal(parseAddress(text), undefined));
  }

  const notSubnets = ["192.0.2.0", "192.0.2.1/24", "192.0.2.0/31", "0.0.0.0/0", "192.0.2.0/24/1"];
  for (const text of notSubnets) {
    it(`${text} is no subnet that can hold hosts`, () =>
      assert.equal(parseSubnet(text), undefined));
  }

  it("leave the operator one that is in the subnet and nobody's, as long as there is one", () => {
    fc.assert(
      fc.property(fc.integer({ min: 24, max: 30 }), fc.array(fc.nat(255)), (prefix, hosts) => {
        const subnet = parseSubnet(`192.0.2.0/${prefix}`);
        assert.ok(subnet);
        const used = new Set(hosts.map((last) => `192.0.2.${last}`));
        const free = freeAddress(subnet, used);
        const usable = Array.from({ length: 2 ** (32 - prefix) - 2 }, (_, n) => `192.0.2.${n + 1}`);
        if (free === undefined) assert.ok(usable.every((address) => used.has(address)));
        else {
          assert.ok(contains(subnet, parseAddress(free) ?? 0));
          assert.equal(used.has(free), false);
        }
      }),
    );
  });
});

describe("the network of a simulated site", () => {
  it("has a bridge for each subnet and a wire for each host, named after addresses", () => {
    const plan = planNetwork(
      site({
        subnets: ["192.0.2.0/24", "198.51.100.0/25"],
        hosts: [host("a", "192.0.2.254"), host("b", "198.51.100.7")],
      }),
    );
    assert.deepEqual(
      plan.bridges.map(({ link, operatorAddress }) => [link, operatorAddress]),
      [
        ["swc0000200", "192.0.2.253"],
        ["swc6336400", "198.51.100.126"],
      ],
    );
    assert.deepEqual(
      plan.links.map(({ host: name, link, bridge, prefix }) => [name, link, bridge, prefix]),
      [
        ["a", "hc00002fe", "swc0000200", 24],
        ["b", "hc6336407", "swc6336400", 25],
      ],
    );
  });

  it("keeps the names of its links when the site grows", () => {
    const before = planNetwork(site({ hosts: [host("a", "192.0.2.11")] })).links;
    const after = planNetwork(
      site({ hosts: [host("z", "192.0.2.9"), host("a", "192.0.2.11")] }),
    ).links;
    assert.deepEqual(after[1], before[0]);
  });

  it("says so when a subnet has no address left for the operator", () => {
    const full = site({
      subnets: ["192.0.2.0/30"],
      hosts: [host("a", "192.0.2.1"), host("b", "192.0.2.2")],
    });
    assert.throws(() => planNetwork(full), /192\.0\.2\.0\/30 is full\.\n {2}next: widen it/);
  });

  it("routes an extra address outside every subnet onto a bridge, and needs no route for one inside", () => {
    const script = bridgeScript(
      planNetwork(site({ extraAddresses: ["203.0.113.5", "192.0.2.100"] })),
    );
    assert.match(script, /^ip route replace 203\.0\.113\.5\/32 dev swc0000200$/m);
    assert.doesNotMatch(script, /192\.0\.2\.100/);
  });

  it("lets the operator reach only the bastion where access is not direct", () => {
    const bastion = { address: "192.0.2.5", port: 22, logins: host("x", "192.0.2.9").logins };
    const rules = (directAccess: boolean) =>
      bridgeScript(planNetwork(site({ bastion, directAccess })))
        .split("\n")
        .filter((line) => line.startsWith("ip rule add"));
    assert.deepEqual(rules(true), []);
    assert.deepEqual(rules(false), [
      "ip rule add iif lo to 192.0.2.5/32 lookup main pref 110",
      "ip rule add iif lo to 192.0.2.254/32 lookup main pref 110",
      "ip rule add iif lo to 192.0.2.0/24 prohibit pref 120",
    ]);
  });

  it("plugs a host in with an address of its own, the same at each start", () => {
    const [link] = planNetwork(site({ hosts: [host("a", "192.0.2.11")] })).links;
    assert.ok(link);
    assert.equal(
      plugBatch(link, "netns/a"),
      "link add hc000020b type veth peer name eth0 netns netns/a\n" +
        "link set hc000020b master swc0000200 up\n",
    );
    const batch = hostAddressBatch(link).split("\n");
    assert.ok(batch.includes("link set eth0 address 02:00:c0:00:02:0b"));
    assert.ok(batch.includes("address add 192.0.2.11/24 dev eth0"));
    assert.ok(batch.includes("route add default via 192.0.2.254"));
  });
});

describe("the proof that no route leads out", () => {
  const closed: SeenNetwork = {
    links: [
      { ifname: "lo", flags: ["LOOPBACK", "UP"] },
      { ifname: "swc0000200", flags: ["UP"], linkinfo: { info_kind: "bridge" } },
      {
        ifname: "hc000020b",
        flags: ["UP"],
        master: "swc0000200",
        linkinfo: { info_kind: "veth" },
      },
      { ifname: "tunl0", flags: ["NOARP"], linkinfo: { info_kind: "ipip" } },
    ],
    addresses: [
      { ifname: "lo", addr_info: [{ local: "127.0.0.1", scope: "host" }] },
      { ifname: "swc0000200", addr_info: [{ local: "192.0.2.254", scope: "global" }] },
      { ifname: "hc000020b", addr_info: [{ local: "fe80::1", scope: "link" }] },
    ],
    routes: [
      { dst: "192.0.2.0/24", dev: "swc0000200" },
      { type: "local", dst: "127.0.0.1", dev: "lo" },
      { dst: "fe80::/64", dev: "hc000020b" },
      { type: "unreachable", dst: "default" },
    ],
  };
  const withLink = (link: SeenNetwork["links"][number]) => ({
    ...closed,
    links: [...closed.links, link],
  });
  const withRoute = (route: SeenNetwork["routes"][number]) => ({
    ...closed,
    routes: [...closed.routes, route],
  });

  it("holds for a network of ours alone", () => assert.deepEqual(waysOut(closed), []));

  it("holds with a wire that was never plugged in and is down", () => {
    const link = { ifname: "hc000020c", flags: [], linkinfo: { info_kind: "veth" } };
    assert.deepEqual(waysOut(withLink(link)), []);
  });

  const breaches: [string, SeenNetwork, RegExp][] = [
    ["a link that is up and not ours", withLink({ ifname: "eth0", flags: ["UP"] }), /eth0 is up/],
    [
      "a strange link under one of our names",
      withLink({ ifname: "swc6336400", flags: ["UP"], linkinfo: { info_kind: "macvlan" } }),
      /swc6336400 is up/,
    ],
    [
      "a wire in no bridge of ours",
      withLink({ ifname: "hc000020c", flags: ["UP"], linkinfo: { info_kind: "veth" } }),
      /plugged into no bridge/,
    ],
    [
      "an address on a strange link",
      {
        ...closed,
        addresses: [
          ...closed.addresses,
          { ifname: "tunl0", addr_info: [{ local: "10.0.0.1", scope: "global" }] },
        ],
      },
      /tunl0 has the address 10\.0\.0\.1/,
    ],
    ["a default route", withRoute({ dst: "default", dev: "swc0000200" }), /default route/],
    [
      "a route by a gateway",
      withRoute({ dst: "203.0.113.0/24", dev: "swc0000200", gateway: "192.0.2.1" }),
      /203\.0\.113\.0\/24 has a gateway/,
    ],
    [
      "a route by several gateways",
      withRoute({ dst: "203.0.113.0/24", nexthops: [{}] }),
      /has a gateway/,
    ],
    ["a route by a strange link", withRoute({ dst: "10.0.0.0/8", dev: "tunl0" }), /leaves through/],
  ];
  for (const [what, seen, expected] of breaches) {
    it(`fails for ${what}`, () => {
      const found = waysOut(seen);
      assert.equal(found.length, 1);
      assert.match(found[0] ?? "", expected);
    });
  }
});
