import { severities } from "../../site/alerting/notification";
import type {
  NotificationBlueprint,
  ReceiverBlueprint,
} from "../../site/alerting/notification-types";
import type { Severity } from "../../site/alerting/rule-types";
import { nearest } from "../../site/nearest";
import { RunError } from "../../site/run-error";
import { exitCodes } from "../exit-codes";

/** What a person names of the site's receivers; nothing stands for all. */
export interface ReceiverChoice {
  readonly receiver?: string;
  readonly team?: string;
  readonly severity?: Severity;
}

/** The receivers that are meant: those of a name, or that a team, or a severity of it, is told by. */
export function chosenReceivers(
  { receivers, teams }: NotificationBlueprint,
  { receiver, team, severity }: ReceiverChoice,
): readonly ReceiverBlueprint[] {
  const known = (what: string, name: string | undefined, names: readonly string[]) => {
    if (name !== undefined && !names.includes(name)) throw unknown(what, name, names);
  };
  known(
    "receiver",
    receiver,
    receivers.map(({ name }) => name),
  );
  known(
    "team",
    team,
    teams.map(({ name }) => name),
  );
  const told = teams
    .filter(({ name }) => team === undefined || name === team)
    .flatMap((one) =>
      (severity === undefined ? severities : [severity]).flatMap((of) => one.told[of]),
    );
  const meant = receivers.filter(
    ({ name }) => told.includes(name) && (receiver === undefined || name === receiver),
  );
  if (meant.length > 0) return meant;
  throw new RunError("no receiver of the site is meant by all of these options together", {
    nextStep: "./sitewright alerts show <site> tells who is told by what",
    exitCode: exitCodes.usage,
  });
}

function unknown(what: string, name: string, names: readonly string[]): RunError {
  const meant = nearest(name, names);
  const all = `its ${what}s are ${names.join(", ")}`;
  return new RunError(`the site has no ${what} ${JSON.stringify(name)}`, {
    nextStep: meant === undefined ? all : `did you mean ${meant}? ${all}`,
    exitCode: exitCodes.usage,
  });
}
