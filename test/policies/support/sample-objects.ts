/** Objects without any fault, each as small as rules allow; tests spoil copies of them. */

// biome-ignore lint/suspicious/noExplicitAny: tests spoil it in ways that no type allows
type AnyObject = any;

const digest = "a".repeat(64);

/** An image of site-a's registry. */
export const goodImage = `dockerhub.kubekey.local/library/nginx:1.29@sha256:${digest}`;

/** A container that keeps every rule. */
export function container(change: (container: AnyObject) => void = () => {}): AnyObject {
  const probe = { httpGet: { path: "/healthz", port: 8080 } };
  const made = {
    name: "web",
    image: goodImage,
    ports: [{ name: "http", containerPort: 8080 }],
    resources: {
      requests: { cpu: "100m", memory: "128Mi" },
      limits: { cpu: "200m", memory: "128Mi" },
    },
    readinessProbe: probe,
    livenessProbe: probe,
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
  };
  change(made);
  return made;
}

/** A Deployment of two Pods in a namespace of site-a's product that keeps every rule over one object. */
export function deployment(change: (object: AnyObject) => void = () => {}): AnyObject {
  const labels = { "app.kubernetes.io/name": "web" };
  const made = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace: "parcels", labels },
    spec: {
      replicas: 2,
      revisionHistoryLimit: 5,
      strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      selector: { matchLabels: labels },
      template: {
        metadata: { labels: { ...labels, "sitewright.io/log-format": "text" } },
        spec: {
          automountServiceAccountToken: false,
          securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
          topologySpreadConstraints: [
            {
              maxSkew: 1,
              topologyKey: "kubernetes.io/hostname",
              whenUnsatisfiable: "DoNotSchedule",
              labelSelector: { matchLabels: labels },
            },
          ],
          containers: [container()],
        },
      },
    },
  };
  change(made);
  return made;
}

/** Changes the first container of an object with `spec.template`. */
export function inContainer(change: (container: AnyObject) => void) {
  return (object: AnyObject) => change(object.spec.template.spec.containers[0]);
}
