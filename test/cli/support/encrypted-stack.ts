import { createCipheriv, pbkdf2Sync, randomBytes } from "node:crypto";

/** Text of a stack file with these secrets, encrypted as Pulumi's passphrase provider does. */
export function encryptedStack(
  passphrase: string,
  secrets: Readonly<Record<string, string>>,
): string {
  const salt = randomBytes(8);
  const key = pbkdf2Sync(passphrase, salt, 1_000_000, 32, "sha256");
  const encrypt = (text: string): string => {
    const nonce = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", key, nonce);
    const sealed = Buffer.concat([
      cipher.update(text, "utf8"),
      cipher.final(),
      cipher.getAuthTag(),
    ]);
    return `v1:${nonce.toString("base64")}:${sealed.toString("base64")}`;
  };
  const entries = Object.entries(secrets).map(
    ([name, text]) => `    ${name}: {secure: "${encrypt(text)}"}`,
  );
  return [
    `encryptionsalt: v1:${salt.toString("base64")}:${encrypt("pulumi")}`,
    "config:",
    "  sitewright:site: {}",
    "  sitewright:secrets:",
    ...entries,
    "",
  ].join("\n");
}
