import { Stop } from "../engine/stop";

/** Runs kk v4.0.6's command line. */
export async function runV4(_executable: string, _argv: readonly string[]): Promise<void> {
  throw new Stop(1, "not yet");
}
