import type { PluginName } from "../../toolchain/pins";

/** Paths of everything a rehearsal runs. */
export interface RehearsalTools {
  /** The cache that most of them are in; simulated hosts see it read-only. */
  readonly cache: string;
  readonly pulumi: string;
  readonly controlplane: string;
  readonly kwok: string;
  readonly crane: string;
  readonly helm: string;
  /** Unpacked Debian packages that simulated hosts see above this machine's own files. */
  readonly debianLayer: string;
  /** Real Pulumi plugins by name; a missing one is played by its stand-in. */
  readonly plugins: Readonly<Partial<Record<PluginName, string>>>;
}
