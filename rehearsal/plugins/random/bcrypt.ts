import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";

/** Work factor of the real provider. */
const cost = 10;

const saltCharacters = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** crypt(3) of what arrives on standard input, with the setting given as argument. */
const script = "local $/; my $text = <STDIN>; print crypt($text, $ARGV[0]);";

/**
 * bcrypt hash of the first 72 bytes of a text, made by the system's own crypt(3) through perl.
 * Undefined where the system has no perl or its crypt(3) does not know bcrypt.
 */
export async function bcryptHash(text: string): Promise<string | undefined> {
  const setting = `$2a$${cost}$${salt()}`;
  const hash = await new Promise<string>((resolve) => {
    const child = spawn("perl", ["-e", script, setting], { stdio: ["pipe", "pipe", "ignore"] });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk.toString("latin1");
    });
    child.on("error", () => resolve(""));
    child.on("close", () => resolve(output));
    child.stdin.on("error", () => resolve(""));
    child.stdin.end(Buffer.from(text).subarray(0, 72));
  });
  return hash.length === 60 && hash.startsWith(`$2a$${cost}$`) ? hash : undefined;
}

/** 16 random bytes in bcrypt's own base64. */
function salt(): string {
  let bits = "";
  for (const byte of randomBytes(16)) bits += byte.toString(2).padStart(8, "0");
  bits = bits.padEnd(22 * 6, "0");
  let text = "";
  for (let at = 0; at < bits.length; at += 6) {
    text += saltCharacters.charAt(Number.parseInt(bits.slice(at, at + 6), 2));
  }
  return text;
}
