import { strict as assert } from "node:assert";
import { age } from "../../../cli/workloads/age";
import { statusJson, statusText } from "../../../cli/workloads/report";
import { workloadStatuses } from "../../../cli/workloads/status";
import { container, controller, digest, pod, unready, wanted } from "./objects";

const now = new Date("2026-11-02T12:00:00Z");
const place = {
  site: "site-t",
  release: "2026.11",
  now,
  paint: (_: string, text: string) => text,
  columns: 160,
};

const gone = (name: string) => wanted({ name, kind: "StatefulSet", replicas: 1 });
const api = wanted({ name: "api", routes: [{ urls: ["https://api.test/"] }] as never });
const cron = wanted({
  name: "clean-up",
  kind: "CronJob",
  schedule: "30 2 * * *",
  timeZone: "Etc/UTC",
});
const made = { creationTimestamp: "2026-11-02T09:00:00Z" };

function example() {
  const labels = { "app.kubernetes.io/name": "api" };
  const old = {
    containerStatuses: [
      container({ name: "api", imageID: `r/api@${digest("a")}`, restartCount: 3 }),
    ],
  };
  const controllers = {
    Deployment: [
      controller({}, {}, { name: "api", ...made }),
      controller({ readyReplicas: 1 }, {}, made),
    ],
    CronJob: [
      controller({ lastScheduleTime: "2026-11-02T02:30:00Z" }, {}, { name: "clean-up", ...made }),
    ],
  };
  const crash = unready({
    restartCount: 1,
    state: { waiting: { reason: "CrashLoopBackOff" } },
    lastState: { terminated: { exitCode: 1 } },
  });
  const pods = [
    pod("api-1", old, {}, labels),
    pod("api-2", old, {}, labels),
    pod("web-1"),
    pod("web-2", crash),
    pod("web-3", crash),
  ];
  return workloadStatuses([api, cron, gone("db"), wanted()], { controllers, pods });
}

describe("What is said of a site's workloads", () => {
  it("is a table, then each fault with its reason and the next step, then one line", () => {
    assert.deepEqual(statusText(example(), place), [
      "workload          kind         version  ready  restarts  image                           age  reached at, or runs",
      "parcels/api       Deployment   2        2/2    6         aaaaaaaaaaaa, not bbbbbbbbbbbb  3h   https://api.test/",
      "parcels/clean-up  CronJob      2        -      -         -                               3h   at 30 2 * * * Etc/UTC; last run 9h ago; last success never",
      "parcels/db        StatefulSet  2        0/1    0         -                               -    not there",
      "parcels/web       Deployment   2        1/2    2         bbbbbbbbbbbb                    3h",
      "",
      "parcels/api",
      `  runs an image with the digest ${digest("a")}; the site's file says ${digest("b")}`,
      "  next: see what a deployment would change: pulumi preview -s site-t --diff",
      "",
      "parcels/db",
      "  there is no StatefulSet db in parcels",
      "  next: see what a deployment would change: pulumi preview -s site-t --diff",
      "",
      "parcels/web",
      "  web-2 and 1 more: CrashLoopBackOff: web ended with 1, restarted once",
      "  next: ./sitewright workloads site-t logs web --pod web-2 --previous",
      "",
      "3 of 4 not as site-t wants them, release 2026.11",
    ]);
  });

  it("is one object for a program, with the same reasons and next steps", () => {
    const { ok, workloads } = statusJson(example(), place);
    assert.equal(ok, false);
    assert.deepEqual(
      workloads.map(({ name, state }) => [name, state]),
      [
        ["api", "differs"],
        ["clean-up", "ready"],
        ["db", "missing"],
        ["web", "not-ready"],
      ],
    );
    assert.deepEqual(workloads[3]?.reasons, [
      {
        why: "CrashLoopBackOff: web ended with 1, restarted once",
        pods: ["web-2", "web-3"],
        next: "./sitewright workloads site-t logs web --pod web-2 --previous",
      },
    ]);
  });

  it("of Pods whose nodes name no image says that, and why it may be", () => {
    const silent = pod("web-1", { containerStatuses: [container({ imageID: "" })] });
    const statuses = workloadStatuses([wanted()], {
      controllers: { Deployment: [controller()] },
      pods: [silent],
    });
    assert.deepEqual(statusText(statuses, place).slice(2), [
      "",
      "image -: no node says what it runs; in a rehearsal containers do not run",
      "",
      "all 1 as site-t wants them, release 2026.11",
    ]);
  });

  it("paints what is not ready, and nothing else of the table", () => {
    const paint = (colour: string, text: string) => `<${colour}>${text}`;
    const lines = statusText(example(), { ...place, paint });
    assert.deepEqual(
      lines.slice(0, 5).map((line) => /^<(\w+)>/.exec(line)?.[1]),
      [undefined, "yellow", undefined, "red", "red"],
    );
  });

  it("stays quick for hundreds of workloads", () => {
    const names = Array.from({ length: 800 }, (_, index) => `w${index}`);
    const controllers = {
      Deployment: names.map((name) => controller({ readyReplicas: 1 }, {}, { name })),
    };
    const pods = names.flatMap((name) =>
      [1, 2, 3].map((each) =>
        pod(`${name}-${each}`, unready({}), {}, { "app.kubernetes.io/name": name }),
      ),
    );
    const workloads = names.map((name) => wanted({ name }));
    const began = performance.now();
    const lines = statusText(workloadStatuses(workloads, { controllers, pods }), place);
    assert.ok(lines.length > 3000);
    assert.ok(performance.now() - began < 1000, `${performance.now() - began} ms`);
  });

  it("tells ages as people do", () => {
    const ages = [
      "2026-11-02T11:59:01Z",
      "2026-11-02T11:57:00Z",
      "2026-11-01T13:00:00Z",
      "2026-10-02T12:00:00Z",
      "2026-11-02T12:00:09Z",
    ];
    assert.deepEqual(
      ages.map((time) => age(time, now)),
      ["59s", "3m", "23h", "31d", "0s"],
    );
  });
});
