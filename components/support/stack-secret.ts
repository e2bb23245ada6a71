import { RunError } from "../../site/run-error";

/**
 * Value of an entry of the stack's secrets, without the line ends that came along with it.
 *
 * @param needs as "tracing needs the password"
 * @throws RunError that names the entry, never its value
 */
export function stackSecret(needs: string, entry: string, value = ""): string {
  const text = value.trim();
  if (text !== "") return text;
  throw new RunError(`${needs} ${entry}, and the stack has no value`, {
    nextStep: `set one under sitewright:secrets.${entry}`,
  });
}
