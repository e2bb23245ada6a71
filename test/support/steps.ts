import { strict as assert } from "node:assert";
import type { Blueprint } from "../../site/blueprint-types";
import type { Seen } from "./deploy";
import { resolve, smallSite } from "./sites";

/** Secrets of a site in clear, each of a text that is found nowhere else. */
export const secrets = {
  sshPassword: "hunter-ssh",
  harborPassword: "Hunter-harbor-1",
  other: "hunter-other",
};

/** A pinned key for whatever host is asked for. */
export const hostKeys: Readonly<Record<string, readonly string[]>> = new Proxy(
  {},
  { get: (_, name) => [`ssh-ed25519 AAAA${String(name)} a comment`] },
);

export interface StepBlueprintChange {
  readonly passwordSecret?: string;
  /** Name of one more worker. */
  readonly worker?: string;
  /** Digest of the artifact. */
  readonly artifact?: string;
  readonly kubernetes?: string;
  readonly certificatesRenewed?: string;
}

/** The blueprint of a small site whose bundle is there. */
export function stepBlueprint(change: StepBlueprintChange = {}): Blueprint {
  const blueprint = resolved(change.worker);
  const file = (path: string, sha256: string) => ({ path, sha256, sizeBytes: 10 });
  return {
    ...blueprint,
    registry: {
      ...blueprint.registry,
      ...(change.passwordSecret && { passwordSecret: change.passwordSecret }),
    },
    cluster: {
      ...blueprint.cluster,
      kubernetes: change.kubernetes ?? blueprint.cluster.kubernetes,
      ...(change.certificatesRenewed && { certificatesRenewed: change.certificatesRenewed }),
      files: {
        kk: file("kk", "0".repeat(64)),
        artifact: file("artifact", change.artifact ?? "1".repeat(64)),
      },
    },
  };
}

/** Resolving reads the catalogue and the release; once for each site is enough. */
const known = new Map<string | undefined, Blueprint>();

function resolved(worker: string | undefined): Blueprint {
  const found = known.get(worker);
  if (found) return found;
  const site = smallSite();
  if (worker) {
    const like = site.hosts.find((host: { roles: string[] }) => host.roles.includes("worker"));
    site.hosts.push({ ...like, name: worker, address: "192.0.2.29" });
  }
  const { blueprint } = resolve(site);
  known.set(worker, blueprint);
  return blueprint;
}

/** Request and secrets that a step's resource hands over. */
export function stepInputs(seen: readonly Seen[], name: string) {
  const found = seen.find((one) => one.name === name);
  assert.ok(found, `no resource ${name}`);
  return {
    request: JSON.parse(found.inputs.environment.SITEWRIGHT_REQUEST),
    secrets: JSON.parse(found.inputs.stdin),
  };
}
