/** Claims and classes without any fault; tests spoil copies of them. */

// biome-ignore lint/suspicious/noExplicitAny: tests spoil it in ways that no type allows
type AnyObject = any;

/** What a claim asks for; `storageClassName: undefined` is the site's default class. */
export function claimSpec(more: object = {}): AnyObject {
  return { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "10Gi" } }, ...more };
}

export function claim(spec: object = {}, name = "data"): AnyObject {
  return {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name, namespace: "parcels" },
    spec: claimSpec(spec),
  };
}

/** A claim in each of the places where one may stand, and its path there. */
export function claimsEverywhere(spec: AnyObject): readonly (readonly [string, AnyObject])[] {
  const metadata = { name: "web", namespace: "parcels" };
  const volumes = [{}, { name: "own", ephemeral: { volumeClaimTemplate: { spec } } }];
  const template = { spec: { volumes } };
  const apps = (kind: string, own: object) => ({
    apiVersion: "apps/v1",
    kind,
    metadata,
    spec: own,
  });
  const figures = (kind: string, storage: object) => ({
    apiVersion: "monitoring.coreos.com/v1",
    kind,
    metadata,
    spec: { replicas: 2, storage },
  });
  const own = "volumes[1].ephemeral.volumeClaimTemplate.spec";
  return [
    ["spec", { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata, spec }],
    [
      "spec.volumeClaimTemplates[0].spec",
      apps("StatefulSet", { replicas: 3, volumeClaimTemplates: [{ spec }] }),
    ],
    [`spec.template.spec.${own}`, apps("Deployment", { replicas: 2, template })],
    [`spec.template.spec.${own}`, apps("DaemonSet", { template })],
    [
      `spec.jobTemplate.spec.template.spec.${own}`,
      { ...apps("CronJob", { jobTemplate: { spec: { template } } }), apiVersion: "batch/v1" },
    ],
    [
      "spec.storage.volumeClaimTemplate.spec",
      figures("Prometheus", { volumeClaimTemplate: { spec } }),
    ],
    [
      "spec.storage.ephemeral.volumeClaimTemplate.spec",
      figures("Alertmanager", { ephemeral: { volumeClaimTemplate: { spec } } }),
    ],
  ];
}
