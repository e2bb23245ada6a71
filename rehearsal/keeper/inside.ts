import { readFileSync } from "node:fs";
import { join } from "node:path";
import { RunError } from "../../site/run-error";
import type { Rehearsal } from "../folders";
import { networkNamespace } from "./namespaces";
import { readRecord } from "./record";

/**
 * To be called by whoever is about to connect to an address of a simulated site: makes sure that
 * this process stands in the rehearsal's own network namespace, so that nothing can reach a real
 * machine of that address.
 * @throws when it does not, or when that cannot be told.
 */
export function assertInsideRehearsal(rehearsal: Rehearsal): void {
  const refusal = insideRefusal(rehearsal);
  if (refusal === undefined) return;
  throw new RunError(`Refusing to connect to the addresses of ${rehearsal.site}: ${refusal}.`, {
    nextStep: `run this inside the rehearsal: ./sitewright enter ${rehearsal.site}`,
  });
}

function insideRefusal(rehearsal: Rehearsal): string | undefined {
  const record = readRecord(rehearsal);
  if (record === undefined) return "no rehearsal is recorded";
  const own = networkNamespace();
  if (own === "") return "this process' network namespace cannot be read";
  if (own === record.machineNetworkNamespace) return "this is the machine's own network";
  if (own !== record.networkNamespace) return "this is another network namespace";
  if (networkNamespace(1) !== own) return "process 1 stands in another network namespace";
  try {
    const token = readFileSync(join(rehearsal.folders.area, "token"), "utf8").trim();
    if (token === record.token) return undefined;
  } catch {
    // No working memory here: not the rehearsal's mount namespace. Refused below.
  }
  return "the rehearsal's working memory is not here";
}
