import { createPrivateKey, X509Certificate } from "node:crypto";
import type { AuthorityBlueprint } from "../../site/platform/certificates-types";
import { RunError } from "../../site/run-error";

/** Exit code of a site that has problems; the same as in cli/exit-codes.ts. */
const exitCode = 3;

type Given = Pick<
  Extract<AuthorityBlueprint, { kind: "given" }>,
  "certificateSecret" | "keySecret"
>;

/**
 * Looks at a given authority before anything is installed: cert-manager would say the same, but only after minutes of
 * waiting, on the customer's cluster.
 * @throws RunError that names the secret and never shows what is in it.
 */
export function checkAuthority(
  { certificateSecret, keySecret }: Given,
  secrets: Readonly<Record<string, string>>,
): void {
  const certificate = read(() => new X509Certificate(secrets[certificateSecret] ?? ""));
  if (certificate === undefined) {
    throw problem(`the secret ${certificateSecret} must be a certificate in PEM form`);
  }
  if (!certificate.ca) {
    throw problem(
      `the first certificate in the secret ${certificateSecret} must be one that may sign others (CA:TRUE)`,
    );
  }
  const key = read(() => createPrivateKey(secrets[keySecret] ?? ""));
  if (key === undefined) {
    throw problem(
      `the secret ${keySecret} must be a private key in PEM form, without a passphrase`,
    );
  }
  if (!certificate.checkPrivateKey(key)) {
    throw problem(
      `the private key in the secret ${keySecret} must be that of the certificate in ${certificateSecret}`,
    );
  }
}

function read<Value>(parse: () => Value): Value | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}

function problem(message: string): RunError {
  return new RunError(`certificates.authority: ${message}`, {
    exitCode,
    nextStep:
      "set it from a file: pulumi config set --path --secret sitewright:secrets.<name> < file.pem",
  });
}
