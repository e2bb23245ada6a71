import assert from "node:assert/strict";
import { pages } from "../../site/outputs";
import { sampleSite } from "../support/sites";

describe("Pages of the platform", () => {
  it("are told with their addresses and who logs in", () => {
    const { blueprint } = sampleSite("site-a");
    const passwords = { "argo-cd": "one", grafana: "two", nightingale: "three" };
    const told = pages(blueprint, passwords);
    assert.deepEqual(told.grafana, {
      url: "https://grafana.apps.site-a.example/",
      user: "admin",
      password: "two",
    });
    assert.equal(told.nightingale?.user, "root");
    assert.equal(told.kibana, undefined);
  });

  it("are none where the site has none of them", () => {
    const { monitoring, ...platform } = sampleSite("site-b").blueprint.platform;
    assert.notEqual(monitoring, undefined);
    assert.deepEqual(pages({ platform }, {}), {});
  });
});
