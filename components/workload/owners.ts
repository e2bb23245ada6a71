import * as pulumi from "@pulumi/pulumi";
import type { NamespaceBlueprint } from "../../site/blueprint-types";
import { RunError } from "../../site/run-error";
import type { DeliveryMode } from "../../site/schema/delivery";
import { type LastOutputs, lastOutputs } from "../support/last-outputs";
import type { Workload } from "./workload";

/** Exit code of a site that has problems; the same as in cli/exit-codes.ts. */
const exitCode = 3;

type Delivered = Pick<NamespaceBlueprint, "name" | "delivery">;

/**
 * Who makes the workloads of each namespace, for the state: known only once every object has been seen to, so a
 * deployment that was broken off does not count as one that handed anything over.
 */
export function recordedOwners(
  namespaces: readonly Delivered[],
  workloads: readonly Workload[],
  last: () => Promise<LastOutputs> = lastOutputs,
): pulumi.Output<Record<string, DeliveryMode>> {
  const owners = Object.fromEntries(
    namespaces.map(({ name, delivery }): [string, DeliveryMode] => [name, delivery ?? "deploy"]),
  );
  const over = namespaces.filter(({ delivery }) => delivery === "gitops").map(({ name }) => name);
  const checked =
    over.length === 0
      ? pulumi.output({})
      : pulumi.output(last()).apply((outputs) => {
          refuseSudden(over, outputs);
          return {};
        });
  const seenTo = pulumi.all(workloads.map(({ urns }) => urns));
  return pulumi.all([seenTo, checked]).apply(() => ({ ...owners }));
}

/**
 * Objects that go from the stack go from the cluster too, but for those that the last deployment marked to stay.
 * @throws RunError that names the namespaces whose workloads this deployment would delete
 */
export function refuseSudden(over: readonly string[], { owners, workloads }: LastOutputs): void {
  const sudden = over.filter((namespace) => {
    const owner = entries(owners).find(([name]) => name === namespace)?.[1];
    const ran = entries(workloads).some(([name]) => name.startsWith(`${namespace}/`));
    return owner === undefined ? ran : owner === "deploy";
  });
  if (sudden.length === 0) return;
  const [first = ""] = sudden;
  throw new RunError(
    `${sudden.join(", ")}: the last whole deployment made the workloads, and letting go of them now would delete them`,
    {
      exitCode,
      nextStep: `state delivery.product.namespaces.${first}.mode: hand-over, deploy, and only then gitops (docs/gitops.md)`,
    },
  );
}

function entries(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === "object" && value !== null ? Object.entries(value) : [];
}
