import { parse, stringify } from "yaml";

/**
 * Data as YAML that every reader takes alike: all text quoted, since kk reads YAML 1.1, where a plain `yes`
 * or `12:30` is no text; long lines not folded.
 */
export function toYaml(data: unknown): string {
  return stringify(data, {
    version: "1.1",
    defaultStringType: "QUOTE_DOUBLE",
    defaultKeyType: "PLAIN",
    lineWidth: 0,
    aliasDuplicateObjects: false,
  });
}

/** Reads what toYaml wrote. */
export function fromYaml(text: string): unknown {
  return parse(text, { version: "1.1" });
}
