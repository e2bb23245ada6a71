import assert from "node:assert/strict";
import { rollbackText } from "../../components/rollback-notice";
import { resolveSite } from "../../site/load";
import { catalogue, smallSite } from "../support/sites";
import { makeReleases, type ReleaseFolder } from "./support/release-folder";

const resources = {
  requests: { cpu: "10m", memory: "16Mi" },
  limits: { cpu: "100m", memory: "32Mi" },
};
const common = {
  namespace: "shop",
  image: `docker.io/library/busybox:1.37.0@sha256:${"1".repeat(64)}`,
  resources,
};
const database = {
  ...common,
  kind: "StatefulSet",
  claims: [{ name: "data", mountPath: "/data", sizeGiB: 1 }],
};
const older = {
  release: "2030.01",
  product: "shop",
  namespaces: { shop: {} },
  secrets: { session: { random: {} } },
  workloads: { db: database, api: { ...common, kind: "Deployment" } },
};
const newer = {
  release: "2030.02",
  base: "2030.01",
  secrets: { further: { random: {} } },
  workloads: { cache: database, migrate: { ...common, kind: "Job", migratesData: true } },
};

describe("Going back to an earlier release", () => {
  let folder: ReleaseFolder;
  before(() => {
    folder = makeReleases({ "2030.01": older, "2030.02": newer });
  });
  after(() => folder.remove());

  const at = (release: string) => {
    const data = {
      ...smallSite(),
      release,
      workloads: {},
      storage: { kind: "local", local: { dataStaysOnItsNode: true } },
    };
    data.capacity = { spareNodes: 0 };
    return resolveSite({ name: "site-t", data }, folder.root, catalogue);
  };
  const notice = (release: string, last: string | undefined) => {
    const { notUndoneFrom } = at(release);
    return rollbackText({ site: "site-t", release, notUndoneFrom }, last);
  };

  it("is told what it does not undo, a line for each workload that keeps data", () => {
    assert.equal(
      notice("2030.01", "2030.02"),
      `going back from 2030.02 to 2030.01 does not undo at site-t:
  shop/cache       it goes, its volumes stay
  shop/db          its volumes stay as 2030.02 left them
  shop/migrate     what it migrated stays migrated
  secrets session  keep the values that were made at random
  secrets further  are forgotten; 2030.02 would get other values`,
    );
  });

  for (const [title, release, last] of [
    ["a site that goes forward", "2030.02", "2030.01"],
    ["a site that stays", "2030.01", "2030.01"],
    ["a site that was never deployed", "2030.01", undefined],
  ] as const) {
    it(`says nothing to ${title}`, () => assert.equal(notice(release, last), undefined));
  }

  it("is told what is known where the newer release's file is gone", () => {
    assert.match(
      notice("2030.01", "2031.09") ?? "",
      /^going back from 2031\.09 to 2030\.01.*\n {2}shop\/db +its volumes stay as 2031\.09 left them\n/,
    );
  });
});
