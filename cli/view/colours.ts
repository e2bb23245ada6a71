/** Where text goes; only a terminal gets colours. */
export interface Screen {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export type Colour = "red" | "yellow" | "green" | "bold" | "dim";

const codes: Readonly<Record<Colour, readonly [number, number]>> = {
  red: [31, 39],
  yellow: [33, 39],
  green: [32, 39],
  bold: [1, 22],
  dim: [2, 22],
};

/** Paints text for one screen, or leaves it plain: off a terminal, with NO_COLOR set (no-color.org), on a dumb terminal. */
export function painter(
  screen: Screen,
  env: NodeJS.ProcessEnv,
): (c: Colour, text: string) => string {
  const plain = screen.isTTY !== true || (env.NO_COLOR ?? "") !== "" || env.TERM === "dumb";
  return (colour, text) => {
    const [on, off] = codes[colour];
    return plain ? text : `\u001b[${on}m${text}\u001b[${off}m`;
  };
}

/** Text from a host, safe to print: no control character moves the cursor, rings a bell or turns the line around. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to take out
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, " ");
}
