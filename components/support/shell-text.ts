/**
 * Text as one word of POSIX shell, whatever it contains.
 * @throws Error on a NUL byte, which no shell word can hold.
 */
export function shellWord(text: string): string {
  if (text.includes("\0")) throw new Error("a shell word cannot hold a NUL byte");
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/**
 * A here-document as `<<'WORD'` and the lines after it, taken literally by the shell. The word is made longer until no line
 * of the text is equal to it, so text from a site can never end the document early.
 */
export function hereDocument(text: string): string {
  const lines = text.replace(/\n$/, "").split("\n");
  let word = "SITEWRIGHT";
  while (lines.includes(word)) word += "_";
  return `<<'${word}'\n${lines.join("\n")}\n${word}`;
}
