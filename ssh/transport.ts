import { connect as dial } from "node:net";
import type { Duplex } from "node:stream";
import { Client, type ClientErrorExtensions, type ConnectConfig } from "ssh2";
import { fingerprint, hostKeyAlgorithms, keyText } from "./host-key";
import { SshError } from "./ssh-error";
import { describeHost, type SshLogin } from "./target";

/** How often a silent connection is probed; three unanswered probes and it counts as lost. */
const KEEPALIVE_SECONDS = 10;

/** A raw connection to where an SSH server listens. Throws SshError with the network's own reason. */
export function dialDirect(login: SshLogin, timeoutSeconds: number): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const socket = dial({ host: login.address, port: login.port });
    const timer = setTimeout(() => {
      socket.destroy();
      reject(unreachable(login, "timeout", `did not answer within ${timeoutSeconds} s`));
    }, timeoutSeconds * 1000);
    socket.once("connect", () => {
      clearTimeout(timer);
      // SSH's many small messages would else wait for each other's acknowledgement.
      socket.setNoDelay(true);
      socket.removeAllListeners("error");
      resolve(socket);
    });
    socket.once("error", (error) => {
      clearTimeout(timer);
      reject(networkError(login, error));
    });
  });
}

/** A raw connection to `login` through an open connection to the jump host. */
export function dialThrough(
  bastion: Client,
  bastionLogin: SshLogin,
  login: SshLogin,
  timeoutSeconds: number,
): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(unreachable(login, "timeout", `did not answer within ${timeoutSeconds} s`));
    }, timeoutSeconds * 1000);
    bastion.forwardOut("127.0.0.1", 0, login.address, login.port, (error, channel) => {
      clearTimeout(timer);
      if (!error) return resolve(channel);
      reject(forwardError(bastionLogin, login, error));
    });
  });
}

/** What the jump host's refusal to open a channel means. */
export function forwardError(bastion: SshLogin, login: SshLogin, error: Error): SshError {
  if (/prohibited|denied/i.test(error.message)) {
    return new SshError(
      "forwarding-refused",
      describeHost(bastion),
      `${describeHost(bastion)} does not forward connections to ${describeHost(login)}: ${error.message}`,
      "set AllowTcpForwarding yes (and PermitOpen, if used) in the jump host's sshd_config",
    );
  }
  const via = `, seen from ${describeHost(bastion)}`;
  if (/refused/i.test(error.message)) return unreachable(login, "refused", `refused${via}`);
  if (/timed? ?out/i.test(error.message)) return unreachable(login, "timeout", `timed out${via}`);
  return unreachable(login, "no-route", `cannot be reached${via}: ${error.message}`);
}

function networkError(login: SshLogin, error: Error & { code?: string }): SshError {
  switch (error.code) {
    case "ECONNREFUSED":
      return unreachable(login, "refused", "refused the connection");
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return unreachable(login, "no-route", `cannot be reached: no route (${error.code})`);
    case "ETIMEDOUT":
      return unreachable(login, "timeout", "did not answer");
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return unreachable(login, "unknown-name", "has a name that does not resolve");
    default:
      return unreachable(login, "connection-lost", `dropped the connection: ${error.message}`);
  }
}

const UNREACHABLE_STEPS = {
  timeout: "check that the host is on, its address is right and no firewall drops the port",
  refused: "check that sshd runs there and listens on this port",
  "no-route": "check routing, the VPN or the jump host of the site",
  "unknown-name": "use an IP address in the site file, or fix name resolution",
  "connection-lost": "try again; if it stays, look at sshd's log on the host",
  "not-ssh": "check that the port belongs to sshd and that the host is not overloaded",
} as const;

function unreachable(login: SshLogin, kind: keyof typeof UNREACHABLE_STEPS, what: string) {
  const host = describeHost(login);
  return new SshError(kind, host, `${host} ${what}`, UNREACHABLE_STEPS[kind]);
}

/**
 * Logs in over an open socket, after checking the host's key against the pinned ones. The client returned is
 * ready; the caller ends it. Throws SshError.
 */
export function logIn(
  login: SshLogin,
  site: string,
  socket: Duplex,
  timeoutSeconds: number,
): Promise<Client> {
  const host = describeHost(login);
  return new Promise((resolve, reject) => {
    const client = new Client();
    let keyProblem: SshError | undefined;
    let settled = false;
    const fail = (error: SshError) => {
      if (settled) return;
      settled = true;
      client.destroy();
      socket.destroy();
      reject(error);
    };
    const lost = () =>
      new SshError(
        "not-ssh",
        host,
        `${host} closed the connection before the login was done`,
        UNREACHABLE_STEPS["not-ssh"],
      );
    client.once("ready", () => {
      settled = true;
      resolve(client);
    });
    // Stays for the client's life: an error without a listener would end the process.
    client.on("error", (error) => fail(keyProblem ?? loginError(login, error)));
    client.on("close", () => fail(keyProblem ?? lost()));
    client.on("keyboard-interactive", (_name, _text, _lang, prompts, finish) =>
      finish(prompts.map(() => login.password ?? "")),
    );
    const config: ConnectConfig = {
      sock: socket,
      username: login.user,
      readyTimeout: timeoutSeconds * 1000,
      keepaliveInterval: KEEPALIVE_SECONDS * 1000,
      keepaliveCountMax: 3,
      // The list holds only names that ssh2 knows; its type is a closed union.
      algorithms: { serverHostKey: hostKeyAlgorithms(login.hostKeys) as never },
      hostVerifier: (key: Buffer) => {
        keyProblem = checkHostKey(login, site, key);
        return keyProblem === undefined;
      },
      ...(login.password === undefined ? {} : { password: login.password, tryKeyboard: true }),
      ...(login.privateKey === undefined ? {} : { privateKey: login.privateKey }),
    };
    try {
      client.connect(config);
    } catch (error) {
      fail(privateKeyError(login, error as Error));
    }
  });
}

/** The problem with a host's key, or undefined when it is one of the pinned keys. */
export function checkHostKey(login: SshLogin, site: string, key: Buffer): SshError | undefined {
  const host = describeHost(login);
  const trust = `./sitewright trust ${site}`;
  if (login.hostKeys.length === 0) {
    return new SshError(
      "host-key-unpinned",
      host,
      `${host} has no pinned host key`,
      `compare its fingerprint with the one on the host's console, then run ${trust}`,
    );
  }
  const shown = keyText(key);
  if (login.hostKeys.some((pinned) => pinned.trim().split(/\s+/).slice(0, 2).join(" ") === shown)) {
    return undefined;
  }
  const pinned = login.hostKeys.map(fingerprint).join(", ");
  return new SshError(
    "host-key-changed",
    host,
    `${host} shows another host key than the pinned one: pinned ${pinned}, shown ${fingerprint(key)}`,
    `find out why first (reinstalled host, or somebody in between); if it is right, run ${trust}`,
  );
}

function loginError(login: SshLogin, error: Error & ClientErrorExtensions): SshError {
  const host = describeHost(login);
  if (error.level === "client-authentication") {
    const tried = [
      ...(login.password === undefined ? [] : ["password"]),
      ...(login.privateKey === undefined ? [] : ["private key"]),
    ];
    const what = tried.length === 0 ? "no secret was given" : `${tried.join(" and ")} refused`;
    return new SshError(
      "wrong-credentials",
      host,
      `${host} does not let user ${login.user} in: ${what}`,
      "check the user and the secret that the site names for this host, and PasswordAuthentication in sshd_config",
    );
  }
  if (error.level === "client-timeout")
    return unreachable(login, "timeout", "did not finish the login");
  if (error.level === "client-socket") return networkError(login, error);
  return unreachable(login, "not-ssh", `does not speak SSH as expected: ${error.message}`);
}

function privateKeyError(login: SshLogin, error: Error): SshError {
  const host = describeHost(login);
  return new SshError(
    "bad-private-key",
    host,
    `the private key for ${host} cannot be used: ${error.message.replace(/^Cannot parse privateKey: /, "")}`,
    "give an OpenSSH or PEM key without a passphrase",
  );
}
