import { RunError } from "../../site/run-error";
import { exitCodes } from "../exit-codes";
import { inParallel } from "../parallel";
import { type ApiAnswer, type ApiQuestion, ask } from "./api-client";
import { readRegistryPki } from "./registry-pki";
import type { StepContext } from "./step-context";

/** Asks the site's registry one thing; `authorization` is sent as it is. */
export type AskRegistry = (question: ApiQuestion, authorization?: string) => Promise<ApiAnswer>;

/**
 * What a registry says of an image. `other digest`: its tag is there, under another digest than the one that is pinned, which
 * is so wherever KubeKey put the list of architectures together anew. `hidden`: it may not be seen with this login.
 */
export type Presence = "there" | "other digest" | "missing" | "hidden";

/** Bound for one answer. */
const ANSWER_SECONDS = 30;

/** Questions under way at once; each is a connection of its own through the installer. */
const AT_ONCE = 6;

/** Kinds of manifest; without them a registry hides what it has. */
const MANIFESTS = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

/** Asks on a way through the installer host, which can reach the registry. */
export async function registryAsker(step: StepContext): Promise<AskRegistry> {
  const { host, address } = step.need("registry");
  const ca = Buffer.from(await readRegistryPki(step, step.driver.registryPki(step.place, host).ca));
  return (question, authorization) =>
    step.installer.steadily((connection) =>
      ask(
        {
          ...{ ca, serverName: host, dial: () => connection.forward(address, 443) },
          ...(authorization !== undefined && { authorization }),
        },
        question,
        ANSWER_SECONDS,
      ),
    );
}

/**
 * Which images a registry has, by `path:tag@digest` or `path:tag`. `login` is `user:password`; without one, only what
 * everybody may see is found.
 * @throws RunError when the registry does not answer, or answers with something else
 */
export async function presenceOf(
  asker: AskRegistry,
  images: readonly string[],
  login?: string,
): Promise<ReadonlyMap<string, Presence>> {
  const found = await inParallel(images, AT_ONCE, (image) => presence(asker, image, login));
  return new Map(images.map((image, at) => [image, found[at] ?? "missing"]));
}

async function presence(asker: AskRegistry, image: string, login?: string): Promise<Presence> {
  const [, repository = "", tag = "", digest] =
    /^([^@]+):([^:@/]+)(?:@(sha256:[0-9a-f]{64}))?$/.exec(image) ?? [];
  if (repository === "") throw new Error(`no image reference: ${image}`);
  const token = await tokenFor(asker, repository, login);
  if (token === undefined) return "hidden";
  const has = async (reference: string) => {
    const path = `/v2/${repository}/manifests/${reference}`;
    const question = { method: "HEAD", path, accept: MANIFESTS } as const;
    const { status } = await answered(asker, question, `Bearer ${token}`);
    if (status === 200 || status === 404) return status === 200;
    if (status === 401 || status === 403) return undefined;
    throw odd(question, status);
  };
  const pinned = digest === undefined ? false : await has(digest);
  if (pinned !== false) return pinned === undefined ? "hidden" : "there";
  const tagged = await has(tag);
  if (tagged === undefined) return "hidden";
  if (!tagged) return "missing";
  return digest === undefined ? "there" : "other digest";
}

/** What a registry wants to see before it shows a repository; undefined when the login does not do. */
async function tokenFor(
  asker: AskRegistry,
  repository: string,
  login: string | undefined,
): Promise<string | undefined> {
  const path = `/service/token?service=harbor-registry&scope=${encodeURIComponent(`repository:${repository}:pull`)}`;
  const question = { method: "GET", path } as const;
  const basic = login && `Basic ${Buffer.from(login).toString("base64")}`;
  const { status, body } = await answered(asker, question, basic);
  if (status === 401 || status === 403) return undefined;
  if (status !== 200) throw odd(question, status);
  try {
    const { token } = JSON.parse(body) as { readonly token?: unknown };
    if (typeof token === "string") return token;
  } catch {
    // Said below: something else answers there.
  }
  throw odd(question, status);
}

async function answered(asker: AskRegistry, question: ApiQuestion, authorization?: string) {
  try {
    return await asker(question, authorization);
  } catch (error) {
    if (error instanceof RunError) throw error;
    throw new RunError(
      `the registry gives no answer to ${question.method} ${question.path}: ${(error as Error).message}`,
      { exitCode: exitCodes.remote, nextStep: LOGS },
    );
  }
}

function odd({ method, path }: ApiQuestion, status: number): RunError {
  return new RunError(`the registry answers ${method} ${path} with status ${status}`, {
    exitCode: exitCodes.remote,
    nextStep: LOGS,
  });
}

const LOGS =
  "look at docker ps and the logs below /var/log/harbor on the registry host, then run the same command again";
