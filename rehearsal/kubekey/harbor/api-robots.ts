import { randomBytes } from "node:crypto";
import { page, type Route } from "./api-call";
import { isStrong, weak } from "./passwords";
import { Refusal } from "./reply";
import {
  digestOf,
  type PlainObject,
  type RobotPermission,
  type RobotRecord,
  robotPrefix,
  type Store,
} from "./store";

const DAY_SECONDS = 86_400;

/** Robots of the whole Harbor; those of one project do not occur here. */
export const robotRoutes: readonly Route[] = [
  [
    "GET",
    /^\/robots$/,
    (call) => {
      const wanted = /(?:^|,)name=([^,]*)/.exec(call.query.get("q") ?? "")?.[1];
      const found = call.store.data.robots.filter((one) => matchesName(one.name, wanted));
      return page(call, found.map(told));
    },
  ],
  [
    "POST",
    /^\/robots$/,
    ({ store, body }) => {
      const { name } = body;
      if (typeof name !== "string" || !/^[a-z0-9]+(?:[._-][a-z0-9]+)*$/.test(name)) {
        throw new Refusal(400, "robot name is not in lower case or contains illegal characters");
      }
      const { duration, permissions } = checked(store, body);
      if (store.robot(`${robotPrefix}${name}`)) {
        throw new Refusal(409, `robot account ${name} already exists`);
      }
      // A secret in the body is ignored: Harbor makes one, and shows it this once.
      const secret = `Aa0${randomBytes(18).toString("hex")}`;
      const createdAtSeconds = Math.floor(Date.now() / 1000);
      const robot: RobotRecord = {
        id: store.id(),
        name,
        description: String(body.description ?? ""),
        duration,
        createdAtSeconds,
        expiresAt: duration === -1 ? -1 : createdAtSeconds + duration * DAY_SECONDS,
        disable: false,
        permissions,
        secret: digestOf(secret),
      };
      store.data.robots.push(robot);
      store.save();
      const { id, name: full, expires_at } = told(robot);
      return { status: 201, body: { id, name: full, secret, expires_at } };
    },
  ],
  [
    "GET",
    /^\/robots\/(\d+)$/,
    ({ store, part }) => ({ status: 200, body: told(robotOf(store, part(1))) }),
  ],
  [
    "PUT",
    /^\/robots\/(\d+)$/,
    ({ store, part, body }) => {
      const robot = robotOf(store, part(1));
      const { duration, permissions } = checked(store, body);
      if (body.name !== `${robotPrefix}${robot.name}` || body.level !== "system") {
        throw new Refusal(400, "cannot update the level or name of robot");
      }
      if (duration !== robot.duration) {
        robot.duration = duration;
        robot.expiresAt = duration === -1 ? -1 : robot.createdAtSeconds + duration * DAY_SECONDS;
      }
      robot.description = String(body.description ?? "");
      robot.disable = body.disable === true;
      robot.permissions = permissions;
      store.save();
      return { status: 200 };
    },
  ],
  [
    "PATCH",
    /^\/robots\/(\d+)$/,
    ({ store, part, body }) => {
      const robot = robotOf(store, part(1));
      if (!isStrong(body.secret)) throw new Refusal(400, `the ${weak}`);
      robot.secret = digestOf(body.secret);
      store.save();
      return { status: 200, body: {} };
    },
  ],
  [
    "DELETE",
    /^\/robots\/(\d+)$/,
    ({ store, part }) => {
      const robot = robotOf(store, part(1));
      store.data.robots = store.data.robots.filter((one) => one !== robot);
      store.save();
      return { status: 200 };
    },
  ],
];

/** `name=x` is that name, `name=~x` contains it. */
function matchesName(name: string, wanted: string | undefined): boolean {
  if (wanted === undefined) return true;
  return wanted.startsWith("~") ? name.includes(wanted.slice(1)) : name === wanted;
}

function robotOf(store: Store, id: string): RobotRecord {
  const found = store.data.robots.find((one) => String(one.id) === id);
  if (found === undefined) throw new Refusal(404, `robot account ${id} not found`);
  return found;
}

function told(robot: RobotRecord) {
  const { id, name, description, duration, expiresAt, disable, permissions } = robot;
  return {
    ...{ id, name: `${robotPrefix}${name}`, level: "system", description, duration },
    ...{ expires_at: expiresAt, disable, editable: true, permissions },
  };
}

function checked(store: Store, body: PlainObject) {
  const duration = Number(body.duration);
  if (duration !== -1 && !(Number.isInteger(duration) && duration > 0)) {
    throw new Refusal(
      400,
      `bad request error duration input: ${body.duration}, duration must be either -1(Never) or a positive integer`,
    );
  }
  if (body.level !== "system")
    throw new Refusal(400, `bad request error level input: ${body.level}`);
  const permissions = (body.permissions ?? []) as readonly RobotPermission[];
  if (permissions.length === 0) throw new Refusal(400, "bad request empty permission");
  for (const { kind, namespace, access } of permissions) {
    if (access.length === 0) throw new Refusal(400, "bad request empty access");
    if (kind === "project" && namespace !== "*" && !store.project(namespace)) {
      throw new Refusal(404, `project ${namespace} not found`);
    }
  }
  return { duration, permissions };
}
