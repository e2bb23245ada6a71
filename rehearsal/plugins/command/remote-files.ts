import type { Client, SFTPWrapper, Stats } from "ssh2";
import { ProviderFailure } from "../protocol/failure";
import { abortWords } from "./dial";

/** SFTP status "no such file". */
const noSuchFile = 2;

/** Files on a host, over SFTP. Every call ends when the connection does or the signal is aborted. */
export class RemoteFiles {
  readonly #sftp: SFTPWrapper;
  readonly #client: Client;
  readonly #signal: AbortSignal;

  private constructor(sftp: SFTPWrapper, client: Client, signal: AbortSignal) {
    this.#sftp = sftp;
    this.#client = client;
    this.#signal = signal;
  }

  /** Starts SFTP on a connection. */
  static async open(client: Client, signal: AbortSignal): Promise<RemoteFiles> {
    const sftp = await new Promise<SFTPWrapper>((resolve, reject) => {
      client.sftp((error, session) =>
        error
          ? reject(new ProviderFailure(`ssh: subsystem request failed: ${error.message}`))
          : resolve(session),
      );
    });
    return new RemoteFiles(sftp, client, signal);
  }

  /** What stands at a path, links followed; undefined when nothing does. */
  async stat(path: string): Promise<Stats | undefined> {
    try {
      return await this.#call<Stats>((done) => this.#sftp.stat(path, done));
    } catch (error) {
      if ((error as { code?: number }).code === noSuchFile) return undefined;
      throw new ProviderFailure(`failed to stat remote path ${path}: ${messageOf(error)}`);
    }
  }

  /** Makes one folder. */
  async makeFolder(path: string): Promise<void> {
    await this.#call<void>((done) =>
      this.#sftp.mkdir(path, (error) => done(error ?? undefined, undefined)),
    );
  }

  /** Copies a local file's content, replacing what is there and keeping its mode. */
  async put(local: string, path: string): Promise<void> {
    await this.#call<void>((done) =>
      this.#sftp.fastPut(local, path, (error) => done(error ?? undefined, undefined)),
    );
  }

  /** Writes text, replacing what is there and keeping its mode. */
  async write(path: string, text: string): Promise<void> {
    await this.#call<void>((done) =>
      this.#sftp.writeFile(path, text, (error) => done(error ?? undefined, undefined)),
    );
  }

  async #call<Result>(
    start: (done: (error: Error | null | undefined, result: Result) => void) => void,
  ): Promise<Result> {
    return await new Promise<Result>((resolve, reject) => {
      const stop = () => {
        this.#client.end();
        finish(new ProviderFailure(abortWords(this.#signal)));
      };
      const lost = () => finish(new ProviderFailure("ssh: the connection was closed"));
      const finish = (error: Error | null | undefined, result?: Result) => {
        this.#signal.removeEventListener("abort", stop);
        this.#client.removeListener("close", lost);
        if (error) reject(error);
        else resolve(result as Result);
      };
      this.#client.once("close", lost);
      if (this.#signal.aborted) return stop();
      this.#signal.addEventListener("abort", stop, { once: true });
      start(finish);
    });
  }
}

/** What went wrong with a file, in few words. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
