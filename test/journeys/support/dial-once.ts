import { readFileSync } from "node:fs";
import { rehearsalOf } from "../../../rehearsal/folders";
import { assertInsideRehearsal } from "../../../rehearsal/keeper/inside";
import { connect } from "../../../ssh/connection";
import { SshError } from "../../../ssh/ssh-error";
import type { SshTarget } from "../../../ssh/target";

/** What this script is given on standard input; it runs as a program inside a rehearsal. */
export interface DialRequest {
  readonly site: string;
  readonly rehearsals: string;
  readonly target: SshTarget;
}

/** How the one login of this script ended. */
export interface DialOutcome {
  /** `in`, or the kind of the error. */
  readonly kind: string;
  readonly message: string;
}

async function dialOnce(target: SshTarget): Promise<DialOutcome> {
  try {
    (await connect(target)).close();
    return { kind: "in", message: "" };
  } catch (error) {
    if (error instanceof SshError) return { kind: error.kind, message: error.message };
    throw error;
  }
}

if (require.main === module) {
  const { site, rehearsals, target } = JSON.parse(readFileSync(0, "utf8")) as DialRequest;
  assertInsideRehearsal(rehearsalOf(site, { SITEWRIGHT_REHEARSALS: rehearsals }));
  dialOnce(target).then((outcome) => process.stdout.write(JSON.stringify(outcome)));
}
