import { isDeepStrictEqual } from "node:util";
import type { HarborRobot } from "../../../site/platform/registry-types";
import type { Say } from "../../../ssh/session";
import { type HarborClient, refused } from "./client";

interface FoundRobot {
  readonly id: number;
  /** With the prefix that this Harbor puts before robots' names. */
  readonly name: string;
  readonly duration: number;
  readonly expires_at?: number;
  readonly disable?: boolean;
  readonly permissions?: readonly {
    readonly kind: string;
    readonly namespace: string;
    readonly access?: readonly { readonly resource: string; readonly action: string }[];
  }[];
}

/** Finds a robot by its own name. Harbor searches without the prefix and answers with it. */
async function find(client: HarborClient, name: string): Promise<FoundRobot | undefined> {
  const found = await client.list<FoundRobot>(
    `look for the robot ${name}`,
    `/robots?q=${encodeURIComponent(`name=${name}`)}`,
  );
  return found.find((robot) => robot.name.endsWith(`$${name}`)) ?? found[0];
}

/**
 * Makes robots that lack and changes the others. One is never deleted and made anew, which would give it another
 * password behind everybody's back; one that is no longer wanted is disabled.
 */
export async function applyRobots(
  client: HarborClient,
  wanted: Readonly<Record<string, HarborRobot>>,
  managed: readonly string[],
  secretOf: (name: string) => string,
  say: Say,
): Promise<void> {
  for (const [name, robot] of Object.entries(wanted)) {
    const found = (await find(client, name)) ?? (await make(client, name, robot, say));
    if (!isDeepStrictEqual(asConfigured(found), robot)) {
      await put(client, found, robot);
      say(`changed the Harbor robot ${found.name}`);
    }
    const secret = secretOf(name);
    if (found.expires_at !== undefined && found.expires_at > 0 && isPast(found.expires_at)) {
      say(`the Harbor robot ${found.name} has expired: give it more days in the site file`);
    } else if (!(await mayLogIn(client, found.name, secret))) {
      // The password in the request that makes a robot is ignored: it is always set afterwards.
      await client.change(`take the password of ${found.name}`, "PATCH", `/robots/${found.id}`, {
        secret,
      });
      say(`set the password of the Harbor robot ${found.name}`);
    }
  }
  for (const name of managed.filter((one) => wanted[one] === undefined)) {
    const found = await find(client, name);
    if (found === undefined || found.disable) continue;
    await put(client, found, { ...asConfigured(found), enabled: false });
    say(`disabled the Harbor robot ${found.name}, which the site no longer names`);
  }
}

async function make(
  client: HarborClient,
  name: string,
  robot: HarborRobot,
  say: Say,
): Promise<FoundRobot> {
  const body = { name, ...settings(robot) };
  // 409: made by somebody else in between.
  await client.change(`make the robot ${name}`, "POST", "/robots", body, [201, 409]);
  const made = await find(client, name);
  if (made === undefined) {
    throw refused(`show the robot ${name} that it has just made`, { status: 404, body: "" });
  }
  say(`made the Harbor robot ${made.name}`);
  return made;
}

/** A change names the robot as Harbor does, prefix included: another name or level is refused. */
async function put(client: HarborClient, found: FoundRobot, robot: HarborRobot): Promise<void> {
  const body = { id: found.id, name: found.name, ...settings(robot) };
  await client.change(`change the robot ${found.name}`, "PUT", `/robots/${found.id}`, body);
}

function settings(robot: HarborRobot) {
  return {
    level: "system",
    description: "made by Sitewright",
    duration: robot.days === "never" ? -1 : robot.days,
    disable: !robot.enabled,
    permissions: Object.entries(robot.access).map(([namespace, actions]) => ({
      kind: "project",
      namespace,
      access: actions.split(", ").map((one) => {
        const [resource, action] = one.includes(":") ? one.split(":") : ["repository", one];
        return { resource, action };
      }),
    })),
  };
}

/** The robots of these names as Harbor has them. */
export async function readRobots(
  client: HarborClient,
  names: readonly string[],
  secretOf: (name: string) => string,
): Promise<Record<string, HarborRobot>> {
  const robots: Record<string, HarborRobot> = {};
  for (const name of names) {
    const found = await find(client, name);
    if (found === undefined) continue;
    const usable = !found.disable && !isPast(found.expires_at ?? -1);
    const refused = usable && !(await mayLogIn(client, found.name, secretOf(name)));
    robots[name] = { ...asConfigured(found), ...(refused && { password: "refused" }) };
  }
  return robots;
}

function asConfigured(found: FoundRobot): HarborRobot {
  const access: Record<string, string> = {};
  for (const { namespace, access: allowed = [] } of found.permissions ?? []) {
    const actions = allowed.map(({ resource, action }) =>
      resource === "repository" ? action : `${resource}:${action}`,
    );
    access[namespace] = actions.sort().join(", ");
  }
  return {
    access: Object.fromEntries(
      Object.entries(access).sort(([one], [other]) => (one < other ? -1 : 1)),
    ),
    days: found.duration === -1 ? "never" : found.duration,
    enabled: !found.disable,
  };
}

function isPast(secondsSince1970: number): boolean {
  return secondsSince1970 > 0 && secondsSince1970 * 1000 < Date.now();
}

/** Harbor never shows a password again; whether it is the right one, only a login tells. */
async function mayLogIn(client: HarborClient, user: string, secret: string): Promise<boolean> {
  const answer = await client.logIn(user, secret);
  if (answer.status === 200) return true;
  if (answer.status === 401 || answer.status === 403) return false;
  throw refused(`say whether ${user} may log in`, answer);
}
