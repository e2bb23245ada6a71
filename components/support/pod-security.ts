/** What programs of our own may do: what the level "restricted" of Pod security allows, and a little less. */

/** Of a Pod whose processes and files are one user's. */
export function restrictedPod(user: number) {
  return {
    runAsNonRoot: true,
    runAsUser: user,
    runAsGroup: user,
    fsGroup: user,
    ...runtimeSeccomp,
  };
}

/** Filters calls to the kernel as the container runtime means it. */
export const runtimeSeccomp = { seccompProfile: { type: "RuntimeDefault" } };

/** What charts leave out of containers that are locked up but for it. */
export const neverMore = { allowPrivilegeEscalation: false, ...runtimeSeccomp };

/** Of a container with no rights, and nothing to write to but its volumes. */
export const lockedContainer = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ["ALL"] },
};
