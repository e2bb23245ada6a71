import assert from "node:assert/strict";
import { resolveSite } from "../../site/load";
import { ProblemsError } from "../../site/problems";
import { RunError } from "../../site/run-error";
import { catalogue, smallSite } from "../support/sites";
import { makeReleases, type ReleaseFolder } from "./support/release-folder";

const image = (name: string) => `docker.io/library/${name}:1.0@sha256:${"a".repeat(64)}`;

const base = `release: "2026.01"
product: parcels
namespaces:
  parcels: {}
workloads:
  api:
    kind: Deployment
    namespace: parcels
    image: ${image("api")}
    replicas: 2
    env:
      LEVEL: info
      MODE: fast
    ports: [{ name: http, port: 8080 }, { name: admin, port: 8081 }]
    resources:
      requests: { cpu: 100m, memory: 64Mi }
      limits: { cpu: "1", memory: 128Mi }
  web:
    kind: Deployment
    namespace: parcels
    after: [api]
    image: ${image("web")}
    resources:
      requests: { cpu: 100m, memory: 64Mi }
      limits: { cpu: "1", memory: 128Mi }
`;

/** A release that builds on the base; `lines` stand below its head. */
const change = (lines: string, head = 'release: "2026.02"\nbase: "2026.01"\n') => `${head}${lines}`;

describe("A release that builds on another", () => {
  let folder: ReleaseFolder;
  beforeEach(() => {
    folder = makeReleases({ "2026.01": base });
  });
  afterEach(() => folder.remove());

  const resolve = (text: string, release = "2026.02") => {
    folder.write(release, text);
    const data = { ...smallSite(), release, workloads: {} };
    return resolveSite({ name: "site-t", data }, folder.root, catalogue);
  };
  const workload = (text: string, name: string) => {
    const found = resolve(text).blueprint.workloads.find((one) => one.name === name);
    assert.ok(found, `no workload ${name}`);
    return found;
  };
  const problems = (text: string, release?: string): readonly string[] => {
    try {
      resolve(text, release);
    } catch (error) {
      if (error instanceof ProblemsError)
        return error.message
          .split("\n")
          .slice(1)
          .map((line) => line.trim());
      assert.ok(error instanceof RunError, String(error));
      return [error.message];
    }
    return [];
  };

  it("is the same under another name when it states nothing", () => {
    const { workloads } = resolve(change("")).blueprint;
    folder.write("2026.03", base.replace("2026.01", "2026.03"));
    const data = { ...smallSite(), release: "2026.03", workloads: {} };
    const whole = resolveSite({ name: "site-t", data }, folder.root, catalogue).blueprint;
    assert.deepEqual(workloads, whole.workloads);
  });

  it("changes a single value and keeps its neighbours", () => {
    const { replicas, env } = workload(
      change("workloads: { api: { replicas: 5, env: { LEVEL: debug } } }\n"),
      "api",
    );
    assert.equal(replicas, 5);
    assert.deepEqual(env, { LEVEL: "debug", MODE: "fast" });
  });

  it("replaces a list as a whole", () => {
    const { ports } = workload(
      change("workloads: { api: { ports: [{ name: grpc, port: 9000 }] } }\n"),
      "api",
    );
    assert.deepEqual(
      ports.map(({ name, port }) => ({ name, port })),
      [{ name: "grpc", port: 9000 }],
    );
  });

  it("removes by null: a variable, a list, a whole workload", () => {
    const api = workload(
      change("workloads: { api: { env: { MODE: null }, ports: null }, web: null }\n"),
      "api",
    );
    assert.deepEqual(api.env, { LEVEL: "info" });
    assert.deepEqual(api.ports, []);
    const { workloads } = resolve(change("workloads: { web: null }\n")).blueprint;
    assert.deepEqual(
      workloads.map(({ name }) => name),
      ["api"],
    );
  });

  it("goes on through a chain, each file changing the last", () => {
    folder.write("2026.02", change("workloads: { api: { replicas: 5 }, web: null }\n"));
    const head = 'release: "2026.10"\nbase: "2026.02"\n';
    const { workloads } = resolve(
      change("workloads: { api: { env: { MODE: slow } } }\n", head),
      "2026.10",
    ).blueprint;
    assert.deepEqual(
      workloads.map(({ name, replicas, env }) => ({ name, replicas, env })),
      [{ name: "api", replicas: 5, env: { LEVEL: "info", MODE: "slow" } }],
    );
  });

  const faults: readonly {
    readonly title: string;
    readonly text: string;
    readonly problem: RegExp;
    readonly before?: () => void;
  }[] = [
    {
      title: "a base that is not there, with the near one",
      text: 'release: "2026.02"\nbase: "2026.0"\n',
      problem:
        /^releases\/2026\.02\.yaml:2 {2}base {2}needs an earlier release of releases\/: 2026\.01; given "2026\.0"; next: write "2026\.01"/,
    },
    {
      title: "itself as its base",
      text: 'release: "2026.02"\nbase: "2026.02"\n',
      problem:
        /^releases\/2026\.02\.yaml:2 {2}base {2}needs .*; given a circle: 2026\.02 builds on 2026\.02/,
    },
    {
      title: "a base that is newer",
      text: 'release: "2026.02"\nbase: "2026.11"\n',
      before: () => folder.write("2026.11", base.replace("2026.01", "2026.11")),
      problem: /^releases\/2026\.02\.yaml:2 {2}base {2}needs .*; given "2026\.11", which is newer/,
    },
    {
      title: "a circle of two",
      text: 'release: "2026.02"\nbase: "2026.01"\n',
      before: () => folder.write("2026.01", 'release: "2026.01"\nbase: "2026.02"\n'),
      problem:
        /^releases\/2026\.01\.yaml:2 {2}base {2}needs .*; given a circle: 2026\.02 builds on 2026\.01 builds on 2026\.02; inherited by releases\/2026\.02\.yaml/,
    },
    {
      title: "a base that is no text",
      text: 'release: "2026.02"\nbase: [1]\n',
      problem: /^releases\/2026\.02\.yaml:2 {2}base {2}needs an earlier release.*given a list of 1/,
    },
    {
      title: "a base of another product",
      text: 'release: "2026.02"\nbase: "2026.01"\nproduct: letters\n',
      problem:
        /^releases\/2026\.01\.yaml:2 {2}product {2}needs the product of 2026\.02, "letters"; given "parcels"/,
    },
    {
      title: "a base whose file holds another release",
      text: change(""),
      before: () => folder.write("2026.01", base.replace("2026.01", "2026.00")),
      problem: /^releases\/2026\.01\.yaml:1 {2}release {2}needs the name of its file, "2026\.01"/,
    },
    {
      title: "an empty base",
      text: change(""),
      before: () => folder.write("2026.01", ""),
      problem: /^releases\/2026\.01\.yaml {2}needs a release, since others build on it; given null/,
    },
    {
      title: "no word of its own for itself",
      text: 'base: "2026.01"\n',
      problem: /^releases\/2026\.02\.yaml {2}release {2}needs a release in quotes.*; given nothing/,
    },
    {
      title: "a key mistyped under an inherited workload",
      text: change("workloads:\n  api:\n    replcas: 5\n"),
      problem:
        /^releases\/2026\.02\.yaml:5 {2}workloads\.api\.replcas {2}needs a known key; given "replcas"; next: write replicas$/,
    },
    {
      title: "an inherited workload mistyped",
      text: change("workloads:\n  wbe:\n    replicas: 5\n"),
      problem:
        /^releases\/2026\.02\.yaml:4 {2}workloads\.wbe {2}needs an inherited name, or all that something new needs; given "wbe"; next: write web$/,
    },
    {
      title: "a fault in an inherited value, by the line that it stands on",
      text: change("workloads:\n  api:\n    resources:\n      requests: { memory: 4Gi }\n"),
      problem:
        /^releases\/2026\.01\.yaml:17 {2}workloads\.api\.resources\.limits\.memory {2}needs at least the request of 4Gi; given 128Mi; inherited by releases\/2026\.02\.yaml$/,
    },
    {
      title: "a value that it needs removed, by the line of the null",
      text: change("workloads:\n  api:\n    image: null\n"),
      problem: /^releases\/2026\.02\.yaml:5 {2}workloads\.api\.image {2}needs an image/,
    },
    {
      title: "something removed that others wait for",
      text: change("workloads:\n  api: null\n"),
      problem:
        /^releases\/2026\.01\.yaml:21 {2}workloads\.web\.after\[0\] {2}needs another workload.*inherited by releases\/2026\.02\.yaml/,
    },
    {
      title: "a null with nothing to remove, with what was meant",
      text: change("workloads:\n  api:\n    env:\n      LEVLE: null\n"),
      problem:
        /^releases\/2026\.02\.yaml:6 {2}workloads\.api\.env\.LEVLE {2}needs something inherited, which null removes; given null; next: write LEVEL/,
    },
    {
      title: "a null in a workload that is new",
      text: change("workloads:\n  new:\n    env: null\n"),
      problem: /^releases\/2026\.02\.yaml:5 {2}workloads\.new\.env {2}needs something inherited/,
    },
    {
      title: "another kind, by the line of what that kind has not",
      text: change("workloads:\n  api:\n    kind: DaemonSet\n"),
      problem:
        /^releases\/2026\.01\.yaml:10 {2}workloads\.api\.replicas {2}needs a known key; given "replicas"; next: remove it.*; inherited by releases\/2026\.02\.yaml$/,
    },
  ];
  for (const { title, text, problem, before } of faults) {
    it(`names ${title}`, () => {
      before?.();
      const found = problems(text);
      assert.ok(
        found.some((line) => problem.test(line)),
        found.join("\n") || "no problem",
      );
    });
  }

  it("shows the problems of each file together and in its order", () => {
    const found = problems(
      change("workloads:\n  web: { namespace: x }\n  api: { kind: Job, namespace: y }\n"),
    );
    assert.deepEqual(
      found.map((line) => line.split(" ").slice(0, 3).join(" ")),
      ["releases/2026.01.yaml:10  workloads.api.replicas"],
    );
    const further = problems(
      change(
        "workloads:\n  web: { namespace: x }\n  api: { resources: { requests: { cpu: 2 } } }\n",
      ),
    );
    assert.deepEqual(
      further.map((line) => line.split(" ").slice(0, 3).join(" ")),
      ["releases/2026.02.yaml:5  workloads.api.resources.requests.cpu"],
    );
  });
});
