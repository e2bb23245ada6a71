import type { Stack } from "@pulumi/pulumi/automation";

/**
 * Lifts the protection of everything in a rehearsal's stack before it is destroyed. At a site that takes a person with
 * reasons; what a rehearsal holds is nobody's data, and was asked to go.
 */
export async function liftProtection(stack: Stack): Promise<void> {
  const state = await stack.exportStack();
  const resources: readonly StackResource[] = state.deployment?.resources ?? [];
  if (!resources.some(({ protect }) => protect)) return;
  const deployment = {
    ...state.deployment,
    resources: resources.map(({ protect: _, ...resource }) => resource),
  };
  await stack.importStack({ ...state, deployment });
}

interface StackResource {
  readonly protect?: boolean;
}
