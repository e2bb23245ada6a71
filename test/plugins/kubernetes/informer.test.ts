import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Api } from "../../../rehearsal/plugins/kubernetes/client/api";
import { Informer } from "../../../rehearsal/plugins/kubernetes/client/informer";

/** A pod as far as a watch cares. */
function pod(name: string, resourceVersion: string) {
  return { metadata: { name, uid: `uid-${name}`, resourceVersion } };
}

describe("A watch", () => {
  let server: Server;
  let api: Api;
  let lists = 0;
  const watches: ServerResponse[] = [];

  before(async () => {
    server = createServer((request, response) => {
      if (request.url?.includes("watch=true")) {
        watches.push(response);
        response.write(`${JSON.stringify({ type: "ADDED", object: pod("two", "2") })}\n`);
        // As when the API server dies: the connection is gone without an end.
        if (watches.length === 1) setTimeout(() => request.socket.destroy(), 50);
        return;
      }
      lists += 1;
      const items = [pod("one", "1")];
      response.end(
        JSON.stringify({
          apiVersion: "v1",
          kind: "PodList",
          metadata: { resourceVersion: "1" },
          items,
        }),
      );
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const access = {
      server: `http://127.0.0.1:${port}`,
      namespace: "",
      insecureSkipTlsVerify: false,
    };
    api = new Api(access, { qps: 50, burst: 120, timeoutSeconds: 10 });
  });

  after(() => {
    api.close();
    server.closeAllConnections();
    server.close();
  });

  it("goes on after its connection broke off", async () => {
    const informer = new Informer(api, "/api/v1/pods");
    await until(() => watches.length > 1);
    watches[1]?.write(`${JSON.stringify({ type: "ADDED", object: pod("three", "3") })}\n`);
    await until(() => informer.named("three") !== undefined);
    assert.ok(informer.named("one") && informer.named("two"));
    assert.equal(lists, 1, "it knows where it was");
    informer.stop();
  });
});

async function until(holds: () => boolean): Promise<void> {
  const end = Date.now() + 5000;
  while (!holds()) {
    assert.ok(Date.now() < end, "it came within five seconds");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
