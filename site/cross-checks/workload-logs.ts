import type { CrossCheck } from "../check-input";
import { problem, show } from "../problems";
import type { ReleaseWorkload } from "../schema/workload";
import { logFolders, shipperName } from "../workload/logs";

/** Rules over what workloads say of their logs. */

/** First Kubernetes whose containers beside others start before and end after them by themselves. */
const firstMinor = 29;

/** Lines that are objects of their own are not put together. */
const jsonLines: CrossCheck = {
  reads: [],
  find: ({ release }) =>
    Object.entries(release?.workloads ?? {}).flatMap(([name, { logs }]) => {
      const places = [
        { path: ["logs", "multiline"], of: logs },
        ...logs.files.map((of, at) => ({ path: ["logs", "files", at, "multiline"], of })),
      ];
      return places
        .filter(({ of }) => of.format === "json" && of.multiline !== "none")
        .map(({ path }) =>
          problem(
            "release",
            ["workloads", name, ...path],
            "none: with format json every line is an object of its own",
            "lines that are put together",
            "remove it, or state format: text",
          ),
        );
    }),
};

/** What a workload mounts, by path. */
function mounted(workload: ReleaseWorkload): readonly string[] {
  const { files, secretFiles, volumes } = workload;
  const claims = workload.kind === "StatefulSet" ? workload.claims : [];
  return [
    "/tmp",
    ...claims.map(({ mountPath }) => mountPath),
    ...Object.values(volumes).map(({ mountPath }) => mountPath),
    ...Object.keys(files),
    ...Object.keys(secretFiles),
  ];
}

const within = (inner: string, outer: string) => inner === outer || inner.startsWith(`${outer}/`);

/** A folder of log files is a volume of its own: it takes nothing else's place, and nothing else takes its. */
const foldersApart: CrossCheck = {
  reads: [],
  find: ({ release }) =>
    Object.entries(release?.workloads ?? {}).flatMap(([name, workload]) => {
      const folders = logFolders(workload);
      const others = mounted(workload);
      return workload.logs.files.flatMap(({ path }, at) => {
        const folder = path.slice(0, path.lastIndexOf("/"));
        const clash =
          others.find((other) => other === folder || within(other, folder)) ??
          folders.find((other) => other !== folder && within(folder, other));
        if (clash === undefined) return [];
        const needed = `a folder of its own: ${clash} is mounted there too`;
        const where = ["workloads", name, "logs", "files", at, "path"];
        return [problem("release", where, needed, show(path), "write to another folder")];
      });
    }),
};

/** What is made for log files takes nobody else's name. */
const ownNames: CrossCheck = {
  reads: [],
  find: ({ release }) =>
    Object.entries(release?.workloads ?? {}).flatMap(([name, workload]) => {
      if (workload.logs.files.length === 0) return [];
      return [
        ...workload.init.flatMap((one, at) =>
          one.name === shipperName
            ? [
                problem(
                  "release",
                  ["workloads", name, "init", at, "name"],
                  "another name: the container that sends log files has this one",
                  show(one.name),
                ),
              ]
            : [],
        ),
        ...(name === shipperName
          ? [
              problem(
                "release",
                ["workloads", name],
                "another name: the container that sends log files has this one",
                show(name),
              ),
            ]
          : []),
      ];
    }),
};

/** Containers beside others are a matter of the Kubernetes version. */
const nativeSidecars: CrossCheck = {
  reads: [["logging"], ["cluster"], ["release"]],
  find: ({ site, release }) => {
    const { kubernetes } = site.cluster;
    const minor = Number(kubernetes.split(".")[1]);
    if (site.logging === undefined || minor >= firstMinor) return [];
    return Object.entries(release?.workloads ?? {})
      .filter(([, { logs }]) => logs.files.length > 0)
      .map(([name]) =>
        problem(
          "release",
          ["workloads", name, "logs", "files"],
          `Kubernetes v1.${firstMinor} or later, whose containers beside a workload end with it`,
          kubernetes,
          "upgrade the cluster, or let the workload write to its standard output",
        ),
      );
  },
};

export const workloadLogChecks: readonly CrossCheck[] = [
  jsonLines,
  foldersApart,
  ownNames,
  nativeSidecars,
];
