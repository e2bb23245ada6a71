import type { ExecResult } from "./command";
import { lastLines } from "./last-lines";
import { SshError } from "./ssh-error";
import { describeHost, type SshTarget } from "./target";

/** Error for a command that ended with another status than 0; names a full disk as such. */
export function commandError(target: SshTarget, what: string, result: ExecResult): SshError {
  const host = describeHost(target);
  const said = result.stderr.trim() || result.stdout.trim();
  const full = /^.*(No space left on device|Disk quota exceeded).*$/im.exec(said);
  if (full) {
    return new SshError(
      "disk-full",
      host,
      `${host}: could not ${what}: the disk is full (${full[0].trim()})`,
      "free space there (df -h), then run the same command again",
    );
  }
  const how = result.signal ? `signal ${result.signal}` : `status ${result.code}`;
  return new SshError(
    "command-failed",
    host,
    `${host}: could not ${what} (${how})${said ? `: ${lastLines(said, 5)}` : ""}`,
    "look at the message above, put it right on the host, then run the same command again",
  );
}

/** Error for a command that did not end in time. */
export function tooLong(host: string, seconds: number): SshError {
  return new SshError(
    "command-timeout",
    host,
    `${host}: a command did not end within ${seconds} s and was stopped`,
    "look at the load of the host (uptime, dmesg), then run the same command again",
  );
}

/** Error for a command that printed more than anything of ours does. */
export function tooMuch(host: string, capMib: number): SshError {
  return new SshError(
    "output-too-large",
    host,
    `${host}: a command printed more than ${capMib} MiB and was stopped`,
    "look at the log on the host",
  );
}
