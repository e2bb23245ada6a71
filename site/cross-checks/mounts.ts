import type { CrossCheck } from "../check-input";
import type { Path } from "../path";
import { type Problem, problem, show } from "../problems";
import type { ReleaseWorkload } from "../schema/workload";
import { fileKey } from "../workload/file-keys";

/** Names of volumes that every Pod may have, and what ours begin with. */
const keptNames = /^(tmp|files|secrets|volume-.*|logs?-.*)$/;

interface Mount {
  readonly at: string;
  readonly path: Path;
}

/** Everything that is mounted into a workload's container. */
function mountsOf(workload: ReleaseWorkload): readonly Mount[] {
  const { files, secretFiles, volumes } = workload;
  const claims = workload.kind === "StatefulSet" ? workload.claims : [];
  return [
    ...claims.map(({ mountPath }, at) => ({ at: mountPath, path: ["claims", at, "mountPath"] })),
    ...Object.entries(volumes).map(([name, { mountPath }]) => ({
      at: mountPath,
      path: ["volumes", name, "mountPath"],
    })),
    ...Object.keys(files).map((file) => ({ at: file, path: ["files", file] })),
    ...Object.keys(secretFiles).map((file) => ({ at: file, path: ["secretFiles", file] })),
  ];
}

/** Each path of a container is one thing. */
export const mountsOnce: CrossCheck = {
  reads: [],
  find: ({ release }) =>
    Object.entries(release?.workloads ?? {}).flatMap(([name, workload]) => {
      const where = (path: Path) => ["workloads", name, ...path];
      const mounts = mountsOf(workload);
      const twice = mounts.filter(({ at }, index) =>
        mounts.slice(0, index).some((earlier) => earlier.at === at),
      );
      const files = Object.keys(workload.files);
      const sameKey = files.filter((file, index) =>
        files.slice(0, index).some((earlier) => fileKey(earlier) === fileKey(file)),
      );
      return [
        ...twice.map(({ at, path }) =>
          problem("release", where(path), "a path where nothing else is mounted", show(at)),
        ),
        ...sameKey.map((file) =>
          problem(
            "release",
            where(["files", file]),
            "a path that differs from others by more than / and _",
            show(file),
          ),
        ),
      ];
    }),
};

/** Claims of a StatefulSet become volumes beside ours. */
export const claimNames: CrossCheck = {
  reads: [],
  find: ({ release }) =>
    Object.entries(release?.workloads ?? {}).flatMap(([workload, { kind, ...rest }]) => {
      const claims = "claims" in rest && kind === "StatefulSet" ? rest.claims : [];
      return claims.flatMap(({ name }, at) => {
        const path = ["workloads", workload, "claims", at, "name"];
        const found: Problem[] = [];
        if (keptNames.test(name)) {
          const needed =
            "a name other than tmp, files and secrets that does not begin with volume-, log- or logs-";
          found.push(problem("release", path, needed, show(name)));
        }
        if (claims.slice(0, at).some((earlier) => earlier.name === name)) {
          found.push(problem("release", path, "a name of its own", show(name)));
        }
        return found;
      });
    }),
};
