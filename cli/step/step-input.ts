import { z } from "zod";
import { REQUEST_VARIABLE, type StepRequest } from "../../components/support/step-request";
import { RunError } from "../../site/run-error";
import { exitCodes } from "../exit-codes";

/** Standard input larger than this is not secrets. */
const SECRETS_CAP_BYTES = 1024 * 1024;

const login = z.looseObject({
  user: z.string().min(1),
  port: z.int().min(1).max(65535),
  sudo: z.enum(["none", "nopasswd", "password"]),
});

/** The outline only: the request is written by the program of this very checkout. */
const outline = z.looseObject({
  site: z.string().min(1),
  hosts: z.record(
    z.string(),
    z.looseObject({
      address: z.string().min(1),
      arch: z.enum(["amd64", "arm64"]),
      login,
      keys: z.array(z.string()),
    }),
  ),
  installer: z.string().min(1),
  workDir: z.string().regex(/^\/[A-Za-z0-9._/-]+$/),
  kubekey: z.enum(["v3.1.12", "v4.0.6"]),
});

/** The request from the environment. Throws RunError when there is none or it is no request. */
export function readRequest(env: NodeJS.ProcessEnv): StepRequest {
  const text = env[REQUEST_VARIABLE];
  if (!text) {
    throw new RunError(`a step needs its request in ${REQUEST_VARIABLE}, and there is none`, {
      exitCode: exitCodes.usage,
      nextStep: "steps are run by pulumi up; use that, or ./sitewright --help",
    });
  }
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    throw wrongRequest("is no JSON");
  }
  const parsed = outline.safeParse(data);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw wrongRequest(`${issue?.path.map(String).join(".")}: ${issue?.message}`);
  }
  return data as StepRequest;
}

/** The secrets, a JSON object of texts on standard input. Their values are in no message. */
export async function readSecrets(
  input: AsyncIterable<Buffer | string>,
): Promise<Readonly<Record<string, string>>> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of input) {
    chunks.push(Buffer.from(chunk));
    bytes += chunk.length;
    if (bytes > SECRETS_CAP_BYTES) throw wrongSecrets();
  }
  const text = Buffer.concat(chunks).toString("utf8");
  if (text.trim() === "") return {};
  try {
    return z.record(z.string(), z.string()).parse(JSON.parse(text));
  } catch {
    throw wrongSecrets();
  }
}

function wrongRequest(why: string): RunError {
  return new RunError(`${REQUEST_VARIABLE} is no request of a step: ${why}`, {
    exitCode: exitCodes.usage,
    nextStep: "steps are run by pulumi up; use that, or ./sitewright --help",
  });
}

function wrongSecrets(): RunError {
  return new RunError("a step needs its secrets as a JSON object of texts on standard input", {
    exitCode: exitCodes.usage,
    nextStep: "steps are run by pulumi up; use that, or ./sitewright --help",
  });
}
