import fc from "fast-check";
import { type Subject, subject } from "../../../policies/support/subject";
import type { SampleSite } from "./site-subjects";

/** A change to a good site that breaks one rule and no other. */
export interface Mutation {
  /** What the change does, as the end of a test's title: `finds <title>`. */
  readonly title: string;
  /** Every subject of the changed site. Generated: which subject it happens to, and what is put there. */
  readonly changed: (site: SampleSite) => fc.Arbitrary<readonly Subject[]>;
}

/** One of those subjects that a mutation can happen to; fails when there is none, since it would then prove nothing. */
export function oneOf(
  { subjects }: SampleSite,
  can: (subject: Subject) => boolean,
): fc.Arbitrary<Subject> {
  const some = subjects.filter(can);
  if (some.length === 0) throw new Error("the site has nothing that this could happen to");
  return fc.constantFrom(...some);
}

// biome-ignore lint/suspicious/noExplicitAny: a mutation spoils properties in ways that no type allows
type AnyProperties = any;

/** The site with a changed copy of a subject in its place. `change` may spoil what it is given, or give another. */
export function withChanged(
  { subjects }: SampleSite,
  target: Subject,
  change: (properties: AnyProperties) => unknown,
): readonly Subject[] {
  const copy = structuredClone(target.properties);
  const properties = (change(copy) ?? copy) as Subject["properties"];
  const made = subject({ ...target, properties });
  return subjects.map((one) => (one === target ? made : one));
}

/** The site with one more object. */
export function withAdded(
  { subjects }: SampleSite,
  object: AnyProperties,
  more: Partial<Subject> = {},
): readonly Subject[] {
  const name = more.name ?? `added-${object.metadata.name}`;
  const version = object.apiVersion.includes("/") ? object.apiVersion : `core/${object.apiVersion}`;
  const type = `kubernetes:${version}:${object.kind}`;
  // Beside the workloads of the release: after everything that the platform brings.
  const parent = subjects.find((one) => one.type === "sitewright:workload:Product")?.id;
  const path = `sitewright:site:Site$sitewright:workload:Product$${type}`;
  const id = `urn:pulumi:test::sitewright::${path}::${name}`;
  return [...subjects, { ...subject({ id, type, name, parent, properties: object }), ...more }];
}
