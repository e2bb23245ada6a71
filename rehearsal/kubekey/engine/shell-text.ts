/** Quotes a text for a POSIX shell. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

/** A file to be written on a host. */
export interface HostFile {
  readonly path: string;
  readonly content: string | Buffer;
  /** Octal, for example "600". Default: "644". */
  readonly mode?: string;
}

/** Shell lines that write the files, each at once or not at all, and only where something changes. */
export function writeFilesScript(files: readonly HostFile[]): string {
  const lines = files.map((file) => {
    const body = Buffer.from(file.content)
      .toString("base64")
      .replace(/.{1,76}/g, "$&\n");
    const target = quoted(file.path);
    return `put ${target} ${file.mode ?? "644"} <<'END-OF-FILE'\n${body}END-OF-FILE\n`;
  });
  return `put() {
  mkdir -p "$(dirname "$1")"
  base64 -d > "$1.kk-part" && chmod "$2" "$1.kk-part"
  if cmp -s "$1.kk-part" "$1"; then rm -f "$1.kk-part"; chmod "$2" "$1"; else mv -f "$1.kk-part" "$1"; fi
}
${lines.join("")}`;
}
