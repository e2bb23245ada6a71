import assert from "node:assert/strict";
import { filesMap } from "../../components/workload/config";
import { cronJob, job } from "../../components/workload/jobs";
import { daemonSet, deployment, statefulSet } from "../../components/workload/manifests";
import { workloadObjects } from "../../components/workload/objects";
import { podRequest } from "../../site/capacity";
import { parseDocument } from "../../site/parse";
import { quotaDemand } from "../../site/platform/tenancy-quotas";
import { releaseSchema } from "../../site/schema/release";
import { siteSchema } from "../../site/schema/site";
import type { copyResources } from "../../site/workload/pods";
import type { WorkloadBlueprint } from "../../site/workload/workload-types";
import { siteWorkloads } from "../../site/workload/workloads";
import { roomySite } from "../support/any-release";
import { image, resources, smallRelease } from "../support/releases";

// biome-ignore lint/suspicious/noExplicitAny: releases are changed in ways that no type allows
type Any = any;

const because = "the reason is part of the test";

/** A workload of the small release, as the roomy site runs it. */
function decided(name: string, more: object, siteMore: object = {}): WorkloadBlueprint {
  const data = smallRelease();
  Object.assign(data.workloads[name], more);
  data.secrets = { key: { random: {} } };
  const release = parseDocument("release", releaseSchema, data);
  const site = parseDocument("site", siteSchema, { ...roomySite(), ...siteMore });
  assert.deepEqual([...release.problems, ...site.problems], []);
  assert.ok(release.value && site.value);
  const found = siteWorkloads(site.value, release.value).find((one) => one.name === name);
  assert.ok(found);
  return found;
}

const podOf = (workload: WorkloadBlueprint): Any => deployment(workload).spec.template.spec;
const override = (settings: Readonly<Record<string, unknown>>) => ({
  overrides: Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [name, { value, because }]),
  ),
});

describe("Pods of a workload", () => {
  it("wait before they end, without a shell, where others call them", () => {
    const [container] = podOf(decided("web", {})).containers;
    assert.deepEqual(container.lifecycle, { preStop: { sleep: { seconds: 5 } } });
    assert.equal(podOf(decided("web", { ports: [] })).containers[0].lifecycle, undefined);
  });

  it("take every override to where Kubernetes reads it", () => {
    const stated = {
      runAsUser: 999,
      readOnlyRootFilesystem: false,
      capabilities: ["NET_BIND_SERVICE"],
      serviceAccountToken: true,
      timeZone: "Asia/Tokyo",
      tmpMiB: 10,
      imagePullPolicy: "Always",
      terminationGraceSeconds: 90,
      preStopSeconds: 7,
      zoneSpread: "none",
    };
    const workload = decided("web", override(stated));
    const pod = podOf(workload);
    const [container] = pod.containers;
    assert.deepEqual([pod.securityContext.runAsUser, pod.securityContext.fsGroup], [999, 999]);
    assert.equal(pod.automountServiceAccountToken, true);
    assert.equal(pod.serviceAccountName, "web");
    assert.ok(workloadObjects(workload).some(({ object }) => object.kind === "ServiceAccount"));
    assert.equal(pod.terminationGracePeriodSeconds, 90);
    assert.deepEqual(pod.volumes, [{ name: "tmp", emptyDir: { sizeLimit: "10Mi" } }]);
    assert.equal(pod.topologySpreadConstraints, undefined);
    assert.equal(container.imagePullPolicy, "Always");
    assert.deepEqual(container.env, [{ name: "TZ", value: "Asia/Tokyo" }]);
    assert.equal(container.lifecycle.preStop.sleep.seconds, 7);
    assert.equal(container.securityContext.readOnlyRootFilesystem, false);
    assert.deepEqual(container.securityContext.capabilities, {
      drop: ["ALL"],
      add: ["NET_BIND_SERVICE"],
    });
  });

  it("of each kind are started as overridden", () => {
    const web = {
      updateStrategy: "recreate",
      progressDeadlineSeconds: 60,
      revisionHistoryLimit: 1,
    };
    const { spec } = deployment(decided("web", override(web)));
    assert.deepEqual(spec.strategy, { type: "Recreate" });
    assert.deepEqual([spec.progressDeadlineSeconds, spec.revisionHistoryLimit], [60, 1]);
    const db = statefulSet(
      decided("db", override({ podManagement: "parallel", updateStrategy: "onDelete" })),
    );
    assert.equal(db.spec.podManagementPolicy, "Parallel");
    assert.deepEqual(db.spec.updateStrategy, { type: "OnDelete" });
    const agent = daemonSet(decided("agent", override({ updateStrategy: "onDelete" })));
    assert.deepEqual(agent.spec.updateStrategy, { type: "OnDelete" });
    // Pulumi would wait until somebody has deleted every old Pod.
    assert.deepEqual(agent.metadata.annotations, { "pulumi.com/skipAwait": "true" });
    assert.equal(daemonSet(decided("agent", {})).metadata.annotations, undefined);
    const once = job(decided("migrate", override({ backoffLimit: 0, activeDeadlineSeconds: 9 })));
    assert.deepEqual([once.spec.backoffLimit, once.spec.activeDeadlineSeconds], [0, 9]);
    const often = cronJob(
      decided(
        "clean-up",
        override({
          concurrency: "replace",
          startingDeadlineSeconds: 60,
          successfulRunsKept: 0,
          failedRunsKept: 5,
          keepFinishedSeconds: 90,
        }),
      ),
    ).spec;
    assert.equal(often.concurrencyPolicy, "Replace");
    assert.equal(often.startingDeadlineSeconds, 60);
    assert.deepEqual([often.successfulJobsHistoryLimit, often.failedJobsHistoryLimit], [0, 5]);
    assert.equal(often.jobTemplate.spec.ttlSecondsAfterFinished, 90);
  });

  it("are spread over zones strictly only where there are zones", () => {
    const strict = override({ zoneSpread: "required" });
    const rule = (siteMore: object) =>
      podOf(decided("web", strict, siteMore)).topologySpreadConstraints[0].whenUnsatisfiable;
    const zoned = roomySite().hosts.map((host: Any) => ({ ...host, zone: "rack-1" }));
    assert.equal(rule({}), "ScheduleAnyway");
    assert.equal(rule({ hosts: zoned }), "DoNotSchedule");
  });

  it("run on every node where a DaemonSet says so, and bear the taints there", () => {
    const agent = decided("agent", { nodes: "all" });
    assert.equal(agent.replicas, 3);
    assert.deepEqual((daemonSet(agent).spec.template.spec as Any).tolerations, [
      { key: "node-role.kubernetes.io/control-plane", operator: "Exists" },
    ]);
    assert.equal(decided("agent", {}).replicas, 2);
  });

  const questions = [
    { probe: { port: 80, grpc: true }, asked: { grpc: { port: 80 } } },
    { probe: { port: 80, grpc: "a.B" }, asked: { grpc: { port: 80, service: "a.B" } } },
    { probe: { command: ["test"] }, asked: { exec: { command: ["test"] } } },
  ];
  for (const { probe, asked } of questions) {
    it(`are asked by ${Object.keys(asked).join()}: ${JSON.stringify(probe)}`, () => {
      const [container] = podOf(decided("web", { probe })).containers;
      assert.deepEqual(container.startupProbe, {
        ...asked,
        periodSeconds: 2,
        timeoutSeconds: 1,
        failureThreshold: 60,
      });
    });
  }

  it("are asked as often as the release says", () => {
    const probe = { port: 80, liveness: { everySeconds: 60 } };
    const [{ livenessProbe, readinessProbe }] = podOf(decided("web", { probe })).containers;
    assert.deepEqual(livenessProbe, {
      tcpSocket: { port: 80 },
      periodSeconds: 60,
      timeoutSeconds: 5,
      failureThreshold: 4,
    });
    assert.equal(readinessProbe.periodSeconds, 5);
  });

  it("mount files and secrets one by one, beside what the image has", () => {
    const workload = decided("web", {
      files: { "/etc/app/app.conf": "a" },
      secretFiles: { "/etc/app/key": "key" },
      secretEnv: { PASSWORD: "key" },
    });
    const [container] = podOf(workload).containers;
    assert.deepEqual(container.volumeMounts.slice(1), [
      {
        name: "files",
        mountPath: "/etc/app/app.conf",
        subPath: "etc_app_app.conf",
        readOnly: true,
      },
      { name: "secrets", mountPath: "/etc/app/key", subPath: "key", readOnly: true },
    ]);
    assert.deepEqual(filesMap(workload)?.data, { "etc_app_app.conf": "a" });
    assert.deepEqual(container.env, [
      { name: "PASSWORD", valueFrom: { secretKeyRef: { name: "web-secrets", key: "key" } } },
      { name: "TZ", value: "Etc/UTC" },
    ]);
  });

  it("start anew when a file changes", () => {
    const hash = (content: string) =>
      deployment(decided("web", { files: { "/a": content } })).spec.template.metadata.annotations;
    assert.notDeepEqual(hash("1"), hash("2"));
  });

  it("copy folders of images before anything else runs, and read them only", () => {
    const pod = podOf(
      decided("web", {
        init: [
          { name: "wait", image: image("busybox"), resources, env: { A: "1" }, sidecar: true },
        ],
        volumes: {
          fonts: { mountPath: "/fonts", image: { image: image("f"), path: "/usr/f", sizeMiB: 9 } },
        },
      }),
    );
    const [copy, wait] = pod.initContainers;
    assert.deepEqual(copy.command, ["cp", "-R", "/usr/f/.", "/copied"]);
    assert.deepEqual(copy.volumeMounts, [{ name: "volume-fonts", mountPath: "/copied" }]);
    assert.match(copy.image, /^dockerhub\.kubekey\.local\/library\/f:/);
    assert.equal(wait.restartPolicy, "Always");
    assert.deepEqual(wait.env[0], { name: "A", value: "1" });
    assert.deepEqual(wait.volumeMounts, pod.containers[0].volumeMounts);
    assert.deepEqual(pod.containers[0].volumeMounts.at(-1), {
      name: "volume-fonts",
      mountPath: "/fonts",
      readOnly: true,
    });
  });

  it("claim what the site says, and keep it", () => {
    const volumes = {
      data: { mountPath: "/data", claim: { sizeGiB: 5 } },
      all: { mountPath: "/all", claim: { sizeGiB: 1, shared: true } },
    };
    const storage = { data: { sizeGiB: 9, storageClass: "nfs" } };
    const workload = decided("web", { volumes, replicas: 1 }, { workloads: { web: { storage } } });
    const claims = workloadObjects(workload).filter(({ keep }) => keep === true);
    assert.deepEqual(
      claims.map(({ noun, object }) => [noun, object.metadata.name, object.spec]),
      [
        [
          "all-claim",
          "web-all",
          { accessModes: ["ReadWriteMany"], resources: { requests: { storage: "1Gi" } } },
        ],
        [
          "data-claim",
          "web-data",
          {
            accessModes: ["ReadWriteOnce"],
            resources: { requests: { storage: "9Gi" } },
            storageClassName: "nfs",
          },
        ],
      ],
    );
    assert.equal(workload.keeps, "claims");
    assert.deepEqual(deployment(workload).spec.strategy, { type: "Recreate" });
    const { claims: count, storageGiB, pods } = quotaDemand([workload]);
    assert.deepEqual({ count, storageGiB, pods }, { count: 2, storageGiB: 10, pods: 1 });
  });

  it("say what a roll-back does not undo", () => {
    const claims = [{ name: "data", mountPath: "/data", sizeGiB: 1 }];
    assert.equal(decided("db", { claims }).keeps, "claims");
    assert.equal(decided("migrate", { migratesData: true }).keeps, "migration");
    assert.equal(decided("migrate", {}).keeps, undefined);
  });

  it("do the work of a Job again for what it is made of, and for nothing else", () => {
    const migrate = decided("migrate", { secretEnv: { A: "key" }, files: { "/a": "1" } });
    const renewed = {
      ...migrate,
      mesh: { member: true, labels: {}, plainPorts: [], revision: "2" },
    };
    assert.deepEqual(job(renewed), job(migrate));
    const pods = workloadObjects(migrate).find(({ noun }) => noun === "job");
    assert.equal(pods?.restartsWith, undefined);
    assert.notDeepEqual(job({ ...migrate, files: { "/a": "2" } }), job(migrate));
  });

  const large = { cpu: "1", memory: "1Gi" };
  const small = { cpu: "100m", memory: "128Mi" };
  const room = (list: readonly (readonly [object, boolean])[]) =>
    podRequest({
      resources: { requests: small, limits: small },
      init: list.map(([each, sidecar]) => ({
        resources: { requests: each, limits: each } as typeof copyResources,
        sidecar,
      })),
    }).cpuMillis;

  it("are counted with what runs before and beside, as Kubernetes does", () => {
    assert.equal(room([]), 100);
    assert.equal(room([[large, false]]), 1000);
    assert.equal(room([[large, true]]), 1100);
    assert.equal(
      room([
        [small, true],
        [large, false],
      ]),
      1100,
    );
    assert.equal(
      room([
        [large, false],
        [small, true],
      ]),
      1000,
    );
  });
});
