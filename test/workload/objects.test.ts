import assert from "node:assert/strict";
import fc from "fast-check";
import { type WorkloadObject, workloadObjects } from "../../components/workload/objects";
import { sharedClaim } from "../../components/workload/volumes";
import { parseDocument } from "../../site/parse";
import { cpuMillis, memoryMiB } from "../../site/quantities";
import { releaseSchema } from "../../site/schema/release";
import { siteSchema } from "../../site/schema/site";
import type { SharedVolumeBlueprint } from "../../site/workload/pod-types";
import { sharedVolumes } from "../../site/workload/volumes";
import type { WorkloadBlueprint } from "../../site/workload/workload-types";
import { siteWorkloads } from "../../site/workload/workloads";
import { anyRelease, roomySecrets, roomySite } from "../support/any-release";
import { releaseProblems } from "../support/releases";

// biome-ignore lint/suspicious/noExplicitAny: objects of any kind are looked into
type Any = any;

const site = parseDocument("site", siteSchema, roomySite()).value;

interface Decided {
  readonly workloads: readonly WorkloadBlueprint[];
  readonly shared: readonly SharedVolumeBlueprint[];
}

function decided(data: unknown): Decided {
  const release = parseDocument("release", releaseSchema, data).value;
  assert.ok(site && release);
  return { workloads: siteWorkloads(site, release), shared: sharedVolumes(site, release) };
}

/** The Pod template of an object that starts Pods. */
function templateOf({ object }: WorkloadObject): Any {
  const { spec } = object as Any;
  return object.kind === "CronJob" ? spec.jobTemplate.spec.template : spec?.template;
}

const podKinds = ["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob"];

/** Says of every workload of generated releases what has to hold for its objects. */
function forEveryWorkload(
  holds: (objects: readonly WorkloadObject[], pod: Any, release: Decided) => void,
): void {
  fc.assert(
    fc.property(anyRelease(), (data) => {
      const release = decided(data);
      for (const workload of release.workloads) {
        const objects = workloadObjects(workload);
        const starts = objects.filter(({ object }) => podKinds.includes(object.kind));
        assert.equal(starts.length, 1);
        holds(objects, templateOf(starts[0] as WorkloadObject), release);
      }
    }),
    { numRuns: 25 },
  );
}

const containersOf = ({ spec }: Any) => [...(spec.initContainers ?? []), ...spec.containers];

describe("Every object of a generated release", () => {
  it("comes of a release without problems", () => {
    fc.assert(
      fc.property(anyRelease(), (data) => {
        assert.deepEqual(releaseProblems(data, roomySite(), roomySecrets), []);
      }),
      { numRuns: 15 },
    );
  });

  it("mounts only volumes that its Pod has, each path once", () => {
    forEveryWorkload((objects, template) => {
      const claims = objects.flatMap(
        ({ object }) => (object as Any).spec?.volumeClaimTemplates ?? [],
      );
      const volumes = [...template.spec.volumes, ...claims.map((claim: Any) => claim.metadata)];
      const names = volumes.map(({ name }: Any) => name);
      assert.equal(new Set(names).size, names.length, "volumes of one name");
      for (const { volumeMounts } of containersOf(template)) {
        for (const { name } of volumeMounts) assert.ok(names.includes(name), name);
        const paths = volumeMounts.map(({ mountPath }: Any) => mountPath);
        assert.equal(new Set(paths).size, paths.length, "two mounts at one path");
      }
    });
  });

  it("stands behind every ConfigMap, Secret, claim and account that its Pods name", () => {
    forEveryWorkload((objects, template, release) => {
      const shared = release.shared.map(sharedClaim);
      const start = objects.find(({ object }) => podKinds.includes(object.kind));
      const before = new Set(start?.after);
      const there = objects.filter(({ noun }) => before.has(noun)).map(({ object }) => object);
      const names = (kind: string) =>
        [...there, ...shared].filter((one) => one.kind === kind).map((one) => one.metadata.name);
      const keys = (kind: string, name: string) => {
        const holder = objects.find(
          ({ object }) => object.kind === kind && object.metadata.name === name,
        );
        const { data = {} }: Any = holder?.object ?? {};
        return [...Object.keys(data), ...(holder?.holds ?? [])];
      };
      const has = (kind: string, name: string) =>
        assert.ok(names(kind).includes(name), `${kind} ${name} is not made before`);
      const volumes = new Map<string, Any>(
        template.spec.volumes.map((one: Any) => [one.name, one]),
      );
      for (const { configMap, secret, persistentVolumeClaim } of volumes.values()) {
        if (configMap) has("ConfigMap", configMap.name);
        if (secret) has("Secret", secret.secretName);
        if (persistentVolumeClaim) has("PersistentVolumeClaim", persistentVolumeClaim.claimName);
      }
      for (const { envFrom = [], env = [], volumeMounts } of containersOf(template)) {
        for (const { configMapRef } of envFrom) has("ConfigMap", configMapRef.name);
        for (const { valueFrom } of env) {
          if (!valueFrom) continue;
          has("Secret", valueFrom.secretKeyRef.name);
          assert.ok(
            keys("Secret", valueFrom.secretKeyRef.name).includes(valueFrom.secretKeyRef.key),
          );
        }
        for (const { name, subPath } of volumeMounts) {
          const { configMap, secret } = volumes.get(name) ?? {};
          if (configMap) assert.ok(keys("ConfigMap", configMap.name).includes(subPath));
          if (secret) assert.ok(keys("Secret", secret.secretName).includes(subPath));
        }
      }
      if (template.spec.serviceAccountName) {
        has("ServiceAccount", template.spec.serviceAccountName);
      }
    });
  });

  it("selects the labels that its Pods carry", () => {
    forEveryWorkload((objects, template) => {
      for (const { object } of objects) {
        const { selector } = (object as Any).spec ?? {};
        const wanted = object.kind === "Service" ? selector : selector?.matchLabels;
        for (const [key, value] of Object.entries(wanted ?? {})) {
          assert.equal(template.metadata.labels[key], value);
        }
      }
    });
  });

  it("asks for no more than it may use", () => {
    forEveryWorkload((_objects, template) => {
      for (const { resources } of containersOf(template)) {
        const { requests, limits } = resources;
        assert.ok(cpuMillis(requests.cpu) <= cpuMillis(limits.cpu));
        assert.ok(memoryMiB(requests.memory) <= memoryMiB(limits.memory));
      }
    });
  });

  it("has a name that Kubernetes takes", () => {
    forEveryWorkload((objects, template) => {
      const names = [
        ...objects.map(({ object }) => object.metadata.name),
        ...containersOf(template).map(({ name }) => name),
        ...template.spec.volumes.map(({ name }: Any) => name),
      ];
      for (const name of names) assert.match(name, /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);
      assert.equal(
        new Set(containersOf(template).map(({ name }) => name)).size,
        containersOf(template).length,
      );
    });
  });

  it("holds no value of a secret", () => {
    forEveryWorkload((objects) => {
      for (const { object } of objects.filter(({ object: { kind } }) => kind === "Secret")) {
        assert.deepEqual(Object.keys(object).sort(), ["apiVersion", "kind", "metadata", "type"]);
      }
    });
  });

  it("meets the Pod security level of its namespace", () => {
    forEveryWorkload((objects, template) => {
      const [{ object }] = objects as [WorkloadObject];
      if (object.metadata.namespace !== "parcels") return;
      const { securityContext, volumes } = template.spec;
      assert.equal(securityContext.runAsNonRoot, true);
      assert.notEqual(securityContext.runAsUser, 0);
      assert.equal(securityContext.seccompProfile.type, "RuntimeDefault");
      const allowed = ["configMap", "secret", "emptyDir", "persistentVolumeClaim"];
      for (const { name: _, ...source } of volumes) {
        assert.deepEqual(
          Object.keys(source).filter((key) => !allowed.includes(key)),
          [],
        );
      }
      for (const { securityContext: own } of containersOf(template)) {
        assert.equal(own.allowPrivilegeEscalation, false);
        assert.deepEqual(own.capabilities.drop, ["ALL"]);
        for (const added of own.capabilities.add ?? []) assert.equal(added, "NET_BIND_SERVICE");
      }
    });
  });

  it("leaves its Pods time to end after they served", () => {
    forEveryWorkload((_objects, template) => {
      const { terminationGracePeriodSeconds, containers } = template.spec;
      const sleep = containers[0].lifecycle?.preStop.sleep.seconds ?? 0;
      assert.ok(sleep === 0 || sleep < terminationGracePeriodSeconds);
    });
  });
});
