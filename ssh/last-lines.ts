/** The last lines of what a command said, short enough for a message. */
export function lastLines(text: string, count: number): string {
  return text.split("\n").slice(-count).join("\n").slice(-2000);
}
