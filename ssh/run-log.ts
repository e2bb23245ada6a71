/** What a run printed, boiled down while it comes: markers, the first error and the last lines. */
export class RunLog {
  private readonly missing: Set<string>;
  private readonly secrets: readonly string[];
  private readonly tail: string[] = [];
  private readonly errors: string[] = [];

  /** `secrets` are blanked wherever a line is kept or shown. */
  constructor(markers: readonly string[], secrets: readonly string[]) {
    this.missing = new Set(markers);
    this.secrets = secrets.filter((secret) => secret.length >= 4);
  }

  /** Takes one line; returns it as it may be shown. */
  add(raw: string): string {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters.
    let line = raw.replace(/\u001b\[[0-9;]*[A-Za-z]/g, "").replaceAll("\r", "");
    for (const secret of this.secrets) line = line.replaceAll(secret, "***");
    if (line.length > 2000) line = `${line.slice(0, 2000)}…`;
    for (const marker of this.missing) if (line.includes(marker)) this.missing.delete(marker);
    this.tail.push(line);
    if (this.tail.length > 40) this.tail.shift();
    if (this.errors.length < 50 && isError(line)) this.errors.push(line.trim());
    return line;
  }

  get missingMarkers(): readonly string[] {
    return [...this.missing];
  }

  /** First line that names an error, if any. */
  get firstError(): string | undefined {
    return this.errors.find((line) => line.includes("[FATA]")) ?? this.errors[0];
  }

  /** Lines to look for known faults in: every error kept, then the end of the log. */
  get telling(): readonly string[] {
    return [...this.errors, ...this.tail];
  }

  lastLines(count: number): string {
    return this.tail
      .filter((line) => line.trim() !== "")
      .slice(-count)
      .join("\n");
  }
}

function isError(line: string): boolean {
  return /\[FATA\]|\[ERRO\]|\berror\b|\bfailed:|^panic:|^F\d{4} |^E\d{4} /i.test(line);
}
