import assert from "node:assert/strict";
import { problemsWith } from "../support/platform-site";
import { problemsOf } from "../support/sites";
import { type Any, centreSite, external, keep, secretNames } from "./site";

interface Case {
  readonly title: string;
  readonly spoil: (site: Any) => void;
  /** Path, then the beginning of what is needed there, of every problem expected. */
  readonly problems: readonly string[];
}

const cases: readonly Case[] = [
  { title: "nothing in a sound site", spoil: () => {}, problems: [] },
  {
    title: "nothing in a site with the customer's own, and no storage",
    spoil: (site) => {
      site.configCentre = external;
      delete site.storage;
    },
    problems: [],
  },
  {
    title: "a licence that nobody accepted",
    spoil: (site) => {
      site.configCentre = { kind: "consul" };
    },
    problems: ["configCentre.acceptLicence: true: Consul's licence"],
  },
  {
    title: "more servers than workers",
    spoil: (site) => {
      site.configCentre.replicas = 3;
    },
    problems: ["configCentre.replicas: a worker for each server, here at most 2"],
  },
  {
    title: "a number of servers that cannot decide",
    spoil: (site) => {
      site.configCentre.replicas = 2;
    },
    problems: ["configCentre.replicas: 1 or 3"],
  },
  {
    title: "nowhere to keep data",
    spoil: (site) => {
      delete site.storage;
    },
    problems: ["configCentre: storage at the site"],
  },
  {
    title: "a class that the site does not have",
    spoil: (site) => {
      site.configCentre.storageClass = "fast";
    },
    problems: ["configCentre.storageClass: a class of the site"],
  },
  {
    title: "a token that the stack does not hold",
    spoil: (site) => {
      site.configCentre = { ...external, tokenSecret: "centreTokken" };
    },
    problems: ["configCentre.tokenSecret: an entry of sitewright:secrets"],
  },
];

describe("Cross-checks of the config centre find", () => {
  for (const { title, spoil, problems } of cases) {
    it(title, () => {
      const found = problemsOf(centreSite(spoil), secretNames);
      const wanted = problems.map((problem) => `sitewright:site.${problem}`);
      assert.deepEqual(
        found.map((text, at) => text.slice(0, wanted[at]?.length)),
        wanted,
        found.join("\n"),
      );
    });
  }

  const inRelease = (change: (release: Any) => void, spoil?: (site: Any) => void) =>
    problemsWith(centreSite(spoil), change);

  it("entries at a site that has nowhere to keep them", () => {
    const found = inRelease(keep as (release: Any) => void, (site) => {
      delete site.configCentre;
    });
    assert.deepEqual(found, ["release workloads.api.centre: a config centre at the site"]);
  });

  it("variables, workloads and namespaces that are called like what it makes", () => {
    const found = inRelease((release) => {
      keep(release);
      release.workloads.api.env.CONFIG_CENTRE_PREFIX = "mine";
      release.workloads["api-centre"] = { ...release.workloads.worker };
      release.namespaces.consul = release.namespaces.parcels;
    });
    const places = found.map((text) => text.slice(0, text.indexOf(":")));
    assert.deepEqual(places, [
      // As with every namespace of the platform.
      "release namespaces.consul",
      "release workloads.api.env.CONFIG_CENTRE_PREFIX",
      "release workloads.api-centre",
    ]);
  });
});
