import assert from "node:assert/strict";
import fc from "fast-check";
import { asWanted } from "../../cli/step/nightingale/as-wanted";
import { boardBodies } from "../../components/nightingale/configuration/boards";
import { loudTimes } from "../../components/nightingale/configuration/channels";
import {
  contentDigests,
  nightingaleConfiguration,
} from "../../components/nightingale/configuration/configuration";
import { databaseAddress } from "../../components/nightingale/server-config";
import { alertmanagerTells } from "../../site/alerting/teller";
import { weekdays } from "../../site/schema/week-times";
import { sampleSite } from "../support/sites";
import { boards, notifyingContent } from "./site";

describe("What is sent to Nightingale", () => {
  it("has every rule that alerts of the sample site, each name once, and fits one message", () => {
    const { nightingale, monitoring } = sampleSite("site-a").blueprint.platform;
    assert.ok(nightingale && monitoring);
    const { rules, teams } = nightingaleConfiguration(nightingale.content, () => "");
    const names = nightingale.content.rules.flatMap(({ groups }) =>
      groups.flatMap((group) => group.rules.flatMap((rule) => ("alert" in rule ? rule.alert : []))),
    );
    assert.deepEqual(rules.map(({ name }) => name).sort(), [...names].sort());
    assert.equal(new Set(names).size, names.length);
    for (const { name, append_tags } of rules) {
      // What it would refuse in the middle of a deployment.
      assert.doesNotMatch(name, /[<>&'"]|:\/\/|\.\.\//);
      const keys = append_tags.map((tag) => tag.split("=")[0]);
      assert.equal(new Set(keys).size, keys.length, name);
      assert.ok(
        append_tags.every((tag) => /^[^=\s]+=[^\s]*$/.test(tag)),
        name,
      );
      const team = append_tags.find((tag) => tag.startsWith("team="))?.slice("team=".length);
      assert.ok(teams.includes(team ?? ""), name);
    }
  });

  it("has digests by name that no secret changes", () => {
    const content = notifyingContent([], true);
    const digests = contentDigests(content);
    assert.deepEqual(Object.keys(digests), [
      "places",
      "board Site",
      "board Hosts",
      "channel sitewright night",
      "channel sitewright room",
      "notify rule sitewright platform",
    ]);
    const [one, other] = ["a", "b"].map((value) =>
      JSON.stringify(nightingaleConfiguration(content, () => value)),
    );
    assert.notEqual(one, other);
    assert.deepEqual(contentDigests(content), digests);
    const renamed = contentDigests({ ...content, prometheusUrl: "http://other" });
    assert.notEqual(renamed.places, digests.places);
    assert.equal(renamed["board Site"], digests["board Site"]);
  });

  it("puts panels where no other is, in rows of 24 columns", () => {
    const all = [
      ...boards,
      ...(sampleSite("site-a").blueprint.platform.nightingale?.content.dashboards ?? []),
    ];
    for (const { name, configs } of boardBodies(all)) {
      const taken = new Set<string>();
      for (const { id, layout } of JSON.parse(configs).panels) {
        assert.ok(layout.x + layout.w <= 24, `${name} ${id}`);
        for (let x = layout.x; x < layout.x + layout.w; x++) {
          for (let y = layout.y; y < layout.y + layout.h; y++) {
            assert.ok(!taken.has(`${x}/${y}`), `${name} ${id}`);
            taken.add(`${x}/${y}`);
          }
        }
      }
    }
  });

  it("leads from board to board by names that boards have", () => {
    const [site] = boardBodies(boards);
    assert.deepEqual(JSON.parse(site?.configs ?? "").links, [
      { title: "Hosts", url: "/dashboards/site-hosts", targetBlank: false },
    ]);
  });

  it("tells at every minute that is not quiet, and at no other", () => {
    const span = fc
      .tuple(
        fc.subarray([...weekdays], { minLength: 1 }),
        fc.nat(1439),
        fc.integer({ min: 1, max: 1440 }),
      )
      .filter(([, from, to]) => from < to)
      .map(([days, fromMinute, toMinute]) => ({ days, fromMinute, toMinute }));
    fc.assert(
      fc.property(
        fc.array(span, { maxLength: 5 }),
        fc.nat(6),
        fc.nat(1439),
        (quiet, day, minute) => {
          const name = weekdays[day];
          const isQuiet = quiet.some(
            ({ days, fromMinute, toMinute }) =>
              days.some((one) => one === name) && fromMinute <= minute && minute < toMinute,
          );
          const clock = `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
          // Its days begin with Sunday.
          const loud = loudTimes(quiet).some(
            ({ start, end, week }) => week.includes((day + 1) % 7) && start <= clock && clock < end,
          );
          assert.equal(loud, !isQuiet);
        },
      ),
    );
  });

  it("leaves Alertmanager with the sign of life where Nightingale tells people", () => {
    const { site } = sampleSite("site-a");
    assert.ok(site.nightingale);
    const usual = alertmanagerTells("site-a", site);
    assert.ok(usual?.teams.some(({ told }) => told.critical.length > 0));
    const quiet = alertmanagerTells("site-a", {
      ...site,
      nightingale: { ...site.nightingale, notifies: true },
    });
    assert.ok(quiet?.teams.every(({ told }) => Object.values(told).flat().length === 0));
    assert.deepEqual(quiet?.receivers, []);
    assert.deepEqual(quiet?.heartbeat, usual?.heartbeat);
  });

  const login = {
    host: "db",
    port: 1,
    name: "n",
    user: "u",
    kind: "external",
    passwordSecret: "s",
  } as const;
  const addresses = [
    [
      "mysql",
      false,
      undefined,
      "u:p@tcp(db:1)/n?charset=utf8mb4&collation=utf8mb4_general_ci&parseTime=True&loc=Local",
    ],
    [
      "mysql",
      true,
      undefined,
      "u:p@tcp(db:1)/n?charset=utf8mb4&collation=utf8mb4_general_ci&parseTime=True&loc=Local&tls=true",
    ],
    ["postgres", false, undefined, "host=db port=1 user=u dbname=n password=p sslmode=disable"],
    ["postgres", true, undefined, "host=db port=1 user=u dbname=n password=p sslmode=verify-full"],
  ] as const;
  for (const [engine, tls, , address] of addresses) {
    it(`reaches ${engine} ${tls ? "by TLS" : "in clear"}`, () => {
      assert.equal(databaseAddress({ ...login, engine, tls }, "p"), address);
    });
  }
});

describe("What Nightingale has", () => {
  const cases = [
    ["keys of its own", { a: 1, id: 5 }, { a: 1 }, true],
    ["null for an empty list", { a: null }, { a: [] }, true],
    ["nothing for an empty object", {}, { a: {} }, true],
    ["another value", { a: 2 }, { a: 1 }, false],
    ["no value", {}, { a: 1 }, false],
    ["something for an empty list", { a: [1] }, { a: [] }, false],
    ["another order", { a: [2, 1] }, { a: [1, 2] }, false],
    ["more in a list", { a: [1, 2] }, { a: [1] }, false],
    ["another value within", { a: { b: { c: 1 } } }, { a: { b: { c: 2 } } }, false],
    ["false for nothing", { a: false }, { a: undefined }, false],
    ["an empty text for an empty text", { a: "" }, { a: "" }, true],
    ["nothing for zero", {}, { a: 0 }, false],
  ] as const;
  for (const [what, found, wanted, fits] of cases) {
    it(`is ${fits ? "" : "not "}as wanted with ${what}`, () => {
      assert.equal(asWanted(found, wanted), fits);
    });
  }
});
