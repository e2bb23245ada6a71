import type { Path } from "./path";
import type { Problem } from "./problems";
import type { Catalogue } from "./schema/catalogue";
import type { Release } from "./schema/release";
import type { Site, SiteHost } from "./schema/site";

/** A host with its place in the file, since hosts that cannot be read are left out. */
export interface PlacedHost {
  readonly host: SiteHost;
  readonly path: Path;
}

/** What cross-checks look at. Anything a check did not declare to read may hold stand-in values. */
export interface CheckInput {
  readonly name: string;
  readonly site: Site;
  /** The hosts that could be read. */
  readonly hosts: readonly PlacedHost[];
  /** Absent when the release could not be read. */
  readonly release?: Release | undefined;
  readonly catalogue: Catalogue;
  /** Names of the stack's secrets; absent where they cannot be known. */
  readonly secretNames?: readonly string[] | undefined;
}

/** A rule over more than one value. */
export interface CrossCheck {
  /**
   * Keys of the site that the rule relies on. It is left out while one of them is faulty, since it
   * would then complain of something else. `hosts` means the whole list; a rule that looks at hosts
   * one by one or in pairs leaves it out and sees those that could be read.
   */
  readonly reads: readonly (readonly string[])[];
  readonly find: (input: CheckInput) => readonly Problem[];
}
