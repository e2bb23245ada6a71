import { filledFiles, placeFiles } from "./kk";
import type { StepContext } from "./step-context";

/** Writes the cluster's KubeKey files into the work folder. */
export async function configure(step: StepContext): Promise<unknown> {
  const files = filledFiles(step, "cluster");
  await placeFiles(step, files);
  step.say(`wrote ${files.map((file) => file.path).join(" and ")} on ${step.request.installer}`);
  return { files: files.map((file) => file.path) };
}
