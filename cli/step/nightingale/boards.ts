import { ownBoardTag } from "../../../components/nightingale/configuration/boards";
import type { BoardBody } from "../../../components/nightingale/configuration/configuration-types";
import { asWanted } from "./as-wanted";
import type { NightingaleClient } from "./client";
import type { Changed } from "./places";

interface FoundBoard {
  readonly id: number;
  readonly name: string;
  readonly ident: string;
  readonly tags: string;
}

/** Boards by their idents; people's own stay. */
export async function keepBoards(
  client: NightingaleClient,
  boards: readonly BoardBody[],
  group: number,
  changed: Changed,
): Promise<void> {
  const path = `/busi-group/${group}/boards`;
  const found = await client.list<FoundBoard>("list its boards", path);
  for (const board of boards) {
    const { configs, ...head } = board;
    const there = found.find(({ ident }) => ident === board.ident);
    if (there === undefined) {
      await client.ask(`take the board ${board.name}`, "POST", path, board);
      changed(`board ${board.name}`);
      continue;
    }
    const what = `change the board ${board.name}`;
    const { id } = there;
    const headFits = asWanted(there, head);
    if (!headFits) await client.ask(what, "PUT", `/board/${id}`, head);
    // A list tells of boards without what they show.
    const now = await client.ask<BoardBody>(`tell of ${board.name}`, "GET", `/board/${id}`);
    const fits = now.configs === configs;
    if (!fits) await client.ask(what, "PUT", `/board/${id}/configs`, { configs });
    if (!headFits || !fits) changed(`board ${board.name}`);
  }
  const gone = found.filter(
    ({ tags, ident }) =>
      tags.split(" ").includes(ownBoardTag) && !boards.some((board) => board.ident === ident),
  );
  if (gone.length === 0) return;
  await client.ask("remove boards", "DELETE", "/boards", { ids: gone.map(({ id }) => id) });
  for (const { name } of gone) changed(`board ${name}, removed`);
}
