import { isDeepStrictEqual } from "node:util";
import {
  REPLICATION_SECRET,
  robotSecretName,
} from "../../../components/registry/harbor-secret-names";
import type { HarborQuestion } from "../../../components/support/step-request";
import type { HarborConfiguration } from "../../../site/platform/registry-types";
import { RunError } from "../../../site/run-error";
import type { Say } from "../../../ssh/session";
import { exitCodes } from "../../exit-codes";
import type { HarborClient } from "./client";
import { HarborProjects } from "./projects";
import { applyReplication, readReplication } from "./replication";
import { applyRobots, readRobots } from "./robots";
import { applySchedules, readSchedules } from "./schedules";

export interface HarborWork {
  readonly client: HarborClient;
  readonly question: HarborQuestion;
  readonly secrets: Readonly<Record<string, string>>;
  readonly say: Say;
}

/** Makes Harbor as wanted and reads it back; fails when it then still differs, which the next run would find. */
export async function applySettings(work: HarborWork): Promise<HarborConfiguration> {
  const { client, question, secrets, say } = work;
  const { configuration: wanted, managed } = question;
  await new HarborProjects(client).apply(wanted.projects, say);
  for (const name of Object.keys(managed.projects).filter((one) => !wanted.projects[one])) {
    say(`the Harbor project ${name} stays as it is: the site no longer manages it`);
  }
  const robots = Object.keys(managed.robots);
  await applyRobots(client, wanted.robots, robots, (name) => robotSecret(secrets, name), say);
  await applySchedules(client, wanted, say);
  await applyReplication(
    client,
    wanted.replication,
    { managed: managed.replication !== undefined, password: secrets[REPLICATION_SECRET] ?? "" },
    say,
  );
  const read = await readSettings(work, wanted);
  const differences = differing(wanted, read);
  if (differences.length === 0) return read;
  throw new RunError(`Harbor took everything and still differs in ${differences.join(", ")}`, {
    exitCode: exitCodes.remote,
    nextStep: "see in Harbor's pages what it made of that; this Harbor may be too old for it",
  });
}

/** Harbor as it is, with regard to what `managed` names. */
export async function readSettings(
  { client, secrets }: Pick<HarborWork, "client" | "secrets">,
  managed: HarborConfiguration,
): Promise<HarborConfiguration> {
  const projects = await new HarborProjects(client).read(Object.keys(managed.projects));
  const names = Object.keys(managed.robots);
  const robots = await readRobots(client, names, (name) => robotSecret(secrets, name));
  const schedules = await readSchedules(client);
  const replication = managed.replication === undefined ? undefined : await readReplication(client);
  return { projects, robots, ...schedules, ...(replication !== undefined && { replication }) };
}

function robotSecret(secrets: Readonly<Record<string, string>>, robot: string): string {
  const secret = secrets[robotSecretName(robot)];
  if (secret !== undefined) return secret;
  throw new Error(`the request of this step does not hold the password of robot ${robot}`);
}

/** Paths of values that differ, as `projects.library.quotaGiB`. */
function differing(one: unknown, other: unknown, path = ""): string[] {
  if (isDeepStrictEqual(one, other)) return [];
  if (!isRecord(one) || !isRecord(other)) return [path];
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].flatMap((key) =>
    differing(one[key], other[key], path === "" ? key : `${path}.${key}`),
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
