import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parse } from "yaml";
import type { DefinitionFile } from "../../components/support/step-request";
import { RunError } from "../../site/run-error";
import { isPassing } from "../../ssh/ssh-error";
import { exitCodes } from "../exit-codes";
import { type ApiAccess, type ApiAnswer, type ApiQuestion, ask } from "./api-client";
import { withApi } from "./kubeconfig";
import type { StepContext } from "./step-context";

/** Bound for the API server to serve what it was given. */
const SERVED_SECONDS = 60;

/** Bound for one answer, and for the API server to come back when there is none. */
const ANSWER_SECONDS = 30;
const RETURN_SECONDS = 60;

const COLLECTION = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

interface Definition {
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

/**
 * Applies sets of custom resource definitions, server-side, since most are too large to be kept in an annotation, and
 * waits until the API server serves them. What is there already and the same is not changed.
 */
export async function definitions(step: StepContext): Promise<unknown> {
  const sets = Object.entries(step.need("definitions"));
  const found = sets.map(([set, file]) => ({ set, definitions: read(step, set, file) }));
  return withApi(step, async ({ access }) => {
    const counts: Record<string, number> = {};
    for (const { set, definitions } of found) {
      // Side by side: a set has dozens, and each is a connection of its own, perhaps through a jump host.
      for (let at = 0; at < definitions.length; at += 6) {
        await Promise.all(definitions.slice(at, at + 6).map((one) => apply(access, one)));
      }
      counts[set] = definitions.length;
      step.say(`${set}: ${definitions.length} definitions`);
    }
    const names = found.flatMap((one) => one.definitions.map(({ metadata }) => metadata.name));
    await untilServed(access, names);
    return counts;
  });
}

/** The definitions in a file of the bundle. @throws RunError for a file that is not the one of the index. */
function read(step: StepContext, set: string, { path, sha256 }: DefinitionFile): Definition[] {
  const nextStep = "fetch the bundle again";
  let content: Buffer;
  try {
    content = readFileSync(join(step.root, path));
  } catch (cause) {
    throw new RunError(`${path} cannot be read`, { exitCode: exitCodes.machine, nextStep, cause });
  }
  if (createHash("sha256").update(content).digest("hex") !== sha256) {
    throw new RunError(`${path} is not the file that the bundle's index names`, {
      exitCode: exitCodes.machine,
      nextStep,
    });
  }
  const objects = documents(content.toString("utf8"), path);
  const strange = objects.find((object) => object?.kind !== "CustomResourceDefinition");
  if (strange === undefined) return objects;
  throw new RunError(
    `${path} holds a ${strange?.kind ?? "document"} among the ${set} definitions`,
    {
      exitCode: exitCodes.machine,
      nextStep,
    },
  );
}

function documents(text: string, path: string): Definition[] {
  const parts = text.split(/^---[^\S\n]*$/m).filter((part) => part.trim() !== "");
  try {
    // Bundles hold JSON, which is YAML too, and read in a hundredth of the time.
    return parts.map((part) => (part.trimStart().startsWith("{") ? JSON.parse(part) : parse(part)));
  } catch (cause) {
    throw new RunError(`${path} is not readable: ${(cause as Error).message.split("\n")[0]}`, {
      exitCode: exitCodes.machine,
      nextStep: "build the bundle again",
      cause,
    });
  }
}

async function apply(access: ApiAccess, definition: Definition): Promise<void> {
  const { name } = definition.metadata;
  const answer = await askPatiently(access, {
    method: "PATCH",
    path: `${COLLECTION}/${name}?fieldManager=sitewright&force=true`,
    contentType: "application/apply-patch+yaml",
    body: definition,
  });
  if (answer.status === 200 || answer.status === 201) return;
  throw new RunError(`the API server refuses ${name}: ${messageOf(answer.body)}`, {
    exitCode: exitCodes.remote,
    nextStep: "use a bundle that was made for this version of Kubernetes",
  });
}

async function untilServed(access: ApiAccess, names: readonly string[]): Promise<void> {
  const deadline = Date.now() + SERVED_SECONDS * 1000;
  for (;;) {
    const { status, body } = await askPatiently(access, { method: "GET", path: COLLECTION });
    if (status !== 200) {
      throw new RunError(`the API server does not list definitions: ${messageOf(body)}`, {
        exitCode: exitCodes.remote,
        nextStep: "look at the API server's log on the first control-plane host",
      });
    }
    const { items = [] } = JSON.parse(body) as { items?: Served[] };
    const served = new Set(items.filter(isServed).map(({ metadata }) => metadata.name));
    const missing = names.filter((name) => !served.has(name));
    if (missing.length === 0) return;
    if (Date.now() > deadline) {
      const what = `after ${SERVED_SECONDS} s the API server does not serve ${missing.join(", ")}`;
      throw new RunError(what, {
        exitCode: exitCodes.remote,
        nextStep: `look at kubectl describe crd ${missing[0]}, then run the same command again`,
      });
    }
    await sleep(500);
  }
}

/**
 * Asks again for a while where there is no answer or only a passing one: both questions change nothing when repeated,
 * and an API server or what balances it may just restart.
 * @throws RunError when it does not come back within `returnSeconds`, default 60
 */
export async function askPatiently(
  access: ApiAccess,
  question: ApiQuestion,
  returnSeconds = RETURN_SECONDS,
): Promise<ApiAnswer> {
  const deadline = Date.now() + returnSeconds * 1000;
  for (;;) {
    let reason: string;
    try {
      const answer = await ask(access, question, ANSWER_SECONDS);
      if (answer.status !== 429 && answer.status < 500) return answer;
      reason = `status ${answer.status}, ${messageOf(answer.body)}`;
    } catch (error) {
      if (error instanceof RunError && !isPassing(error)) throw error;
      reason = (error as Error).message.split("\n")[0] ?? "";
    }
    if (Date.now() >= deadline) {
      throw new RunError(`the API server gives no answer for ${returnSeconds} s: ${reason}`, {
        exitCode: exitCodes.remote,
        nextStep:
          "look at crictl ps -a on the control-plane hosts, then run the same command again",
      });
    }
    await sleep(1000);
  }
}

interface Served {
  readonly metadata: { readonly name: string };
  readonly status?: { readonly conditions?: readonly { type: string; status: string }[] };
}

function isServed({ status }: Served): boolean {
  return (status?.conditions ?? []).some(
    (condition) => condition.type === "Established" && condition.status === "True",
  );
}

/** The API server's own words, or the start of whatever answered. */
function messageOf(body: string): string {
  try {
    return String((JSON.parse(body) as { message?: unknown }).message ?? body.slice(0, 200));
  } catch {
    return body.slice(0, 200);
  }
}
