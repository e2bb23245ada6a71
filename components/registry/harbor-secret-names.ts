/** Names under which the step that sets up Harbor receives its secrets, besides the administrator's password. */

/** Password of a robot. */
export function robotSecretName(robot: string): string {
  return `robot:${robot}`;
}

/** Password for the second registry. */
export const REPLICATION_SECRET = "replication";

/** Password that the administrator had at the end of the last deployment. */
export const PREVIOUS_PASSWORD = "previousRegistryPassword";
