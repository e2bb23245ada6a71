/** Paths of everything a rehearsal runs. */
export interface RehearsalTools {
  readonly cache: string;
  readonly pulumi: string;
  readonly controlplane: string;
  readonly kwok: string;
  readonly crane: string;
  readonly helm: string;
  readonly debianLayer: string;
  /** Real Pulumi plugins by name; a missing one is played by its stand-in. */
  readonly plugins: Readonly<Partial<Record<"nodejs" | "random" | "command" | "kubernetes", string>>>;
}
