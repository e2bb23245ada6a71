import type { NightingaleConfiguration } from "../../../components/nightingale/configuration/configuration-types";
import { RunError } from "../../../site/run-error";
import type { Say } from "../../../ssh/session";
import { exitCodes } from "../../exit-codes";
import { keepBoards } from "./boards";
import { dropChannels, keepChannels } from "./channels";
import { NightingaleClient } from "./client";
import { logIn, type Passwords } from "./login";
import { type Changed, keepDatasource, keepGroup, keepTeams } from "./places";
import { keepRules } from "./rules";

/** What a Nightingale holds of ours, by count. */
export interface NightingaleResult {
  readonly teams: number;
  readonly rules: number;
  readonly boards: number;
  readonly channels: number;
}

/** Bound for it to answer after its installation: it makes its tables first. */
const upSeconds = 180;

/** Changes that are told one by one; a first run makes hundreds. */
const mostTold = 10;

/**
 * Makes Nightingale hold what is wanted, wherever an earlier run was cut off; what people made beside it stays. Then
 * looks once more.
 * @throws RunError when it does not answer, refuses something, or differs even then
 */
export async function applySettings(
  url: string,
  wanted: NightingaleConfiguration,
  passwords: Passwords,
  say: Say,
): Promise<NightingaleResult> {
  const stranger = new NightingaleClient(url);
  await stranger.untilUp(say, upSeconds);
  const client = await logIn(stranger, passwords, say);
  const first = await keepAll(client, wanted);
  for (const what of first.slice(0, mostTold)) say(`Nightingale: ${what}`);
  if (first.length > mostTold) say(`Nightingale: and ${first.length - mostTold} more`);
  if (first.length === 0) say("Nightingale holds what is wanted");
  const second = first.length === 0 ? [] : await keepAll(client, wanted);
  if (second.length > 0) {
    throw new RunError(`Nightingale took everything and still differs: ${second.join(", ")}`, {
      exitCode: exitCodes.remote,
      nextStep: "see in its pages what it made of that; this Nightingale may be of another version",
    });
  }
  const { teams, rules, boards, channels } = wanted;
  return {
    teams: teams.length,
    rules: rules.length,
    boards: boards.length,
    channels: channels.length,
  };
}

/** What everything refers to comes first, what is no longer referred to goes last. Returns what was changed. */
async function keepAll(
  client: NightingaleClient,
  wanted: NightingaleConfiguration,
): Promise<readonly string[]> {
  const changes: string[] = [];
  const changed: Changed = (what) => void changes.push(what);
  const datasource = await keepDatasource(client, wanted, changed);
  const teams = await keepTeams(client, wanted, changed);
  const group = await keepGroup(client, wanted, teams, changed);
  const notifyRule = await keepChannels(client, wanted, teams, changed);
  await keepRules(client, wanted.rules, { group, datasource, notifyRule }, changed);
  await dropChannels(client, wanted, changed);
  await keepBoards(client, wanted.boards, group, changed);
  return changes;
}
