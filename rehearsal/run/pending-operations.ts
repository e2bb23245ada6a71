import type { Stack } from "@pulumi/pulumi/automation";

/**
 * Forgets operations that a killed run began and nobody saw the end of. Nothing is lost by it: our steps on hosts find
 * out by themselves how far they got, and the Kubernetes provider adopts what is there already. Pulumi alone would
 * carry them in the state until somebody clears them by hand.
 */
export async function forgetPendingOperations(stack: Stack): Promise<void> {
  const state = await stack.exportStack();
  if (!state.deployment?.pending_operations?.length) return;
  const { pending_operations: _, ...deployment } = state.deployment;
  await stack.importStack({ ...state, deployment });
}
