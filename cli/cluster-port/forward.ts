import type { Socket } from "node:net";
// The package as a whole brings every type of the API and takes a second to load.
import { WebSocketHandler } from "@kubernetes/client-node/dist/web-socket-handler.js";
import { RunError } from "../../site/run-error";
import { exitCodes } from "../exit-codes";
import { type ApiAccess, secureConnection } from "../step/api-client";
import { type Channel, configThrough, heldBack, messageOf } from "../step/api-socket";
import type { ServedPod } from "./served-pod";

/** Bound for the connection and the greeting. */
const greetingSeconds = 30;

/** Frames of a port's own bytes, and of what goes wrong with it, as the API numbers them for one port. */
const bytesStream = 0;
const faultStream = 1;

/** How a WebSocket's end is told of that nobody announced. */
const withoutGoodbye = 1006;

/** What one connection tells while it lives. */
export interface ForwardEvents {
  /** Bytes came from the Pod. */
  readonly onAnswer: () => void;
  /** The Pod's port could not be reached, or the way to it was cut. */
  readonly onFault: (fault: RunError) => void;
}

/**
 * Joins a socket of this machine with a port of a Pod until either side ends. The socket is destroyed when the far end
 * cannot be had. Either side's end ends both: the protocol has no half-closed connections.
 */
export async function forward(
  access: ApiAccess,
  place: ServedPod,
  socket: Socket,
  { onAnswer, onFault }: ForwardEvents,
): Promise<void> {
  const { namespace, pod, port } = place;
  const refuse = (fault: RunError) => {
    onFault(fault);
    // A reset, not an end: nobody is to take what came so far for all there is.
    socket.resetAndDestroy();
  };
  let api: Awaited<ReturnType<typeof secureConnection>>;
  try {
    api = await secureConnection(access, greetingSeconds);
  } catch (error) {
    return refuse(unreachable(place, messageOf(error)));
  }
  socket.once("close", () => api.destroy());
  const handler = new WebSocketHandler(configThrough(access, api, greetingSeconds));
  // Each of the two streams begins with the port's number.
  const begun = new Set<number>();
  let channel: Channel | undefined;
  const take = (stream: number, frame: Buffer): boolean => {
    const bytes = begun.has(stream) ? frame : frame.subarray(2);
    begun.add(stream);
    if (bytes.length === 0) return true;
    if (stream === faultStream) {
      refuse(refused(place, bytes.toString("utf8").trim()));
      return false;
    }
    if (stream !== bytesStream || socket.destroyed) return true;
    onAnswer();
    if (!socket.write(bytes)) channel?.pause();
    return true;
  };
  try {
    const path = `/api/v1/namespaces/${namespace}/pods/${pod}/portforward?ports=${port}`;
    channel = (await handler.connect(path, null, take)) as unknown as Channel;
  } catch (error) {
    return refuse(unopened(place, messageOf(error)));
  }
  const open = channel;
  open.on("close", (code) => {
    if (socket.destroyed) return;
    if (code === withoutGoodbye) refuse(unreachable(place, "the connection was cut"));
    else socket.end();
  });
  socket.on("drain", () => open.resume());
  socket.on("close", () => open.close());
  if (socket.destroyed) return open.close();
  WebSocketHandler.handleStandardInput(open as never, socket, bytesStream);
  heldBack(socket, open);
  socket.resume();
}

/** What the API server said in place of opening the way. */
function unopened(place: ServedPod, message: string): RunError {
  const { namespace, pod, node } = place;
  const status = Number(/server response: (\d{3})/.exec(message)?.[1]);
  if (status === 401 || status === 403) {
    return new RunError(`this login may not forward ports of Pods in ${namespace}`, {
      nextStep: `use one that may: it needs get and create of pods/portforward in ${namespace}`,
      exitCode: exitCodes.remote,
    });
  }
  if (status === 404) {
    return new RunError(`Pod ${pod} in ${namespace} has just gone`, {
      nextStep: "run the same command again",
      exitCode: exitCodes.remote,
    });
  }
  if (status >= 500) {
    return new RunError(`the kubelet of ${node}, where ${pod} is, does not answer the API server`, {
      nextStep: `look on ${node} at systemctl status kubelet`,
      exitCode: exitCodes.remote,
    });
  }
  return unreachable(place, message);
}

function refused({ pod, port, namespace }: ServedPod, said: string): RunError {
  return new RunError(`nothing answers on port ${port} of ${pod} in ${namespace}: ${said}`, {
    nextStep: `see what it does: kubectl -n ${namespace} logs ${pod}; in a rehearsal no container runs, so nothing answers`,
    exitCode: exitCodes.remote,
  });
}

function unreachable({ pod, port }: ServedPod, why: string): RunError {
  return new RunError(`the way through the API server to port ${port} of ${pod} broke: ${why}`, {
    nextStep: "run the same command again; if it stays, look at the API server's log",
    exitCode: exitCodes.remote,
  });
}
