import { randomBytes } from "node:crypto";
import { RunError } from "../../../site/run-error";
import type { Say } from "../../../ssh/session";
import { exitCodes } from "../../exit-codes";
import type { NightingaleClient } from "./client";

/** What every Nightingale begins with, known to everybody. */
const firstPassword = "root.2020";

/** Our own administrator, so that root's password can be set whoever changed it. */
export const ownUser = "sitewright";

export interface Passwords {
  readonly root: string;
  readonly own: string;
}

interface User {
  readonly id: number;
  readonly username: string;
}

/**
 * Logs in as our own user, who is made where there is none, and sees that root's password is the wanted one: right after
 * the installation it is one that everybody knows.
 * @throws RunError when neither our user nor root can be logged in
 */
export async function logIn(
  client: NightingaleClient,
  passwords: Passwords,
  say: Say,
): Promise<NightingaleClient> {
  const own = await client.loggedIn(ownUser, passwords.own);
  if (own !== undefined) {
    if ((await client.loggedIn("root", passwords.root)) === undefined) {
      await setPassword(own, "root", passwords.root);
      say("set the password of root");
    }
    return own;
  }
  const root = await asRoot(client, passwords.root, say);
  if (await userNamed(root, ownUser)) await setPassword(root, ownUser, passwords.own);
  else {
    await addUser(root, { username: ownUser, password: passwords.own, role: "Admin" });
    say(`made the user ${ownUser}`);
  }
  const logged = await client.loggedIn(ownUser, passwords.own);
  if (logged === undefined) throw new Error(`${ownUser} was made and cannot log in`);
  return logged;
}

async function asRoot(
  client: NightingaleClient,
  password: string,
  say: Say,
): Promise<NightingaleClient> {
  const wanted = await client.loggedIn("root", password);
  if (wanted !== undefined) return wanted;
  const first = await client.loggedIn("root", firstPassword);
  if (first === undefined) {
    throw new RunError(
      "Nightingale knows neither our user sitewright nor root by the passwords of this site",
      {
        exitCode: exitCodes.remote,
        nextStep:
          "somebody changed both: put root's present password under the secret that nightingale.rootPasswordSecret names, and deploy again",
      },
    );
  }
  await first.ask("change the password of root", "PUT", "/self/password", {
    oldpass: firstPassword,
    newpass: password,
  });
  say("changed the first password of root");
  const changed = await client.loggedIn("root", password);
  if (changed === undefined) throw new Error("root's password was changed and does not fit");
  return changed;
}

async function userNamed(client: NightingaleClient, username: string): Promise<User | undefined> {
  const path = `/users?limit=100&usernames=${encodeURIComponent(username)}`;
  const { list } = await client.ask<{ list: readonly User[] | null }>(
    "list its users",
    "GET",
    path,
  );
  return list?.find((user) => user.username === username);
}

async function setPassword(client: NightingaleClient, username: string, password: string) {
  const user = await userNamed(client, username);
  if (user === undefined) throw new Error(`there is no user ${username}`);
  const what = `set the password of ${username}`;
  await client.ask(what, "PUT", `/user/${user.id}/password`, { password });
}

async function addUser(
  client: NightingaleClient,
  user: { username: string; password: string; role: "Admin" | "Guest"; email?: string },
) {
  const { role, email = "", ...login } = user;
  const body = { ...login, nickname: email || login.username, email, roles: [role] };
  await client.ask(`make the user ${user.username}`, "POST", "/users", body);
}

/** Somebody who is only written to: made where there is none. Returns their number. */
export async function addressee(client: NightingaleClient, email: string): Promise<number> {
  const username = `mail-${email.replaceAll(/[^A-Za-z0-9]+/g, "-")}`;
  const found = await userNamed(client, username);
  if (found !== undefined) return found.id;
  // Nobody logs in as them.
  const password = randomBytes(24).toString("base64url");
  await addUser(client, { username, password, role: "Guest", email });
  const made = await userNamed(client, username);
  if (made === undefined) throw new Error(`${username} was made and is not there`);
  return made.id;
}
