/**
 * A glob as a pattern over whole paths: `*` and `?` stop at "/", `**` does not, `[a-z]`, `[!a-z]`,
 * `{a,b}`, and "\" takes the next character as it is.
 */
export function globPattern(glob: string): RegExp {
  let pattern = "";
  let depth = 0;
  for (let i = 0; i < glob.length; i += 1) {
    const character = glob.charAt(i);
    if (character === "*") {
      const deep = glob.charAt(i + 1) === "*";
      if (deep) i += 1;
      pattern += deep ? ".*" : "[^/]*";
    } else if (character === "?") pattern += "[^/]";
    else if (character === "[") {
      const end = glob.indexOf("]", i + 2);
      if (end < 0) throw new Error(`the glob ${glob} misses a closing ]`);
      pattern += `[${glob
        .slice(i + 1, end)
        .replace(/^!/, "^")
        .replaceAll("\\", "\\\\")}]`;
      i = end;
    } else if (character === "{") {
      depth += 1;
      pattern += "(?:";
    } else if (character === "}" && depth > 0) {
      depth -= 1;
      pattern += ")";
    } else if (character === "," && depth > 0) pattern += "|";
    else {
      if (character === "\\") i += 1;
      pattern += glob.charAt(i).replace(/[\\^$.*+?()[\]{}|]/, "\\$&");
    }
  }
  if (depth > 0) throw new Error(`the glob ${glob} misses a closing }`);
  return new RegExp(`^${pattern}$`, "s");
}
