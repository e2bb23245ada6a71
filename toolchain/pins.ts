import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";

/** What a rehearsal runs. */
export const rehearsalToolNames = ["pulumi", "controlplane", "kwok", "helm", "crane"] as const;

/** What tests run besides: the programs that a site's rules and notifications are meant for. */
export const testToolNames = ["prometheus", "promtool", "alertmanager", "amtool"] as const;

/** Tools that commands cannot do their work without. */
export const toolNames = [...rehearsalToolNames, ...testToolNames] as const;
export type ToolName = (typeof toolNames)[number];

/** Pulumi plugins; a rehearsal has a stand-in for each. */
export const pluginNames = ["language-nodejs", "random", "command", "kubernetes"] as const;
export type PluginName = (typeof pluginNames)[number];

/** Machine architectures in Go's words, which releases and Debian use too. */
export const architectures = ["amd64", "arm64"] as const;
export type Architecture = (typeof architectures)[number];

const version = z.string().regex(/^v\d+\.\d+\.\d+$/, 'needs a full version such as "v1.2.3"');
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, "needs 64 lower-case hexadecimal digits");

const releasePin = z.strictObject({
  url: z.url(),
  /** What the publisher calls each architecture. */
  arch: z.partialRecord(z.enum(architectures), z.string()),
  sha256: z.partialRecord(z.enum(architectures), sha256),
  /** Executable to path inside the archive; absent when the file is the program itself. */
  members: z.record(z.string(), z.string()).optional(),
  sizeMiB: z.number().positive(),
});

const buildPin = z.strictObject({
  folder: z.string(),
  package: z.string(),
  /** Linker values (`-X name=value`). */
  values: z.record(z.string(), z.string()),
  /** Build tags. */
  tags: z.array(z.string()).optional(),
  /** Files that the project makes before it builds, and leaves out of its module: path below `vendor` to text. */
  placeholders: z.record(z.string(), z.string()).optional(),
  minutes: z.number().positive(),
  sizeMiB: z.number().positive(),
});

const toolPin = z.strictObject({
  version,
  purpose: z.string(),
  without: z.string(),
  versionArguments: z.array(z.string()).min(1),
  release: releasePin.optional(),
  build: buildPin.optional(),
});

const pluginPin = z.strictObject({
  version,
  purpose: z.string(),
  executable: z.string(),
  /** The tool whose official release carries this plugin too. */
  partOf: z.enum(toolNames).optional(),
});

const pinsFile = z.strictObject({
  format: z.literal(1),
  tools: z.record(z.enum(toolNames), toolPin),
  plugins: z.record(z.enum(pluginNames), pluginPin),
});

export type ReleasePin = z.infer<typeof releasePin>;
export type BuildPin = z.infer<typeof buildPin>;
export type ToolPin = z.infer<typeof toolPin>;
export type PluginPin = z.infer<typeof pluginPin>;
/** Everything catalogue/toolchain.yaml pins. */
export type ToolchainPins = z.infer<typeof pinsFile>;

/** Reads pins from YAML text; throws with every fault named by its path. */
export function parsePins(text: string): ToolchainPins {
  const result = pinsFile.safeParse(parse(text));
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
  throw new Error(`The toolchain's pins are not usable:\n${faults.join("\n")}`);
}

/** The checkout's own pins. */
export function readPins(): ToolchainPins {
  return parsePins(readFileSync(join(__dirname, "..", "catalogue", "toolchain.yaml"), "utf8"));
}
