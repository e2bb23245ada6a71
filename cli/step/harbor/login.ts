import { setTimeout as sleep } from "node:timers/promises";
import { RunError } from "../../../site/run-error";
import type { Say } from "../../../ssh/session";
import { exitCodes } from "../../exit-codes";
import { type AskHarbor, HarborClient, refused } from "./client";

/** What every fresh Harbor lets its administrator in with, unless it was installed with another one. */
const DEFAULT_PASSWORD = "Harbor12345";

/** After a wrong password Harbor refuses the right one as well, for a second and a half. */
const LOCKED_MS = 2000;

/** The administrator's number; the first user is always it. */
const ADMIN_ID = 1;

/**
 * A client that is logged in as the administrator. With `previous` passwords, or Harbor's default, the wanted
 * password is set first: Harbor takes a new one only from those who know the old one.
 */
export async function loggedIn(
  ask: AskHarbor,
  wanted: string,
  previous: readonly string[],
  say: Say,
  lockedMs = LOCKED_MS,
): Promise<HarborClient> {
  const client = new HarborClient(ask, wanted);
  if (await accepts(client)) return client;
  for (const old of new Set(previous)) {
    if (old === wanted) continue;
    await sleep(lockedMs);
    const before = new HarborClient(ask, old);
    if (!(await accepts(before))) continue;
    await before.change("take the new password of admin", "PUT", `/users/${ADMIN_ID}/password`, {
      old_password: old,
      new_password: wanted,
    });
    say(`changed Harbor's admin password${old === DEFAULT_PASSWORD ? " from its default" : ""}`);
    return client;
  }
  throw new RunError("Harbor refuses the password of admin, and no earlier one is known", {
    exitCode: exitCodes.remote,
    nextStep:
      "put the password that Harbor has into sitewright:secrets, run pulumi up, then set the new one and run it again; where nobody knows it, reset it on the registry host as Harbor's manual says",
  });
}

/** The passwords that a change may start from. */
export function earlierPasswords(previous: string | undefined): readonly string[] {
  return [...(previous === undefined ? [] : [previous]), DEFAULT_PASSWORD];
}

async function accepts(client: HarborClient): Promise<boolean> {
  const answer = await client.ask("GET", "/users/current");
  if (answer.status === 401) return false;
  if (answer.status !== 200) throw refused("tell who is logged in", answer);
  return true;
}
