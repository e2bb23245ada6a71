import { z } from "zod";
import { RunError } from "../site/run-error";
import { type HeldData, heldData } from "./support/held-data";
import { Inventory } from "./support/inventory";
import { fields, items, namespaceOf, textOf } from "./support/objects";
import { replacement } from "./support/replacement";
import { type FindingAbout, type RuleContext, wholeRule } from "./support/rule";
import { secretSigns } from "./support/secret-signs";
import type { Subject } from "./support/subject";

export const dataKept = wholeRule({
  name: "data-kept",
  description:
    "What holds data is protected from deletion, and nothing of it goes or is replaced before both words allow it.",
  why: "A line left out or a name changed deletes volumes, and no roll-back brings them back.",
  severity: "critical",
  remedy:
    "leave it as it is; if its data may go, name it under the rule's givenUp and set SITEWRIGHT_DESTROY=<site>",
  settings: z.strictObject({
    givenUp: z
      .record(z.string(), z.string().min(10, { error: "a reason of ten letters or more" }))
      .default({})
      .describe(
        "Things whose data may go, as findings name them, each with the reason: `PersistentVolumeClaim parcels/archive`. Counts only in runs with SITEWRIGHT_DESTROY=<site> in their environment.",
      ),
  }),
  sources: ["deployment", "state"],
  *judgeAll(inventory, context) {
    const { blueprint } = context;
    if (mayErase(context)) return;
    const held = heldData(inventory, blueprint);
    for (const subject of inventory.subjects) {
      yield* notKept(subject, held);
      yield* volumesLetGo(subject);
    }
    for (const finding of compared(inventory, context)) {
      if (!isGivenUp(finding.about, context)) yield finding;
    }
  },
});

type Context = RuleContext<{ readonly givenUp: Readonly<Record<string, string>> }>;

/** Both words that allow the site's data to be erased; components/site.ts goes by the same. */
function mayErase({ blueprint, destroyWord }: Pick<Context, "blueprint" | "destroyWord">): boolean {
  return blueprint.platform.storage?.ceph?.erasable === true && destroyWord === blueprint.site;
}

function isGivenUp({ title }: Subject, { blueprint, settings, destroyWord }: Context): boolean {
  return Object.hasOwn(settings.givenUp, title) && destroyWord === blueprint.site;
}

/** The release's own claims and namespaces stay in the cluster when they go from the stack. */
const retained = /\$sitewright:workload:Product\$/;
/** Their deletion deletes nothing, or asks for the second word itself. */
const harmless =
  /^(pulumi-nodejs:dynamic\/registry:Harbor|command:local:Command|pulumi:providers:kubernetes)$/;

/** What could be deleted by leaving out a line. */
function* notKept(subject: Subject, held: HeldData): Iterable<FindingAbout> {
  const { id, type, protect, retain } = subject;
  const data = held(subject);
  if (data === undefined || protect || retain === true || harmless.test(type)) return;
  // A deployment does not tell a pack what stays.
  if (retain === undefined && retained.test(id)) return;
  const given = `neither, though it holds ${data}`;
  const next = "set protect in components/";
  yield { about: subject, path: "", needed: "protection, or to stay when it goes", given, next };
}

/** Volumes that go with the object that made them, or with a Pod fewer. */
function* volumesLetGo(subject: Subject): Iterable<FindingAbout> {
  const policy = fields(fields(subject.object?.spec).persistentVolumeClaimRetentionPolicy);
  for (const key of ["whenDeleted", "whenScaled"]) {
    if (policy[key] !== "Delete") continue;
    const path = `spec.persistentVolumeClaimRetentionPolicy.${key}`;
    yield { about: subject, path, needed: "Retain", given: "Delete" };
  }
}

/** What goes or is replaced, compared with what the stack held before. */
function* compared(
  inventory: Inventory,
  { blueprint, secretValues }: Context,
): Iterable<FindingAbout> {
  const [first] = inventory.subjects;
  let before: readonly Subject[] | undefined;
  try {
    before = inventory.before;
  } catch (error) {
    if (!(error instanceof RunError) || first === undefined) throw error;
    const needed = "what the stack held before, to see what would go";
    const { nextStep, message } = error;
    // The next step has a place of its own.
    const [given = ""] = message.split("\n");
    yield {
      about: first,
      path: "",
      needed,
      given,
      ...(nextStep && { next: nextStep }),
    };
    return;
  }
  if (before === undefined) return;
  const held = heldData(new Inventory(before), blueprint);
  const now = new Map(inventory.subjects.map((subject) => [subject.id, subject]));
  for (const subject of inventory.subjects) {
    for (const alias of subject.aliases) if (!now.has(alias)) now.set(alias, subject);
  }
  for (const old of before) {
    const data = held(old);
    const next = now.get(old.id);
    if (next === undefined) {
      if (data === undefined || old.retain === true) continue;
      const given = `nothing in the program any more; it holds ${data}`;
      yield { about: old, path: "", needed: "to stay in the stack", given };
    } else {
      yield* replaced(old, next, data, secretValues);
    }
  }
}

function* replaced(
  old: Subject,
  next: Subject,
  data: string | undefined,
  secretValues: readonly string[],
): Iterable<FindingAbout> {
  const change = replacement(old, next);
  if (change !== undefined && data !== undefined) {
    const { path } = change;
    // Triggers of a step may be anything.
    const [needed, value] = [change.from, change.to].map((text) =>
      secretSigns(secretValues).in(text) === undefined ? text.slice(0, 200) : "a secret",
    ) as [string, string];
    const given = `${value}, by which another takes its place; it holds ${data}`;
    yield { about: old, path, needed, given };
  }
  const before = volumesOf(old);
  const after = volumesOf(next);
  for (const volume of before.filter((one) => !after.includes(one))) {
    const needed = `the volumes ${volume} that it has`;
    const given = `${after.join(", ") || "none"}: its Pods would begin with empty ones`;
    yield { about: old, path: "spec.volumeClaimTemplates", needed, given };
  }
}

/** What volumes of a StatefulSet are called, without the number of their Pod. */
function volumesOf({ object }: Subject): readonly string[] {
  if (object?.kind !== "StatefulSet") return [];
  const name = textOf(fields(object.metadata).name);
  const namespace = textOf(namespaceOf(object));
  // Pulumi makes one up, and keeps to it.
  if (name === "") return [];
  return items(fields(object.spec).volumeClaimTemplates).map(
    (template) => `${namespace}/${textOf(fields(fields(template).metadata).name)}-${name}`,
  );
}
