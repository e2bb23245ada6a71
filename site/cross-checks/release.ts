import type { CheckInput, CrossCheck } from "../check-input";
import { imageClashes } from "../images";
import { writeNearest } from "../nearest";
import type { Path } from "../path";
import { type Problem, problem, show } from "../problems";
import { cpuMillis, memoryMiB } from "../quantities";
import type { Release } from "../schema/release";
import type { ReleaseWorkload } from "../schema/workload";
import { releaseImages } from "../workload/pod-images";

/** Namespaces that Kubernetes and the platform keep for themselves. */
const keptNamespaces = /^(kube-.*|default|kubekey-system|calico-.*|tigera-operator)$/;

type Find = (workload: ReleaseWorkload, path: Path, release: Release) => readonly Problem[];

function eachWorkload(find: Find): CrossCheck {
  return {
    reads: [],
    find: ({ release }) =>
      Object.entries(release?.workloads ?? {}).flatMap(([name, workload]) =>
        release === undefined ? [] : find(workload, ["workloads", name], release),
      ),
  };
}

/** Workloads live in the release's own namespaces. */
export const workloadNamespaces: CrossCheck = eachWorkload(({ namespace }, path, release) =>
  unknownNamespace(release, namespace, [...path, "namespace"]),
);

/** The problem of a namespace that the release names at a path and does not bring; none when it does. */
export function unknownNamespace(release: Release, name: string, path: Path): readonly Problem[] {
  const known = Object.keys(release.namespaces);
  if (known.includes(name)) return [];
  const next = writeNearest(name, known, `add namespaces.${name}`);
  const needed = `a namespace of the release: ${known.join(", ")}`;
  return [problem("release", path, needed, show(name), next)];
}

/** A release brings its own namespaces and leaves those of the platform alone. */
export const ownNamespaces: CrossCheck = {
  reads: [],
  find: ({ release }) =>
    Object.keys(release?.namespaces ?? {})
      .filter((name) => keptNamespaces.test(name))
      .map((name) =>
        problem("release", ["namespaces", name], "a namespace of the product's own", show(name)),
      ),
};

/** Names leave room for the suffixes of Pods and further objects, and do not look like them. */
export const workloadNames: CrossCheck = eachWorkload((_workload, path) => {
  const name = String(path.at(-1));
  const most = 48;
  const long = name.length > most;
  const problems: Problem[] = [];
  if (long)
    problems.push(problem("release", path, `a name of at most ${most} letters`, show(name)));
  if (name.endsWith("-headless")) {
    const needed = "a name without -headless, which ends that of a StatefulSet's second Service";
    problems.push(problem("release", path, needed, show(name)));
  }
  return problems;
});

/** No Pod asks for more than it may use; Kubernetes refuses such a Pod. */
export const resourceLimits: CrossCheck = {
  reads: [["workloads"]],
  find: ({ site, release }: CheckInput) => [
    ...Object.entries(release?.workloads ?? {}).flatMap(([name, { resources, init }]) => [
      ...overLimit("release", ["workloads", name, "resources"], resources),
      ...init.flatMap((one, at) =>
        overLimit("release", ["workloads", name, "init", at, "resources"], one.resources),
      ),
    ]),
    ...Object.entries(site.workloads).flatMap(([name, { resources }]) =>
      resources === undefined ? [] : overLimit("site", ["workloads", name, "resources"], resources),
    ),
  ],
};

/** Limits below what is asked for, as problems. */
export function overLimit(
  document: "site" | "release",
  path: Path,
  { requests, limits }: ReleaseWorkload["resources"],
): readonly Problem[] {
  const rules = [
    {
      key: "cpu",
      ok: cpuMillis(limits.cpu) >= cpuMillis(requests.cpu),
      request: requests.cpu,
      limit: limits.cpu,
    },
    {
      key: "memory",
      ok: memoryMiB(limits.memory) >= memoryMiB(requests.memory),
      request: requests.memory,
      limit: limits.memory,
    },
  ];
  return rules
    .filter(({ ok }) => !ok)
    .map(({ key, request, limit }) =>
      problem(document, [...path, "limits", key], `at least the request of ${request}`, limit),
    );
}

/** Two public images must not become one in the site's registry. */
export const distinctImages: CrossCheck = {
  reads: [],
  find: ({ release }) => {
    const images = release === undefined ? [] : releaseImages(release);
    return imageClashes(images.map(({ image }) => image)).flatMap(([first, second]) =>
      images
        .filter(({ image }) => image === second)
        .map(({ path }) =>
          problem(
            "release",
            path,
            "a name and tag of its own in the site's registry",
            `${second}, which meets ${first} there`,
          ),
        ),
    );
  },
};
