/** Declares a Provider named `k` with a kubeconfig's content as a secret and more arguments. */
export function providerOf(kubeconfig: string, more = ""): string {
  return `const k = { provider: new k8s.Provider("k", { kubeconfig: pulumi.secret(${JSON.stringify(kubeconfig)}), ${more} }) };`;
}

/** What {@link workloads} is made with. */
export interface Workloads {
  replicas: number;
  /** JavaScript of more metadata of the Deployment. */
  metadata?: string;
  setting?: string;
}

/** A namespace with one of each kind that is waited for. */
export function workloads({ replicas, metadata = "", setting = "1" }: Workloads): string {
  return `
const namespace = new k8s.core.v1.Namespace("shop", { metadata: { name: "shop" } }, k);
const inShop = namespace.metadata.name;
const pods = (app) => ({
  selector: { matchLabels: { app } },
  template: { metadata: { labels: { app } }, spec: { hostNetwork: false, containers: [
    { name: app, image: app + ":1", resources: { limits: { cpu: "0.5", memory: "1024Mi" } } },
  ] } },
});
new k8s.core.v1.ConfigMap("settings", { metadata: { namespace: inShop }, data: { level: ${JSON.stringify(setting)} } }, k);
new k8s.core.v1.Secret("login", { metadata: { namespace: inShop }, stringData: { password: "geheim" } }, k);
const web = new k8s.apps.v1.Deployment("web", {
  metadata: { name: "web", namespace: inShop, ${metadata} },
  spec: { replicas: ${replicas}, ...pods("web") },
}, k);
const db = new k8s.apps.v1.StatefulSet("db", {
  metadata: { name: "db", namespace: inShop },
  spec: { serviceName: "db", replicas: 2, ...pods("db") },
}, k);
new k8s.apps.v1.DaemonSet("agent", { metadata: { name: "agent", namespace: inShop }, spec: pods("agent") }, k);
const service = new k8s.core.v1.Service("web", {
  metadata: { name: "web", namespace: inShop },
  spec: { selector: { app: "web" }, ports: [{ port: 80 }] },
}, { ...k, dependsOn: web });
new k8s.batch.v1.Job("once", {
  metadata: { namespace: inShop },
  spec: { template: { spec: { restartPolicy: "Never", containers: [{ name: "once", image: "once:1" }] } } },
}, k);
exports.address = service.spec.clusterIP;
`;
}

/** ConfigMaps that carry a field manager of their own, as every object of a site does. */
export function managedMaps(count: number, value: string): string {
  return `
for (let i = 0; i < ${count}; i++) {
  new k8s.core.v1.ConfigMap("map" + i, {
    metadata: { name: "map" + i, namespace: "default", annotations: { "pulumi.com/patchFieldManager": "sitewright" } },
    data: { value: ${JSON.stringify(value)} },
  }, k);
}
`;
}
