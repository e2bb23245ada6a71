import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stringify } from "yaml";
import { alertmanagerAt, alertmanagerLog } from "../../cli/alerts/pod";
import { runTest } from "../../cli/alerts/test-command";
import { withPort } from "../../cli/cluster-port/cluster-port";
import { notificationBlueprint } from "../../site/alerting/notification";
import { monitoringNamespace, alertmanager as service } from "../../site/platform/monitoring-place";
import { alertsSchema } from "../../site/schema/alerts";
import { Alertmanager } from "./support/alertmanager";
import { freePort } from "./support/loopback-server";
import { at, ControlPlane } from "./support/plugins/control-plane";
import { HttpSink } from "./support/sinks";
import { accessOf, answeredBy } from "./support/workloads";

/**
 * The way of a test to a site's Alertmanager: a real API server, its port-forward and its logs, and a real Alertmanager
 * where a container would be.
 */
describe("A test of receivers through the API server", function () {
  this.timeout(180_000);
  const folder = mkdtempSync(join(tmpdir(), "sitewright-alerts-"));
  const logsFile = join(folder, "alertmanager.log");
  let plane: ControlPlane | undefined;
  let alertmanager: Alertmanager | undefined;
  let sink: HttpSink | undefined;

  after(async () => {
    await plane?.stop();
    await alertmanager?.stop();
    sink?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A Pod of the Alertmanager that runs on loopback, as the chart's Service selects it. */
  async function serve(on: ControlPlane): Promise<void> {
    const labels = { "app.kubernetes.io/name": "alertmanager" };
    const core = "/api/v1/namespaces";
    const name = monitoringNamespace;
    await on.api("POST", core, { metadata: { name } });
    await on.api("POST", `${core}/${name}/services`, {
      metadata: { name: service.service },
      spec: { selector: labels, ports: [{ port: service.port, targetPort: "http-web" }] },
    });
    const pod = { name: "alertmanager-monitoring-alertmanager-0", labels };
    await on.api("POST", `${core}/${name}/pods`, {
      metadata: pod,
      spec: {
        nodeName: "node1",
        automountServiceAccountToken: false,
        containers: [
          {
            name: "alertmanager",
            image: "a:1",
            ports: [{ name: "http-web", containerPort: 9093 }],
          },
        ],
      },
    });
    for (let tries = 0; tries < 200; tries++) {
      const found = await on.api("GET", `${core}/${name}/pods/${pod.name}`);
      if (at(found, "status.phase") === "Running") return;
      await sleep(100);
    }
    throw new Error("the Pod does not run");
  }

  it("reads from Alertmanager's own figures and log what became of each message", async () => {
    sink = await HttpSink.start();
    const closed = await freePort();
    const alerts = alertsSchema.parse({
      receivers: {
        desk: { kind: "webhook", url: `${sink.url}/desk` },
        gone: { kind: "webhook", url: `http://127.0.0.1:${closed}/` },
      },
      teams: { platform: { critical: ["desk", "gone"] } },
    });
    const notification = notificationBlueprint("site-t", { alerts, timezone: "Etc/UTC" });
    if (notification === undefined) throw new Error("no alerts");
    const running = await Alertmanager.start(notification, {});
    alertmanager = running;
    const own = { apiVersion: "kwok.x-k8s.io/v1alpha1", metadata: { name: "monitoring" } };
    const selector = { matchNamespaces: [monitoringNamespace] };
    const target = { address: "127.0.0.1", port: Number(new URL(running.url).port) };
    const config = [
      {
        ...own,
        kind: "ClusterPortForward",
        spec: { selector, forwards: [{ ports: [9093], target }] },
      },
      {
        ...own,
        kind: "ClusterLogs",
        spec: { selector, logs: [{ containers: ["alertmanager"], logsFile, follow: false }] },
      },
    ];
    plane = await ControlPlane.start(1, "RBAC", config.map((one) => stringify(one)).join("---\n"));
    await answeredBy(plane, "node1", plane.kubeletPort);
    await serve(plane);
    const { access } = accessOf(plane);
    // As a node keeps what its containers say.
    const keepLog = setInterval(() => {
      const lines = running.log.split("\n").filter((line) => line !== "");
      const time = new Date().toISOString();
      writeFileSync(logsFile, lines.map((line) => `${time} stderr F ${line}\n`).join(""));
    }, 100);

    let stdout = "";
    const code = await withPort(access, { ...service, namespace: monitoringNamespace }, (url) =>
      runTest(
        alertmanagerAt(url, alertmanagerLog(access)),
        { notification, receivers: notification.receivers, options: { json: true } },
        { stdout: { write: (text) => (stdout += text) }, stderr: { write: () => {} }, env: {} },
      ),
    ).finally(() => clearInterval(keepLog));
    assert.equal(code, 7);
    const { receivers } = JSON.parse(stdout);
    assert.deepEqual(receivers, [
      {
        name: "desk",
        kind: "webhook",
        reaches: [`${sink.url}/desk`],
        message: "sent",
        recovery: "sent",
      },
      {
        name: "gone",
        kind: "webhook",
        reaches: [`http://127.0.0.1:${closed}/`],
        message: "failed",
        reason: `Post "<redacted>": dial tcp 127.0.0.1:${closed}: connect: connection refused`,
        next: "check alerts.receivers.gone.url, and that workers reach it: name, route, firewall",
      },
    ]);
    assert.deepEqual(
      sink.posted.map(({ body }) => body.status),
      ["firing", "resolved"],
    );
  });
});
