/** One word of a POSIX shell command line, quoted only where it must be. */
export function quote(word: string): string {
  if (/^[A-Za-z0-9_@%+=:,./-]+$/.test(word)) return word;
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** A command line out of its words. */
export function quoteAll(words: readonly string[]): string {
  return words.map(quote).join(" ");
}
