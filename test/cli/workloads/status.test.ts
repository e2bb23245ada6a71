import { strict as assert } from "node:assert";
import { workloadStatuses } from "../../../cli/workloads/status";
import { container, controller, digest, pod, statusOf, unready, wanted, warning } from "./objects";

const two = [pod("web-1"), pod("web-2")];

describe("A workload's status", () => {
  it("is ready when all is as the file says, whatever else happened to its Pods", () => {
    const restarted = pod("web-2", { containerStatuses: [container({ restartCount: 5 })] });
    const evicted = pod("web-0", { phase: "Failed", reason: "Evicted", conditions: [] });
    const going = pod("web-3", unready({ state: { waiting: {} } }), {
      deletionTimestamp: "2026-11-01T00:00:00Z",
    });
    const status = statusOf({}, [controller()], [pod("web-1"), restarted, evicted, going]);
    assert.deepEqual([status.state, status.restarts, status.troubles], ["ready", 5, []]);
    assert.deepEqual(status.pods, { wanted: 2, ready: 2, names: ["web-1", "web-2", "web-3"] });
  });

  it("is missing where the cluster has no such object", () => {
    const { state, troubles } = statusOf({ kind: "StatefulSet" }, [], []);
    assert.equal(state, "missing");
    assert.deepEqual(troubles, [
      { why: "there is no StatefulSet web in parcels", look: "deploy", pods: [] },
    ]);
  });

  it("tells versions, digests and numbers that are not those of the file", () => {
    const old = (name: string) =>
      pod(
        name,
        { containerStatuses: [container({ imageID: `registry.test/web@${digest("a")}` })] },
        {},
        { "app.kubernetes.io/version": "1" },
      );
    const all = statusOf({ replicas: 3 }, [controller()], [old("web-1"), old("web-2")]);
    assert.equal(all.state, "differs");
    assert.deepEqual(
      all.troubles.map(({ why }) => why),
      ["runs 1; the site's file says 2", "the cluster was told 2 Pods; the site's file says 3"],
    );
    assert.deepEqual(all.digest, { wanted: digest("b"), running: [digest("a")] });
    const other = pod("web-1", {
      containerStatuses: [container({ imageID: `registry.test/web@${digest("a")}` })],
    });
    const same = statusOf({}, [controller()], [other, pod("web-2")]);
    assert.equal(same.state, "differs");
    assert.match(
      same.troubles[0]?.why ?? "",
      /digest sha256:aaaa.*; the site's file says sha256:bbbb/,
    );
  });

  it("takes no image for another where a node tells none that a registry knows", () => {
    const silent = pod("web-1", { containerStatuses: [container({ imageID: "" })] });
    const loaded = pod("web-2", { containerStatuses: [container({ imageID: digest("c") })] });
    const status = statusOf({}, [controller()], [silent, loaded]);
    assert.deepEqual([status.state, status.digest.running], ["ready", []]);
  });

  it("looks at the workload's own container, not at the proxy beside it", () => {
    const proxied = pod("web-1", {
      containerStatuses: [
        container(),
        container({ name: "istio-proxy", imageID: `proxy@${digest("d")}`, restartCount: 1 }),
      ],
    });
    const status = statusOf(
      { replicas: 1 },
      [controller({ replicas: 1, updatedReplicas: 1, readyReplicas: 1 }, { replicas: 1 })],
      [proxied],
    );
    assert.deepEqual(
      [status.state, status.digest.running, status.restarts],
      ["ready", [digest("b")], 1],
    );
  });

  it("of a DaemonSet wants a Pod on each node that takes one", () => {
    const counts = { desiredNumberScheduled: 3, updatedNumberScheduled: 3 };
    const done = statusOf({ kind: "DaemonSet" }, [controller({ ...counts, numberReady: 3 })], two);
    assert.deepEqual([done.state, done.pods.wanted, done.pods.ready], ["ready", 3, 3]);
    const short = statusOf({ kind: "DaemonSet" }, [controller({ ...counts, numberReady: 2 })], two);
    assert.deepEqual(
      short.troubles.map(({ why }) => why),
      ["2 of 3 Pods are ready"],
    );
  });

  it("of a CronJob tells when it ran, and is bad only when its last run was", () => {
    const times = {
      lastScheduleTime: "2026-11-02T02:30:00Z",
      lastSuccessfulTime: "2026-11-01T02:31:00Z",
      active: [{}],
    };
    const cron = controller(times);
    const run = (name: string, creationTimestamp: string, type: string) =>
      controller(
        { conditions: [{ type, status: "True", reason: "Deadline", message: "too late" }] },
        {},
        {
          name,
          creationTimestamp,
          ownerReferences: [{ kind: "CronJob", name: "web" }],
        },
      );
    const bad = run("web-1", "2026-11-01T02:30:00Z", "Failed");
    const good = run("web-2", "2026-11-02T02:30:00Z", "Complete");
    const going = run("web-3", "2026-11-03T02:30:00Z", "Suspended");
    const given = { kind: "CronJob", schedule: "30 2 * * *", timeZone: "Etc/UTC" } as const;
    const ready = statusOf(given, [cron], [], [bad, good, going]);
    assert.equal(ready.state, "ready");
    assert.equal(ready.schedule, "30 2 * * * Etc/UTC");
    assert.deepEqual(ready.runs, {
      lastRun: "2026-11-02T02:30:00Z",
      lastSuccess: "2026-11-01T02:31:00Z",
      active: 1,
      suspended: false,
    });
    const failed = statusOf(
      given,
      [cron],
      [],
      [good, run("web-4", "2026-11-04T02:30:00Z", "Failed")],
    );
    assert.deepEqual(
      failed.troubles.map(({ why }) => why),
      ["Deadline: too late"],
    );
    assert.equal(statusOf(given, [controller()], []).state, "ready", "it has not run yet");
  });

  it("of a canary stands below its workload, with its own Pods, image and number", () => {
    const track = { "sitewright/track": "canary" };
    const canary = controller(
      { replicas: 1, updatedReplicas: 1, readyReplicas: 1 },
      {
        replicas: 1,
        template: {
          spec: { containers: [{ name: "web", image: `registry.test/web:3@${digest("c")}` }] },
        },
      },
      { name: "web-canary", labels: { ...track, "app.kubernetes.io/version": "3" } },
    );
    const tried = pod(
      "web-canary-1",
      { containerStatuses: [container({ imageID: `x@${digest("c")}` })] },
      {},
      { ...track, "app.kubernetes.io/version": "3" },
    );
    const { more, ...own } = statusOf({}, [controller(), canary], [...two, tried]);
    assert.deepEqual([own.state, own.pods.names], ["ready", ["web-1", "web-2"]]);
    const [below] = more;
    assert.deepEqual(
      [
        below?.workload,
        below?.name,
        below?.canary,
        below?.state,
        below?.pods,
        below?.version.running,
        below?.digest.running,
      ],
      [
        "web",
        "web-canary",
        true,
        "ready",
        { wanted: 1, ready: 1, names: ["web-canary-1"] },
        ["3"],
        [digest("c")],
      ],
    );
  });

  it("takes the newest warning where neither Pod nor controller has a word for it", () => {
    const running = {
      controllers: { StatefulSet: [controller({ readyReplicas: 1 })] },
      pods: [pod("web-0"), pod("web-1", unready({}))],
    };
    const warnings = {
      parcels: [
        warning("web-1", "Unhealthy", "probe failed: 503", "2026-11-02T00:00:02Z"),
        warning("web-1", "Unhealthy", "probe failed: 500", "2026-11-02T00:00:01Z"),
        warning("web-0", "Unhealthy", "long ago", "2026-11-02T00:00:03Z"),
      ],
    };
    const [status] = workloadStatuses([wanted({ kind: "StatefulSet" })], running, warnings);
    assert.deepEqual(
      status?.troubles.map(({ why }) => why),
      ["Unhealthy: probe failed: 503"],
    );
    const none = {
      controllers: { StatefulSet: [controller({ readyReplicas: 0, updatedReplicas: 0 })] },
      pods: [],
    };
    const refused = {
      parcels: [warning("web", "FailedCreate", "exceeded quota", "2026-11-02T00:00:00Z")],
    };
    const [unborn] = workloadStatuses([wanted({ kind: "StatefulSet" })], none, refused);
    assert.deepEqual(
      unborn?.troubles.map(({ why }) => why),
      ["0 of 2 Pods are made as last asked for", "FailedCreate: exceeded quota"],
    );
  });
});
