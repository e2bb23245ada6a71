import { groupKind, type KubernetesObject, namespaceOf } from "./objects";
import type { Subject } from "./subject";

/** A subject that is a Kubernetes object, all of it. */
export type ObjectSubject = Subject & { readonly object: KubernetesObject };

/** Reads what a stack held before, which takes a moment: only the rule that needs it asks. */
export type Before = () => readonly Subject[] | undefined;

/** Everything that is judged together. */
export class Inventory {
  readonly subjects: readonly Subject[];
  /** Whole objects of every kind; no patches. */
  readonly objects: readonly ObjectSubject[];
  readonly #before: Before | undefined;
  readonly #kinds = new Map<string, ObjectSubject[]>();
  readonly #ids: ReadonlyMap<string, Subject>;

  constructor(subjects: readonly Subject[], before?: readonly Subject[] | Before) {
    this.subjects = subjects;
    this.#before = typeof before === "function" ? before : () => before;
    this.#ids = new Map(subjects.map((subject) => [subject.id, subject]));
    this.objects = subjects.filter(
      (subject): subject is ObjectSubject => subject.object !== undefined && !subject.patch,
    );
    for (const found of this.objects) {
      const kind = groupKind(found.object);
      const others = this.#kinds.get(kind);
      if (others === undefined) this.#kinds.set(kind, [found]);
      else others.push(found);
    }
  }

  /** What the stack held before; undefined where that is not known. @throws RunError when it cannot be read. */
  get before(): readonly Subject[] | undefined {
    return this.#before?.();
  }

  /** Objects of some kinds, each `group/Kind`, or `Kind` of the core group; no patches. */
  of(...kinds: readonly string[]): readonly ObjectSubject[] {
    return kinds.flatMap((kind) => this.#kinds.get(kind) ?? []);
  }

  /** An object by its kind, namespace and name. */
  find(kind: string, namespace: string | undefined, name: string): ObjectSubject | undefined {
    return this.of(kind).find(
      ({ object }) =>
        object.metadata?.name === name &&
        (namespace === undefined || namespaceOf(object) === namespace),
    );
  }

  byId(id: string): Subject | undefined {
    return this.#ids.get(id);
  }
}
