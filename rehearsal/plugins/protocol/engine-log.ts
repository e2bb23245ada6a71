import { credentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";

/** Messages to the engine about one resource, or about the run when it has no URN. */
export interface EngineLog {
  debug(message: string): void;
  info(message: string): void;
  warning(message: string): void;
  /** Also makes the run fail at its end. */
  error(message: string): void;
  /** Shown in the progress view while the operation runs and not kept. */
  status(message: string): void;
}

/** The engine's end of the line; made once its address is known. */
export class Engine {
  readonly #client: EngineClient;
  readonly #pending = new Set<Promise<void>>();

  /** @param address host:port as the engine gives it on the command line. */
  constructor(address: string) {
    this.#client = new EngineClient(address, credentials.createInsecure(), {
      "grpc.max_send_message_length": -1,
    });
  }

  /** A log bound to a resource; `urn` "" for the run as a whole. */
  logFor(urn: string): EngineLog {
    const send = (severity: LogSeverity, message: string, ephemeral = false) =>
      this.#send(severity, message, urn, ephemeral);
    return {
      debug: (message) => send(LogSeverity.DEBUG, message),
      info: (message) => send(LogSeverity.INFO, message),
      warning: (message) => send(LogSeverity.WARNING, message),
      error: (message) => send(LogSeverity.ERROR, message),
      status: (message) => send(LogSeverity.INFO, message, true),
    };
  }

  /** Waits until every message sent so far has been taken or refused. */
  async flush(): Promise<void> {
    await Promise.all(this.#pending);
  }

  /** Hangs up. */
  close(): void {
    this.#client.close();
  }

  #send(severity: LogSeverity, message: string, urn: string, ephemeral: boolean): void {
    const request = new LogRequest();
    request.setSeverity(severity);
    // The engine refuses text that is not valid UTF-8, and lone surrogates would make it so.
    request.setMessage(Buffer.from(message).toString());
    request.setUrn(urn);
    request.setEphemeral(ephemeral);
    // A message that cannot be delivered is no reason to fail the operation it speaks of.
    const sent = new Promise<void>((resolve) => this.#client.log(request, () => resolve()));
    this.#pending.add(sent);
    void sent.then(() => this.#pending.delete(sent));
  }
}

/** Takes every message and shows none; until the engine's address is known. */
export const silentLog: EngineLog = {
  debug: () => {},
  info: () => {},
  warning: () => {},
  error: () => {},
  status: () => {},
};
