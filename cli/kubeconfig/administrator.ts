import type { ClusterBlueprint } from "../../site/blueprint-types";
import { RunError } from "../../site/run-error";
import { type Say, Session } from "../../ssh/session";
import type { SshTarget } from "../../ssh/target";
import { exitCodes } from "../exit-codes";
import type { ApiAccess } from "../step/api-client";
import { administratorApi } from "../step/kubeconfig";

/** Where the cluster's administrator is found. */
export interface AdministratorPlace {
  readonly cluster: Pick<ClusterBlueprint, "name" | "endpoint" | "groups">;
  readonly targets: readonly SshTarget[];
  readonly say: Say;
}

/**
 * Does something as the cluster's administrator, whose kubeconfig stays on the first control-plane host but for this
 * while. The API server is reached as a deployment reaches it: at its endpoint, through the jump host if there is one.
 * @throws RunError when the host has no cluster, SshError when it cannot be reached.
 */
export async function withAdministrator<Result>(
  { cluster, targets, say }: AdministratorPlace,
  work: (access: ApiAccess) => Promise<Result>,
): Promise<Result> {
  const { name, endpoint, groups } = cluster;
  const first = groups.controlPlane[0];
  const target = targets.find((one) => one.name === first);
  if (target === undefined) throw new Error("a site without a control plane");
  const patience = { say, patienceSeconds: 60 };
  const session = new Session(target, patience);
  const { bastion, site, timeoutSeconds } = target;
  const jump = bastion && new Session({ ...bastion, site, sudo: "none", timeoutSeconds }, patience);
  try {
    return await work((await administratorApi(session, { name, endpoint, jump })).access);
  } catch (error) {
    if (error instanceof RunError) throw error;
    throw new RunError(
      `the API server does not answer at ${endpoint.address}: ${firstLine(error)}`,
      {
        nextStep: `check that ${endpoint.address}:${endpoint.port} is reachable from here, and look on ${target.name} at crictl ps -a`,
        exitCode: exitCodes.remote,
        cause: error,
      },
    );
  } finally {
    session.close();
    jump?.close();
  }
}

function firstLine(error: unknown): string {
  return error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
}
