import { RunError } from "../../site/run-error";
import type { Say } from "../../ssh/session";
import { exitCodes } from "../exit-codes";
import type { ApiAnswer, ApiQuestion } from "./api-client";

/** Asks Harbor one thing, as its administrator. */
export type AskHarbor = (question: ApiQuestion) => Promise<ApiAnswer>;

/**
 * Makes the projects that images are pushed into; those that are there stay as they are. kk does not, and Harbor
 * refuses a push into a project that it does not have. A registry that is no Harbor has no projects.
 */
export async function ensureProjects(
  ask: AskHarbor,
  names: readonly string[],
  say: Say,
): Promise<void> {
  const ping = await ask({ method: "GET", path: "/api/v2.0/ping" });
  if (ping.status === 404) return say("the registry has no projects to make: it is no Harbor");
  if (ping.status !== 200) throw refused("answer", ping);
  for (const name of names) {
    const path = `/api/v2.0/projects?project_name=${encodeURIComponent(name)}`;
    const there = await ask({ method: "HEAD", path });
    if (there.status === 200) continue;
    if (there.status !== 404) throw refused(`look for the project ${name}`, there);
    const body = { project_name: name, metadata: { public: "true" } };
    const made = await ask({ method: "POST", path: "/api/v2.0/projects", body });
    // Somebody else may have made it in between.
    if (made.status !== 201 && made.status !== 409) throw refused(`make the project ${name}`, made);
    say(`made the Harbor project ${name}`);
  }
}

function refused(what: string, { status, body }: ApiAnswer): RunError {
  const password = status === 401 || status === 403;
  return new RunError(
    `Harbor does not ${what}: status ${status}${body ? `: ${body.slice(0, 300)}` : ""}`,
    {
      exitCode: exitCodes.remote,
      nextStep: password
        ? "check the registry's password: Harbor keeps the one that it was installed with"
        : "look at docker ps and the logs below /var/log/harbor on the registry host, then run the same command again",
    },
  );
}
