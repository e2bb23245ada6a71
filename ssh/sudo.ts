import { lastLines } from "./last-lines";
import { quote } from "./shell-quote";
import { SshError } from "./ssh-error";
import { describeHost, type SshTarget } from "./target";

/**
 * Command line that runs `command` as root. The inner shell first says `ready` on standard error, then drops
 * its input up to the line `mark`: whatever sudo did not read, the password included when sudo never asked,
 * ends there and cannot reach the command.
 */
export function sudoCommand(sudo: "nopasswd" | "password", command: string, mark: string): string {
  const inner = [
    `printf '%s\\n' ${mark} >&2`,
    `while IFS= read -r line && [ "$line" != ${mark} ]; do :; done`,
    `unset line`,
    command,
  ].join("\n");
  const how = sudo === "password" ? "-S -p ''" : "-n";
  return `LC_ALL=C sudo ${how} -- /bin/sh -c ${quote(inner)}`;
}

/** What sudo's complaint means; undefined when standard error holds none. */
export function sudoProblem(target: SshTarget, stderr: string): SshError | undefined {
  const host = describeHost(target);
  if (/sudo: (command )?not found/.test(stderr)) {
    return new SshError(
      "sudo-missing",
      host,
      `${host} has no sudo, and user ${target.user} is not root`,
      "install sudo there or log in as root",
    );
  }
  if (/Sorry, try again|incorrect password attempt/.test(stderr)) {
    return new SshError(
      "sudo-password-wrong",
      host,
      `${host}: sudo does not accept the password of user ${target.user}`,
      "check the password secret of this host; sudo wants the login's own password",
    );
  }
  const refusal = /^sudo: .*|.*(not in the sudoers file|not allowed to (run|execute)).*/m.exec(
    stderr,
  );
  if (!refusal) return undefined;
  const needsPassword = /a password is required/.test(refusal[0]);
  return new SshError(
    "sudo-refused",
    host,
    `${host}: sudo refuses user ${target.user}: ${refusal[0].trim()}`,
    needsPassword
      ? 'give this login NOPASSWD in sudoers, or set sudo to "password" for it in the site'
      : "allow this user to run /bin/sh as root without a terminal in sudoers",
  );
}

/** Error for a sudo that ended or hung without starting a shell, and without a complaint that is known. */
export function sudoSilent(target: SshTarget, said = ""): SshError {
  const host = describeHost(target);
  return new SshError(
    "sudo-refused",
    host,
    `${host}: sudo did not start a shell for ${target.user}${said.trim() ? `: ${lastLines(said.trim(), 3)}` : ""}`,
    "try `sudo -v` there by hand; sudo must work without a terminal for this user",
  );
}
