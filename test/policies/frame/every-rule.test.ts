import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { rules } from "../../../policies/rules";
import { unknownText } from "../../../policies/support/unknown";
import { judged, objectSubject, patchSubject } from "../support/judging";

const kinds: readonly (readonly [string, string])[] = [
  ["apps/v1", "Deployment"],
  ["apps/v1", "StatefulSet"],
  ["apps/v1", "DaemonSet"],
  ["batch/v1", "CronJob"],
  ["v1", "Pod"],
  ["v1", "Namespace"],
  ["v1", "Service"],
  ["v1", "ConfigMap"],
  ["v1", "Secret"],
  ["v1", "PersistentVolumeClaim"],
  ["v1", "ResourceQuota"],
  ["v1", "LimitRange"],
  ["policy/v1", "PodDisruptionBudget"],
  ["storage.k8s.io/v1", "StorageClass"],
  ["networking.k8s.io/v1", "Ingress"],
  ["networking.istio.io/v1", "Gateway"],
  ["networking.istio.io/v1", "VirtualService"],
  ["traefik.io/v1alpha1", "IngressRoute"],
  ["gateway.networking.k8s.io/v1", "HTTPRoute"],
  ["monitoring.coreos.com/v1", "PrometheusRule"],
  ["monitoring.coreos.com/v1", "ServiceMonitor"],
  ["apiextensions.k8s.io/v1", "CustomResourceDefinition"],
  ["ceph.rook.io/v1", "CephCluster"],
  // Names that every object of JavaScript knows.
  ["v1", "constructor"],
  ["v1", "__proto__"],
];

/** Anything that YAML could hold, with a value in it, now and then, that only the update knows. */
const odd = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, 0, -1, "", "a", "1Gi", "*", unknownText),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(
      fc.constantFrom(
        ..."spec template metadata labels annotations containers initContainers resources limits env value".split(
          " ",
        ),
        ..."selector replicas rules hosts tls servers host http paths volumes hostPath securityContext data".split(
          " ",
        ),
        ..."affinity topologySpreadConstraints updateStrategy volumeClaimTemplates ports groups alert expr".split(
          " ",
        ),
        ..."name namespace kind subjects type port image constructor __proto__".split(" "),
      ),
      tie("value"),
      { maxKeys: 6, noNullPrototype: true },
    ),
  ),
})).value;

describe("Every rule", () => {
  for (const { name, description, why, remedy, settings } of rules) {
    it(`${name} says what holds, why, and what to do, and stands in the file of its name`, () => {
      assert.match(name, /^[a-z]+(-[a-z]+)*$/);
      assert.match(description, /^[A-Z].*\.$/);
      assert.match(why, /^[A-Z].*\.$/);
      assert.match(remedy, /^[a-z].*[^.]$/);
      assert.ok(existsSync(join(__dirname, `../../../policies/${name}.ts`)));
      for (const [key, field] of Object.entries(settings?.shape ?? {})) {
        assert.ok(field.description, `${key} has no description`);
        assert.ok(field.safeParse(undefined).success, `${key} has no default`);
      }
    });
  }

  it("takes objects of any shape, whole or a patch, known or not", function () {
    this.timeout(60_000);
    const anyObject = fc
      .tuple(fc.constantFrom(...kinds), odd, odd, odd)
      .map(([[apiVersion, kind], metadata, spec, data]) => ({
        apiVersion,
        kind,
        metadata,
        spec,
        data,
      }));
    fc.assert(
      fc.property(fc.array(anyObject, { minLength: 1, maxLength: 5 }), (objects) => {
        const subjects = objects.flatMap((object) => [
          objectSubject(object as never, { name: "odd" }),
          patchSubject(object as never),
        ]);
        for (const source of ["deployment", "state", "manifests"] as const) {
          for (const rule of rules) judged(rule, subjects, { source });
        }
      }),
      { numRuns: 150 },
    );
  });
});
