import type { Client, ClientChannel } from "ssh2";
import type { EngineLog } from "../protocol/engine-log";
import { ProviderFailure } from "../protocol/failure";
import { commandLife, environmentOf, previousOutput, type RunCommand, text } from "./command-run";
import { connectionOf } from "./connection";
import { abortWords, dial } from "./dial";
import { CommandOutput, failureText, quoted } from "./output";
import type { CommandResource } from "./resource";
import { remoteCommandFields } from "./tables";

const runRemote: RunCommand = async (command, work, inputs, olds) => {
  const { client, hangUp } = await dial(connectionOf(inputs), work.log, work.signal);
  try {
    const environment = await acceptedEnvironment(
      client,
      environmentOf(inputs),
      previousOutput(inputs, olds),
      work.log,
    );
    const output = new CommandOutput(inputs.logging, work.log);
    const how = await ended(client, command, {
      environment,
      stdin: text(inputs.stdin) ?? "",
      output,
      signal: work.signal,
    });
    output.finish();
    if (how !== undefined) throw new ProviderFailure(failureText(how, command, output));
    return output.outputs();
  } finally {
    hangUp();
  }
};

/** remote.Command: a command run on a host over SSH. */
export const remoteCommand: CommandResource = {
  fields: remoteCommandFields,
  ...commandLife(runRemote),
};

/**
 * The variables that the server takes. One of the program's own that it refuses is an error; one of
 * the previous output is left out with a warning.
 */
async function acceptedEnvironment(
  client: Client,
  own: readonly [string, string][],
  previous: readonly [string, string][],
  log: EngineLog,
): Promise<Record<string, string>> {
  const accepted: Record<string, string> = {};
  for (const [name, value] of own) {
    if (!(await accepts(client, name, value))) {
      log.error(refusal(name));
      throw new ProviderFailure(
        `could not set environment variable ${quoted(name)}: ssh: setenv failed`,
      );
    }
    accepted[name] = value;
  }
  for (const [name, value] of previous) {
    if (await accepts(client, name, value)) accepted[name] = value;
    else log.warning(refusal(name));
  }
  return accepted;
}

// ssh2 asks for an answer to setenv only when it opens SFTP, so a variable is tried there first.
async function accepts(client: Client, name: string, value: string): Promise<boolean> {
  const sftp = client.sftp.bind(client) as unknown as (
    environment: Record<string, string>,
    done: (error: Error | undefined, session?: { end(): void }) => void,
  ) => void;
  return await new Promise((resolve, reject) => {
    const lost = () => reject(new ProviderFailure("ssh: the connection was closed"));
    client.once("close", lost);
    sftp({ [name]: value }, (error, session) => {
      client.removeListener("close", lost);
      session?.end();
      resolve(error?.message !== "Unable to set environment");
    });
  });
}

function refusal(name: string): string {
  return (
    `Unable to set '${name}'. This only works if your SSH server is configured to accept\n` +
    "\tthese variables via AcceptEnv. Alternatively, if a Bash-like shell runs the command on the " +
    "remote host, you could\n\tprefix the command itself with the variables in the form " +
    "'VAR=value command'"
  );
}

/** Undefined when the command ended well, otherwise how it ended, in the real provider's words. */
async function ended(
  client: Client,
  command: string,
  run: {
    readonly environment: Record<string, string>;
    readonly stdin: string;
    readonly output: CommandOutput;
    readonly signal: AbortSignal;
  },
): Promise<string | undefined> {
  return await new Promise((resolve, reject) => {
    client.exec(command, { env: run.environment }, (error, channel) => {
      if (error) return reject(new ProviderFailure(`ssh: ${error.message}`));
      // Listening has to start at once: a quick command's end may be in the same packet.
      follow(client, channel, run, resolve);
    });
  });
}

function follow(
  client: Client,
  channel: ClientChannel,
  run: { readonly stdin: string; readonly output: CommandOutput; readonly signal: AbortSignal },
  resolve: (end: string | undefined) => void,
): void {
  let end: string | undefined = "wait: remote command exited without exit status or exit signal";
  const finish = () => {
    run.signal.removeEventListener("abort", stop);
    client.removeListener("close", finish);
    resolve(end);
  };
  const stop = () => {
    end = abortWords(run.signal);
    // Closing the channel makes the server hang up on the command.
    channel.signal("KILL");
    channel.close();
    finish();
  };
  channel.on("data", (chunk: Buffer) => run.output.add("stdout", chunk));
  channel.stderr.on("data", (chunk: Buffer) => run.output.add("stderr", chunk));
  channel.on("error", () => {});
  channel.once("exit", (code: number | null, signal?: string) => {
    if (code === 0) end = undefined;
    else if (code !== null) end = `Process exited with status ${code}`;
    else end = `Process exited with status 128 from signal ${signal?.replace(/^SIG/, "")}`;
  });
  channel.once("close", finish);
  client.once("close", finish);
  channel.end(run.stdin);
  if (run.signal.aborted) stop();
  else run.signal.addEventListener("abort", stop, { once: true });
}
