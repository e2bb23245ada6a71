import * as pulumi from "@pulumi/pulumi";
import { lastOutputs } from "../support/last-outputs";

/** Name of the stack's output that holds the kubeconfig. */
const OUTPUT = "kubeconfig";

/**
 * The kubeconfig, or in a preview that will fetch another one, the one that the stack had last. It is the same cluster,
 * and without a way into it a preview could not render a single chart: it would announce the end of all their objects.
 * Unknown only where the stack never had any, which is before the first deployment.
 */
export function lastKnown(kubeconfig: pulumi.Output<string>): pulumi.Output<string> {
  if (!pulumi.runtime.isDryRun()) return kubeconfig;
  return pulumi.output(known(kubeconfig));
}

async function known(kubeconfig: pulumi.Output<string>): Promise<pulumi.Output<string>> {
  // The SDK keeps this out of its typings, but has no other way to ask.
  const { isKnown } = kubeconfig as pulumi.Output<string> & { readonly isKnown: Promise<boolean> };
  if (await isKnown) return kubeconfig;
  const before = (await lastOutputs())[OUTPUT];
  return typeof before === "string" ? pulumi.secret(before) : kubeconfig;
}
