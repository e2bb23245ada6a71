/** Number of single-letter edits (insert, delete, replace, swap of neighbours) between two words. */
export function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const same = from[row - 1] === to[column - 1];
      let best = Math.min(
        cell(last, column) + 1,
        cell(current, column - 1) + 1,
        cell(last, column - 1) + (same ? 0 : 1),
      );
      const swapped = from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (row > 1 && column > 1 && swapped) best = Math.min(best, cell(beforeLast, column - 2) + 1);
      current.push(best);
    }
    beforeLast = last;
    last = current;
  }
  return cell(last, to.length);
}

/** Longest word that is worth comparing: nobody mistypes a key of ours into something longer. */
const longestWord = 80;

/** Fewest letters that say which word was begun. */
const shortestBeginning = 3;

/** The known word that a mistyped one probably meant, or undefined when none is near enough. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (word.length > longestWord) return undefined;
  let found: { word: string; distance: number } | undefined;
  for (const candidate of known) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    const allowed = Math.max(1, Math.floor(Math.max(word.length, candidate.length) / 3));
    if (distance <= allowed && (found === undefined || distance < found.distance)) {
      found = { word: candidate, distance };
    }
  }
  return found?.word ?? begunBy(word, known);
}

/** The only known word that goes on from a short one: `password` for `passwordSecret`. */
function begunBy(word: string, known: readonly string[]): string | undefined {
  if (word.length < shortestBeginning) return undefined;
  const longer = known.filter((one) => one.toLowerCase().startsWith(word.toLowerCase()));
  return longer.length === 1 ? longer[0] : undefined;
}

/** What to do about a name that nothing has: write the one that was probably meant, or else what is given. */
export function writeNearest(
  word: string,
  known: readonly string[],
  otherwise?: string,
): string | undefined {
  const meant = nearest(word, known);
  return meant === undefined ? otherwise : `write ${meant}`;
}

function cell(row: readonly number[], column: number): number {
  return row[column] ?? Number.POSITIVE_INFINITY;
}
