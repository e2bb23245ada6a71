import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { z } from "zod";
import { fields } from "../../policies/support/objects";
import { type Subject, subject } from "../../policies/support/subject";
import { RunError } from "../../site/run-error";
import { exitCodes } from "../exit-codes";

/** Where the state is and what opens it. */
export interface StateSource {
  /** Folder of the project. */
  readonly root: string;
  readonly site: string;
  /** Environment of the engine: its backend, as for `pulumi up`. */
  readonly env: NodeJS.ProcessEnv;
  readonly passphrase: string;
}

const stateSchema = z.object({
  deployment: z.object({
    resources: z
      .array(
        z.object({
          urn: z.string(),
          type: z.string(),
          inputs: z.record(z.string(), z.unknown()).default({}),
          parent: z.string().optional(),
          protect: z.boolean().optional(),
          dependencies: z.array(z.string()).nullish(),
          /** Replaced already, and waiting to be deleted. */
          delete: z.boolean().optional(),
        }),
      )
      .default([]),
  }),
});

/** Everything that the stack holds now, as the engine's own state has it. Asks nothing of the site. */
export async function stateSubjects(source: StateSource): Promise<readonly Subject[]> {
  const { deployment } = stateSchema.parse(JSON.parse(await exported(source)));
  const resources = deployment.resources.filter(
    (resource) => resource.type !== "pulumi:pulumi:Stack" && resource.delete !== true,
  );
  if (resources.length === 0) {
    throw new RunError(`the stack of ${source.site} holds nothing yet`, {
      nextStep: `judge what would be made: pulumi preview -s ${source.site} --policy-pack policies`,
      exitCode: exitCodes.usage,
    });
  }
  return resources.map(({ urn, type, inputs, parent, protect = false, dependencies }) =>
    subject({
      id: urn,
      type,
      name: urn.split("::").at(-1) ?? urn,
      properties: fields(plain(inputs)),
      protect,
      parent,
      dependsOn: dependencies ?? [],
    }),
  );
}

async function exported({ root, site, env, passphrase }: StateSource): Promise<string> {
  const args = ["stack", "export", "--show-secrets", "--non-interactive", "--stack", site];
  try {
    const { stdout } = await promisify(execFile)("pulumi", args, {
      cwd: root,
      env: { ...env, PULUMI_CONFIG_PASSPHRASE: passphrase, PULUMI_SKIP_UPDATE_CHECK: "true" },
      maxBuffer: 2 ** 30,
    });
    return stdout;
  } catch (cause) {
    const { code, stderr = "" } = cause as { code?: unknown; stderr?: string };
    if (code === "ENOENT") {
      throw new RunError("pulumi is not on PATH", {
        nextStep: `./sitewright doctor says what is missing; in a rehearsal: ./sitewright enter ${site}`,
        exitCode: exitCodes.machine,
        cause,
      });
    }
    throw new RunError(`pulumi could not show the state of ${site}: ${stderr.trim()}`, {
      nextStep: "log in to the site's backend as for pulumi up (pulumi login, PULUMI_BACKEND_URL)",
      exitCode: exitCodes.deployment,
      cause,
    });
  }
}

/** Keys and marks of Pulumi's own notation; all part of its format of states. */
const mark = "4dabf18193072939515e22adb298388d";
const secretMark = "1b47061264138c4ac30d75fd1eb44270";
const outputMark = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

/** A value of the state with secrets as the program stated them. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const { [mark]: kind, plaintext, value: inner } = value as Record<string, unknown>;
  if (kind === secretMark && typeof plaintext === "string") return plain(JSON.parse(plaintext));
  if (kind === outputMark) return plain(inner);
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]));
}
