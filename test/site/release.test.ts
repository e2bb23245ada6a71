import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { projectRoot, resolveSite } from "../../site/load";
import { ProblemsError } from "../../site/problems";
import { makeProject, type Project } from "../support/projects";
import { smallSite } from "../support/sites";

const text = readFileSync(join(projectRoot, "releases/2026.11.yaml"), "utf8");

// biome-ignore lint/suspicious/noExplicitAny: cases spoil the release in ways that no type allows
type AnyRelease = any;

const cases: readonly {
  readonly title: string;
  readonly spoil: (release: AnyRelease) => void;
  readonly problem: RegExp;
}[] = [
  {
    title: "a release under another's name",
    spoil: (release) => {
      release.release = "2026.12";
    },
    problem: /^release {2}needs the name of its file, "2026.11"/,
  },
  {
    title: "an image without a digest",
    spoil: ({ workloads }) => {
      workloads.api.image = "docker.io/library/nginx:1.29";
    },
    problem: /^workloads.api.image {2}needs an image by registry, name, tag and digest/,
  },
  {
    title: "an image without a tag",
    spoil: ({ workloads }) => {
      workloads.api.image = `docker.io/library/nginx@sha256:${"0".repeat(64)}`;
    },
    problem: /^workloads.api.image {2}needs an image by registry, name, tag and digest/,
  },
  {
    title: "two images that are one in the site's registry",
    spoil: ({ workloads }) => {
      workloads.api.image = workloads.worker.image.replace("ghcr.io", "quay.io");
    },
    problem: /^workloads.worker.image {2}needs a name and tag of its own in the site's registry/,
  },
  {
    title: "a namespace that the release does not bring",
    spoil: ({ workloads }) => {
      workloads.api.namespace = "parcel";
    },
    problem: /^workloads.api.namespace {2}needs a namespace of the release.*write parcels/,
  },
  {
    title: "a namespace of the platform",
    spoil: ({ namespaces }) => {
      namespaces["kube-system"] = {};
    },
    problem: /^namespaces.kube-system {2}needs a namespace of the product's own/,
  },
  {
    title: "one port number twice",
    spoil: ({ workloads }) => {
      workloads.web.ports.push({ name: "metrics", port: 8080 });
    },
    problem: /^workloads.web.ports\[1\].port {2}needs a port of its own/,
  },
  {
    title: "one port name twice",
    spoil: ({ workloads }) => {
      workloads.web.ports.push({ name: "http", port: 8081 });
    },
    problem: /^workloads.web.ports\[1\].name {2}needs a name of its own/,
  },
  {
    title: "a name too long for its Pods",
    spoil: ({ workloads }) => {
      workloads["a".repeat(49)] = workloads.api;
    },
    problem: /needs a name of at most 48 letters/,
  },
  {
    title: "a name that a second Service has",
    spoil: ({ workloads }) => {
      workloads["web-headless"] = workloads.api;
    },
    problem: /^workloads.web-headless {2}needs a name without -headless/,
  },
  {
    title: "a schedule at an hour that no day has",
    spoil: ({ workloads }) => {
      workloads["clean-up"].schedule = "30 24 * * *";
    },
    problem: /^workloads.clean-up.schedule {2}needs a schedule of five fields.*given "30 24/,
  },
  {
    title: "a limit below the request",
    spoil: ({ workloads }) => {
      workloads.api.resources.limits.memory = "1Mi";
    },
    problem: /^workloads.api.resources.limits.memory {2}needs at least the request of 256Mi/,
  },
  {
    title: "a schedule on something that runs always",
    spoil: ({ workloads }) => {
      workloads.api.schedule = "0 1 * * *";
    },
    problem: /^workloads.api.schedule {2}needs a known key/,
  },
  {
    title: "a mistyped key, with the one that was meant",
    spoil: ({ workloads }) => {
      workloads.api.replcas = 2;
    },
    problem: /^workloads.api.replcas {2}needs a known key; given "replcas"; next: write replicas/,
  },
  {
    title: "a key that only other kinds have",
    spoil: ({ workloads }) => {
      workloads.api.kind = "DaemonSet";
    },
    problem: /^workloads.api.replicas {2}needs a known key; given "replicas"; next: remove it/,
  },
  {
    title: "a workload that waits for one that is not there",
    spoil: ({ workloads }) => {
      workloads.api.after = ["wbe"];
    },
    problem:
      /^workloads.api.after\[0\] {2}needs another workload of the release: .*; next: write web/,
  },
  {
    title: "workloads that wait for each other in a circle",
    spoil: ({ workloads }) => {
      workloads.api.after = ["web"];
      workloads.web.after = ["worker"];
      workloads.worker.after = ["api"];
    },
    problem:
      /^workloads.web.after {2}needs an order .*; given web waits for worker waits for api waits for web/,
  },
  {
    title: "an unknown kind",
    spoil: ({ workloads }) => {
      workloads.api.kind = "ReplicaSet";
    },
    problem:
      /^workloads.api.kind {2}needs a kind: Deployment, StatefulSet, DaemonSet, Job or CronJob/,
  },
];

describe("A release with", () => {
  let project: Project;
  before(() => {
    project = makeProject();
  });
  after(() => project.remove());

  const message = () => {
    try {
      resolveSite({ name: "site-t", data: smallSite() }, project.root);
    } catch (error) {
      if (error instanceof ProblemsError) return error.message;
      throw error;
    }
    return "";
  };

  for (const { title, spoil, problem } of cases) {
    it(`${title} is refused by file and line`, () => {
      const release: AnyRelease = parse(text);
      spoil(release);
      project.write("releases/2026.11.yaml", stringify(release));
      const [, ...lines] = message().split("\n");
      const found = lines.map((line) => line.replace(/^ {2}releases\/2026\.11\.yaml:\d+ {2}/, ""));
      assert.ok(
        found.some((line) => problem.test(line)),
        lines.join("\n") || "no problem",
      );
    });
  }

  it("nothing wrong is taken", () => {
    project.write("releases/2026.11.yaml", text);
    assert.equal(message(), "");
  });
});

describe("A site that names a release which is not there", () => {
  it("is told the near one", () => {
    const data = { ...smallSite(), release: "2026.13" };
    assert.throws(
      () => resolveSite({ name: "site-t", data }),
      /release {2}needs a release of releases\/: 2026\.11, 2026\.12.*; given "2026\.13"; next: write "2026\.1[12]"/,
    );
  });
});

describe("The next release", () => {
  it("is sound at the sample sites too", () => {
    const data = { ...smallSite(), release: "2026.12" };
    const { blueprint } = resolveSite({ name: "site-t", data });
    assert.equal(blueprint.release, "2026.12");
  });
});
