/** Mount points of a process, from the text of its mountinfo. */
export function mountPoints(mountinfo: string): string[] {
  return mountinfo.split("\n").flatMap((line) => {
    const escaped = line.split(" ")[4];
    if (escaped === undefined) return [];
    return [
      escaped.replace(/\\([0-7]{3})/g, (_, octal: string) =>
        String.fromCharCode(Number.parseInt(octal, 8)),
      ),
    ];
  });
}
