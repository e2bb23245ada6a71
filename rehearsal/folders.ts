import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { RunError } from "../site/run-error";

/** Where a rehearsal keeps its things. All absolute; every folder is 0700. */
export interface RehearsalFolders {
  readonly root: string;
  /** PULUMI_HOME: credentials and plugins of this rehearsal only. */
  readonly pulumiHome: string;
  /** The `file://` backend. Never the site's own state. */
  readonly state: string;
  /** Stands in for the checkout's `trust/`. */
  readonly trust: string;
  /** Stands in for the checkout's `bundles/`. */
  readonly bundles: string;
  /** The simulated hosts' SSH host keys, kept from one rehearsal to the next. */
  readonly keys: string;
  readonly logs: string;
  /** What is true only while the keeper lives: its record, expiry and scripts. */
  readonly run: string;
  /** Mount point of the working memory; empty for everyone who looks from outside. */
  readonly area: string;
}

/**
 * A rehearsal: the site's name and where its things are. Nothing in it is open or running by
 * itself.
 */
export interface Rehearsal {
  readonly site: string;
  readonly folders: RehearsalFolders;
}

/** The parts of the environment that say where rehearsals are kept. */
export interface FolderEnvironment {
  readonly SITEWRIGHT_REHEARSALS?: string | undefined;
  readonly XDG_STATE_HOME?: string | undefined;
  readonly HOME?: string | undefined;
}

/** The folder that holds every rehearsal. */
export function rehearsalsFolder(environment: FolderEnvironment): string {
  if (environment.SITEWRIGHT_REHEARSALS) return resolve(environment.SITEWRIGHT_REHEARSALS);
  const home = environment.HOME || homedir();
  const state = environment.XDG_STATE_HOME || join(home, ".local", "state");
  return resolve(state, "sitewright", "rehearsals");
}

/**
 * The rehearsal of a site. Makes nothing.
 * @throws when the name could lead out of the folder.
 */
export function rehearsalOf(site: string, environment: FolderEnvironment): Rehearsal {
  if (!/^[a-z0-9][-a-z0-9]*$/.test(site)) {
    throw new RunError(
      `A site's name must be letters, digits and dashes, got ${JSON.stringify(site)}.`,
    );
  }
  const root = join(rehearsalsFolder(environment), site);
  return {
    site,
    folders: {
      root,
      pulumiHome: join(root, "pulumi-home"),
      state: join(root, "state"),
      trust: join(root, "trust"),
      bundles: join(root, "bundles"),
      keys: join(root, "keys"),
      logs: join(root, "logs"),
      run: join(root, "run"),
      area: join(root, "area"),
    },
  };
}

/** Makes the rehearsal's folders and closes them to everyone else. Safe to repeat. */
export function makeFolders(rehearsal: Rehearsal): void {
  for (const folder of Object.values(rehearsal.folders)) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chmodSync(folder, 0o700);
  }
}

/** When a rehearsal ends by itself: a moment, or never. */
export type Expiry = Date | "never";

/** Path of the file that the keeper reads its expiry from. */
export function expiresFile(rehearsal: Rehearsal): string {
  return join(rehearsal.folders.run, "expires");
}

/** Sets when the rehearsal ends by itself. A running keeper notices within two seconds. */
export function setExpiry(rehearsal: Rehearsal, expiry: Expiry): void {
  const text = expiry === "never" ? "never" : String(Math.floor(expiry.getTime() / 1000));
  writeFileSync(expiresFile(rehearsal), `${text}\n`, { mode: 0o600 });
}
