import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { loadCatalogue } from "../site/catalogue";
import { projectRoot } from "../site/load";
import { readStackFile } from "../site/stack-file";
import { manyWorkloads } from "./workloads";

const release = "2026.11";
const namespace = "parcels";

/** So many workloads for each worker that is added, all of which have room on it. */
const workloadsPerWorker = 20;

/**
 * Writes a project with site-a, its whole platform included, whose release has `count` workloads and whose cluster
 * has grown with them. `root` is an empty folder; what would stand in the stack file is in its `site.json`.
 */
export function writeProject(root: string, count: number): void {
  const workloads = manyWorkloads(count, namespace);
  mkdirSync(join(root, "releases"));
  writeFileSync(
    join(root, "releases", `${release}.yaml`),
    stringify({ release, product: "parcels", namespaces: { [namespace]: {} }, workloads }),
  );
  symlinkSync(join(projectRoot, "catalogue"), join(root, "catalogue"));
  mkdirSync(join(root, "bundles", release), { recursive: true });
  writeFileSync(join(root, "bundles", release, "bundle.json"), JSON.stringify(bundle()));
  writeFileSync(join(root, "site.json"), JSON.stringify(grownSite(count)));
}

function grownSite(count: number): object {
  // biome-ignore lint/suspicious/noExplicitAny: the stack file's object before anything has checked it
  const site: any = structuredClone(readStackFile(projectRoot, "site-a").data);
  const workers = Array.from({ length: Math.ceil(count / workloadsPerWorker) }, (_, index) => ({
    name: `grown-${index + 1}`,
    address: `192.0.2.${60 + index}`,
    roles: ["worker"],
    cpus: 16,
    memoryGiB: 64,
    diskGiB: 200,
    zone: `rack-${(index % 3) + 1}`,
  }));
  site.release = release;
  site.hosts.push(...workers);
  // What site-a says of the sample's workloads, and the room that it keeps for so few.
  site.workloads = {};
  site.externals = {};
  site.tenancy.product.namespaces = {};
  site.monitoring.sizeGiB = 500;
  return site;
}

/** The index of a bundle that has all that the catalogue names. */
function bundle() {
  const { platform, crds } = loadCatalogue(projectRoot);
  const file = (path: string) => ({ path, sha256: "0".repeat(64), sizeBytes: 1 });
  const named = (names: object, path: (name: string) => string) =>
    Object.fromEntries(Object.keys(names).map((name) => [name, file(path(name))]));
  return {
    format: 1,
    release,
    kubekey: { "v3.1.12": { kk: file("kubekey/kk"), artifact: file("kubekey/artifact.tar.gz") } },
    charts: named(platform.charts, (name) => `charts/${name}.tgz`),
    crds: named(crds, (set) => `crds/${set}.yaml`),
  };
}
