import type { Duplex } from "node:stream";
import { Client } from "ssh2";
import { keyText, SCANNED_KEY_TYPES, signatureAlgorithms } from "./host-key";
import { SshError } from "./ssh-error";
import { describeHost, type SshLogin } from "./target";
import { dialDirect, dialThrough, logIn } from "./transport";

export interface ScanTarget {
  readonly name: string;
  readonly address: string;
  readonly port: number;
}

/**
 * Public keys that a host shows, one for each key type it has, without logging in. A host behind a jump host
 * is asked through it, so the jump host itself must be pinned already. Throws SshError.
 */
export async function scanHostKeys(
  target: ScanTarget,
  options: { readonly site: string; readonly bastion?: SshLogin; readonly timeoutSeconds?: number },
): Promise<string[]> {
  const seconds = options.timeoutSeconds ?? 15;
  const login: SshLogin = { ...target, user: "scan", hostKeys: [] };
  const bastion = options.bastion;
  const jump = bastion
    ? await logIn(bastion, options.site, await dialDirect(bastion, seconds), seconds)
    : undefined;
  try {
    const keys: string[] = [];
    for (const type of SCANNED_KEY_TYPES) {
      const socket =
        jump && bastion
          ? await dialThrough(jump, bastion, login, seconds)
          : await dialDirect(login, seconds);
      const key = await scanType(login, type, socket, seconds);
      if (key) keys.push(key);
    }
    if (keys.length > 0) return keys;
    const host = describeHost(login);
    throw new SshError(
      "not-ssh",
      host,
      `${host} shows no host key of a usable type (${SCANNED_KEY_TYPES.join(", ")})`,
      "check that the port belongs to sshd; create keys there with ssh-keygen -A",
    );
  } finally {
    jump?.end();
  }
}

/** The host's key of one type, or undefined when it has none. */
function scanType(
  login: SshLogin,
  type: string,
  socket: Duplex,
  seconds: number,
): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const client = new Client();
    let key: string | undefined;
    const done = () => {
      client.destroy();
      socket.destroy();
      resolve(key);
    };
    client.on("error", (error) => {
      if (key !== undefined || /no matching (server )?host key/i.test(error.message)) return done();
      client.destroy();
      socket.destroy();
      const host = describeHost(login);
      reject(
        new SshError(
          "not-ssh",
          host,
          `${host} does not speak SSH as expected: ${error.message}`,
          "check that the port belongs to sshd",
        ),
      );
    });
    client.on("close", done);
    client.connect({
      sock: socket,
      username: login.user,
      readyTimeout: seconds * 1000,
      algorithms: { serverHostKey: [...signatureAlgorithms(type)] as never },
      // Never accepted: the key is all that is wanted.
      hostVerifier: (blob: Buffer) => {
        key = keyText(blob);
        return false;
      },
    });
  });
}
