import { type AddressInfo, createServer, type Socket } from "node:net";
import { RunError } from "../../site/run-error";
import type { ApiAccess } from "../step/api-client";
import { forward } from "./forward";
import { type ServedPod, type ServicePort, servedPod } from "./served-pod";

/**
 * Reaches a port of a Service in the site's cluster from this machine, for as long as `work` takes: through the API
 * server, thus through the jump host if the site has one, and from nowhere else than this machine.
 *
 *     await withCluster(site, io, (access) =>
 *       withPort(access, { ...alertmanager, namespace: monitoringNamespace }, async (url) => {
 *         const answer = await fetch(`${url}/api/v2/status`);
 *       }));
 *
 * `url` is `http://127.0.0.1:<any free port>`, without a slash at its end. As many connections at once as wanted; each
 * leads to the same ready Pod, and to another one once that has gone. A connection ends when either side ends it. All
 * of them and the listener are closed when `work` is over, however it ends.
 *
 * @throws RunError with the next step when there is no such Service or none of its Pods is ready (before `work` is
 * called); and in place of what `work` throws, when the last connection had come to nothing: its port refused, its Pod
 * or node gone, the login without the right to forward.
 */
export async function withPort<Result>(
  access: ApiAccess,
  wanted: ServicePort,
  work: (url: string) => Promise<Result>,
): Promise<Result> {
  let place: Promise<ServedPod> | undefined = Promise.resolve(await servedPod(access, wanted));
  let fault: RunError | undefined;
  const sockets = new Set<Socket>();
  const onFault = (error: RunError) => {
    fault = error;
    // The next connection looks anew for a Pod that is ready.
    place = undefined;
  };
  const onAnswer = () => {
    fault = undefined;
  };
  const server = createServer({ pauseOnConnect: true }, (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    place ??= servedPod(access, wanted);
    place
      .then((found) => forward(access, found, socket, { onAnswer, onFault }))
      .catch((error) => {
        if (error instanceof RunError) onFault(error);
        socket.resetAndDestroy();
      });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  try {
    return await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } catch (error) {
    if (fault === undefined) throw error;
    fault.cause ??= error;
    throw fault;
  } finally {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  }
}
