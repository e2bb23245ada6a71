import { z } from "zod";
import type { Blueprint } from "../site/blueprint-types";
import { claimsOf } from "./support/claims";
import { fields } from "./support/objects";
import { gibi, quantity, writtenAmount } from "./support/quantity";
import { type FindingAbout, wholeRule } from "./support/rule";
import type { Subject } from "./support/subject";
import { isKnown } from "./support/unknown";
import { Unknowns } from "./support/unknowns";
import { defaultClass, volumeClasses } from "./support/volume-classes";

const settings = z.strictObject({
  usableGiB: z
    .int({ error: "a whole number of GiB" })
    .min(0, { error: "0 or more GiB" })
    .default(0)
    .describe(
      "What all volumes may hold together, where the site file does not say, as of an NFS server, or if it is less. 0: what the site file says.",
    ),
});

/** Volumes that come of one claim. */
interface Claimed {
  readonly subject: Subject;
  readonly path: string;
  readonly storageClass: string | undefined;
  readonly written: string;
  /** Of each volume; undefined for what is no size. */
  readonly sizeGiB: number | undefined;
  readonly count: number;
}

export const claimCapacity = wholeRule({
  name: "claim-capacity",
  description: "All claims together are within what the storage holds, copies included.",
  why: "Storage that is full stops writing for everybody at once, and Ceph then does not even delete; a claim that is too large for any disk waits for ever.",
  severity: "high",
  remedy:
    "add disks, or state smaller sizes under workloads.<name>.storage and volumes in the site file",
  // What is claimed does not become less by leaving somebody out.
  exemptible: false,
  settings,
  *judgeAll({ subjects }, { blueprint, settings: { usableGiB } }) {
    const unknowns = new Unknowns();
    const claims = subjects.flatMap((subject) =>
      unknowns.without(() => claimed(subject, blueprint)),
    );
    for (const { subject, path, sizeGiB, written } of claims) {
      if (sizeGiB !== undefined) continue;
      const next = "state the size that the volume is to have";
      yield { about: subject, path, needed: "a size such as 10Gi", given: written, next };
    }
    const room = roomOf(blueprint, usableGiB);
    if (room !== undefined) yield* roomFindings(claims, room);
    unknowns.tell();
  },
});

function* claimed(subject: Subject, blueprint: Blueprint): Iterable<Claimed> {
  if (subject.patch) return;
  for (const { path, spec, count } of claimsOf(subject.object, blueprint)) {
    const { storageClassName } = spec;
    const requests = fields(fields(spec.resources).requests);
    if (!isKnown(requests, "storage")) continue;
    const size = quantity(requests.storage);
    const storageClass =
      typeof storageClassName === "string" ? storageClassName : defaultClass(blueprint)?.name;
    yield {
      subject,
      path: `${path}.resources.requests.storage`,
      storageClass,
      written: writtenAmount(requests.storage),
      sizeGiB: size === undefined || size === 0 ? undefined : size / gibi,
      count,
    };
  }
}

interface Room {
  readonly classes: ReadonlySet<string>;
  readonly usableGiB: number;
  readonly largestGiB: number;
  readonly because: string;
}

function roomOf(blueprint: Blueprint, stated: number): Room | undefined {
  const { storage } = blueprint.platform;
  const known = storage?.room;
  const classes = new Set(known?.classes ?? volumeClasses(blueprint).keys());
  const largestGiB = known?.largestGiB ?? Number.POSITIVE_INFINITY;
  if (stated > 0 && stated < (known?.usableGiB ?? Number.POSITIVE_INFINITY)) {
    const because = "as the rule's setting usableGiB says";
    return { classes, usableGiB: stated, largestGiB: Math.min(stated, largestGiB), because };
  }
  return known && { classes, usableGiB: known.usableGiB, largestGiB, because: known.because };
}

function* roomFindings(claims: readonly Claimed[], room: Room): Iterable<FindingAbout> {
  const { classes, usableGiB, largestGiB, because } = room;
  const within = claims.filter(
    ({ storageClass }) => storageClass !== undefined && classes.has(storageClass),
  );
  const single = within.filter(({ sizeGiB = 0 }) => sizeGiB > largestGiB);
  for (const { subject, path, written } of single) {
    const needed = `at most ${largestGiB}Gi, all that one volume may hold (${because})`;
    yield { about: subject, path, needed, given: written };
  }
  if (single.length > 0) return;
  const size = ({ sizeGiB = 0, count }: Claimed) => sizeGiB * count;
  const wanted = within.reduce((sum, claim) => sum + size(claim), 0);
  if (wanted <= usableGiB) return;
  const sorted = within.toSorted((one, other) => size(other) - size(one));
  const [largest] = sorted;
  if (largest === undefined) return;
  const shown = sorted
    .slice(0, 3)
    .map((claim) => `${claim.subject.title} (${claim.count} × ${claim.written})`);
  const needed = `room for ${Math.ceil(wanted)} GiB that all claims come to`;
  const given = `${usableGiB} GiB, ${because}; the most for ${shown.join(", ")}`;
  yield { about: largest.subject, path: largest.path, needed, given };
}
