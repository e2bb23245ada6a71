import { z } from "zod";
import { fields } from "./objects";
import { type Subject, subject } from "./subject";
import { unknownText } from "./unknown";

/** What `pulumi stack export` prints, as far as rules read it. */
const stateSchema = z.object({
  deployment: z.object({
    resources: z
      .array(
        z.object({
          urn: z.string(),
          type: z.string(),
          inputs: z.record(z.string(), z.unknown()).default({}),
          parent: z.string().optional(),
          protect: z.boolean().default(false),
          retainOnDelete: z.boolean().default(false),
          dependencies: z.array(z.string()).nullish(),
          /** Replaced already, and waiting to be deleted. */
          delete: z.boolean().default(false),
        }),
      )
      .nullish(),
  }),
});

/**
 * Everything that a stack holds by an exported state; secrets only where they were exported in clear.
 * @throws ZodError for what is no state.
 */
export function stateSubjects(exported: string): readonly Subject[] {
  const { deployment } = stateSchema.parse(JSON.parse(exported));
  return (deployment.resources ?? [])
    .filter((resource) => resource.type !== "pulumi:pulumi:Stack" && !resource.delete)
    .map(({ urn, type, inputs, parent, protect, retainOnDelete, dependencies }) =>
      subject({
        id: urn,
        type,
        name: urn.split("::").at(-1) ?? urn,
        properties: fields(plain(inputs)),
        protect,
        retain: retainOnDelete,
        parent,
        dependsOn: dependencies ?? [],
      }),
    );
}

/** Keys and marks of Pulumi's own notation; all part of its format of states. */
const mark = "4dabf18193072939515e22adb298388d";
const secretMark = "1b47061264138c4ac30d75fd1eb44270";
const outputMark = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

/** A value of the state with secrets as the program stated them; of one that is encrypted, that it is not known. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const { [mark]: kind, plaintext, value: inner } = value as Record<string, unknown>;
  if (kind === secretMark) {
    return typeof plaintext === "string" ? plain(JSON.parse(plaintext)) : unknownText;
  }
  if (kind === outputMark) return plain(inner);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
}
