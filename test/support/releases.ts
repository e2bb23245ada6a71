import { makeBlueprint } from "../../site/blueprint";
import type { Blueprint } from "../../site/blueprint-types";
import { crossCheck } from "../../site/cross-checks/all";
import { parseDocument } from "../../site/parse";
import { formatProblem } from "../../site/problems";
import { salvage } from "../../site/salvage";
import { releaseSchema } from "../../site/schema/release";
import { siteSchema } from "../../site/schema/site";
import { catalogue, secretNames, smallSite } from "./sites";

/** Releases as code, each as small as its test allows. */

/** An image as a release names it. */
export function image(name: string): string {
  return `docker.io/library/${name}:1.0@sha256:${"0".repeat(64)}`;
}

export const resources = {
  requests: { cpu: "10m", memory: "16Mi" },
  limits: { cpu: "100m", memory: "64Mi" },
};

/** A sound release in plain data, with one workload of each kind. Free to be changed. */
// biome-ignore lint/suspicious/noExplicitAny: tests spoil it in ways that no type allows
export function smallRelease(): any {
  const common = { namespace: "parcels", image: image("nginx"), resources };
  return {
    release: "2026.11",
    product: "parcels",
    namespaces: { parcels: {} },
    workloads: {
      web: { kind: "Deployment", ...common, replicas: 2, ports: [{ name: "http", port: 8080 }] },
      db: { kind: "StatefulSet", ...common },
      agent: { kind: "DaemonSet", ...common },
      migrate: { kind: "Job", ...common },
      "clean-up": { kind: "CronJob", ...common, schedule: "30 2 * * *" },
    },
  };
}

/** Every problem of a release at a site, each on a line of its own as people read it; empty when there are none. */
export function releaseProblems(
  data: unknown,
  siteData: unknown = { ...smallSite(), workloads: {} },
  secrets: readonly string[] = secretNames,
): readonly string[] {
  const site = parseDocument("site", siteSchema, siteData);
  const release = parseDocument("release", releaseSchema, data);
  const input = {
    name: "site-t",
    ...salvage(siteData, site.faulty),
    release: release.value,
    catalogue,
    secretNames: secrets,
  };
  return [...site.problems, ...release.problems, ...crossCheck(input, site.faulty)].map((problem) =>
    formatProblem(problem),
  );
}

/** What is built of a sound release at a sound site. */
export function releaseBlueprint(data: unknown, siteData: unknown): Blueprint {
  const site = parseDocument("site", siteSchema, siteData).value;
  const release = parseDocument("release", releaseSchema, data).value;
  if (site === undefined || release === undefined) throw new Error("they cannot be read");
  return makeBlueprint({ name: "site-t", site, release, catalogue });
}
