import assert from "node:assert/strict";
import { configMap } from "../../components/workload/config";
import { cronJob } from "../../components/workload/jobs";
import { deployment, disruptionBudget, statefulSet } from "../../components/workload/manifests";
import { headlessService, service } from "../../components/workload/services";
import { probeTimes, workload } from "../support/sites";

const pod = (differences: Parameters<typeof workload>[0]) =>
  deployment(workload(differences)).spec.template.spec;
const container = (differences: Parameters<typeof workload>[0]) => {
  const [only] = pod(differences).containers;
  assert.ok(only);
  return only;
};

describe("Manifests of a workload", () => {
  it("meet the restricted Pod security level", () => {
    const { securityContext, automountServiceAccountToken } = pod({});
    assert.equal(securityContext.runAsNonRoot, true);
    assert.equal(securityContext.seccompProfile.type, "RuntimeDefault");
    assert.equal(automountServiceAccountToken, false);
    assert.deepEqual(container({}).securityContext, {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    });
  });

  it("give a Pod without a writable root somewhere to write, and no more than a bounded place", () => {
    assert.deepEqual(pod({}).volumes, [{ name: "tmp", emptyDir: { sizeLimit: "256Mi" } }]);
    assert.deepEqual(container({}).volumeMounts, [{ name: "tmp", mountPath: "/tmp" }]);
  });

  it("ask one question for start, traffic and life", () => {
    const asked = { httpGet: { path: "/healthz", port: 8080 } };
    const { startupProbe, readinessProbe, livenessProbe } = container({});
    for (const probe of [startupProbe, readinessProbe, livenessProbe]) {
      assert.deepEqual({ httpGet: probe?.httpGet }, asked);
    }
    assert.deepEqual(container({ probe: { port: 53, ...probeTimes } }).startupProbe?.tcpSocket, {
      port: 53,
    });
  });

  it("ask nothing of a workload that says nothing", () => {
    const { probe: _, ...silent } = workload();
    const [only] = deployment(silent).spec.template.spec.containers;
    assert.equal(only?.startupProbe, undefined);
  });

  it("keep Pods apart by host as strictly as the release says, and by zone where there are zones", () => {
    const required = pod({ antiAffinity: "required" });
    const rules = required.affinity?.podAntiAffinity;
    assert.ok(rules && "requiredDuringSchedulingIgnoredDuringExecution" in rules);
    assert.equal(
      rules.requiredDuringSchedulingIgnoredDuringExecution?.[0]?.topologyKey,
      "kubernetes.io/hostname",
    );
    assert.equal(
      required.topologySpreadConstraints?.[0]?.topologyKey,
      "topology.kubernetes.io/zone",
    );
    assert.equal(required.topologySpreadConstraints?.[0]?.whenUnsatisfiable, "ScheduleAnyway");
    assert.equal(pod({ antiAffinity: "none" }).affinity, undefined);
  });

  it("roll out without a further Pod where each needs a host of its own", () => {
    const surge = (antiAffinity: "required" | "preferred") =>
      deployment(workload({ antiAffinity })).spec.strategy.rollingUpdate;
    assert.deepEqual(surge("required"), { maxSurge: 0, maxUnavailable: 1 });
    assert.deepEqual(surge("preferred"), { maxSurge: 1, maxUnavailable: 0 });
  });

  it("select Pods by name alone, since selectors can never change", () => {
    const { selector } = deployment(workload({ labels: { tier: "front" }, version: "2" })).spec;
    assert.deepEqual(selector, { matchLabels: { "app.kubernetes.io/name": "web" } });
  });

  it("let nobody's labels replace those that selectors rely on", () => {
    const labels = { "app.kubernetes.io/name": "other" };
    const { template } = deployment(workload({ labels })).spec;
    assert.equal(template.metadata.labels["app.kubernetes.io/name"], "web");
  });

  it("start new Pods when the environment changes, and only then", () => {
    const hash = (env: Record<string, string>) =>
      deployment(workload({ env })).spec.template.metadata.annotations?.["sitewright/config-hash"];
    assert.equal(hash({ A: "1", B: "2" }), hash({ B: "2", A: "1" }));
    assert.notEqual(hash({ A: "1" }), hash({ A: "2" }));
    assert.equal(hash({}), undefined);
    assert.equal(configMap(workload({ env: {} })), undefined);
    assert.deepEqual(configMap(workload())?.data, { MODE: "fast" });
    assert.deepEqual(container({}).envFrom, [{ configMapRef: { name: "web-config" } }]);
  });

  it("offer ports by name, and do not wait for a Service that nothing answers", () => {
    const offered = service(workload());
    assert.deepEqual(offered?.spec.ports, [
      { name: "http", port: 8080, targetPort: "http", protocol: "TCP", appProtocol: "http" },
    ]);
    assert.equal(offered?.metadata.annotations, undefined);
    const idle = service(workload({ replicas: 0 }));
    assert.equal(idle?.metadata.annotations?.["pulumi.com/skipAwait"], "true");
    assert.equal(service(workload({ ports: [] })), undefined);
  });

  it("keep the volumes of a StatefulSet, whatever happens to it", () => {
    const claims = [{ name: "data", mountPath: "/data", sizeGiB: 5, storageClass: "block" }];
    const { spec } = statefulSet(workload({ kind: "StatefulSet", claims }));
    assert.deepEqual(spec.persistentVolumeClaimRetentionPolicy, {
      whenDeleted: "Retain",
      whenScaled: "Retain",
    });
    assert.deepEqual(spec.volumeClaimTemplates[0]?.spec, {
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage: "5Gi" } },
      storageClassName: "block",
    });
    const headless = headlessService(workload());
    assert.equal(spec.serviceName, headless.metadata.name);
    assert.equal(headless.spec.publishNotReadyAddresses, true);
    assert.deepEqual(spec.template.spec.containers[0]?.volumeMounts[1], {
      name: "data",
      mountPath: "/data",
    });
  });

  it("run a CronJob once at a time, in the site's time zone, and bound it", () => {
    const job = workload({ kind: "CronJob", schedule: "30 2 * * *", timeZone: "Asia/Tokyo" });
    const { spec } = cronJob(job);
    assert.equal(spec.schedule, "30 2 * * *");
    assert.equal(spec.timeZone, "Asia/Tokyo");
    assert.equal(spec.concurrencyPolicy, "Forbid");
    assert.equal(spec.jobTemplate.spec.activeDeadlineSeconds, 3600);
    assert.equal(spec.jobTemplate.spec.template.spec.restartPolicy, "Never");
  });

  it("bound what a drain may take, where a number was decided", () => {
    assert.equal(disruptionBudget(workload())?.spec.maxUnavailable, 1);
    const { maxUnavailable: _, ...single } = workload();
    assert.equal(disruptionBudget(single), undefined);
  });
});
