import { printable } from "./colours";

export interface TableRow {
  readonly cells: readonly string[];
  /** Changes how the finished line looks, for example its colour; the widths are settled before. */
  readonly paint?: (line: string) => string;
}

/**
 * Lines of a table: a heading, then the rows, columns as wide as their widest cell and two blanks between them. A cell that
 * would push its line over `columns` characters is continued below itself, in the last column only.
 */
export function tableLines(
  heading: readonly string[],
  rows: readonly TableRow[],
  columns = 120,
): readonly string[] {
  const all = [heading, ...rows.map((row) => row.cells)].map((cells) => cells.map(printable));
  const widths = heading.map((_, index) =>
    Math.max(...all.map((cells) => width(cells[index] ?? ""))),
  );
  const indent = widths.slice(0, -1).reduce((sum, one) => sum + one + 2, 0);
  const room = Math.max(24, columns - indent);
  return all.flatMap((cells, index) => {
    const paint = rows[index - 1]?.paint ?? ((line: string) => line);
    const last = wrap(cells.at(-1) ?? "", room);
    const fixed = cells.slice(0, -1).map((cell, at) => pad(cell, (widths[at] ?? 0) + 2));
    return last.map((text, line) => {
      const start = line === 0 ? fixed.join("") : " ".repeat(indent);
      return paint(`${start}${text}`.trimEnd());
    });
  });
}

function pad(cell: string, size: number): string {
  return cell + " ".repeat(Math.max(0, size - width(cell)));
}

/** Columns that text takes: East Asian wide characters take two. */
function width(text: string): number {
  let sum = 0;
  for (const character of text) sum += isWide(character.codePointAt(0) ?? 0) ? 2 : 1;
  return sum;
}

function isWide(code: number): boolean {
  return (
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0x1f300 && code <= 0x1faff)
  );
}

function wrap(text: string, room: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && width(line) + 1 + width(word) > room) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
