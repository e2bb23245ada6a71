/** Workloads as a release file states them: five of different kinds, again and again under numbered names. */

const digest = `sha256:${"0".repeat(64)}`;

const resources = (cpu: string, memory: string, most: string) => ({
  requests: { cpu, memory },
  limits: { cpu: "1", memory: most },
});

function kinds(name: string) {
  return [
    {
      kind: "Deployment",
      image: `docker.io/example/${name}:1.4.0@${digest}`,
      replicas: 2,
      command: ["./serve", "--port=8080"],
      env: { LOG_LEVEL: "info", BACKEND_URL: "http://backend:8080/api", TIMEOUT_SECONDS: "30" },
      ports: [{ name: "http", port: 8080 }],
      expose: [{ port: "http" }],
      probe: { port: 8080, path: "/healthz" },
      resources: resources("100m", "128Mi", "256Mi"),
    },
    {
      kind: "Deployment",
      image: `docker.io/example/${name}:1.4.0@${digest}`,
      replicas: 3,
      antiAffinity: "required",
      env: { LOG_LEVEL: "info", POOL_SIZE: "10" },
      ports: [
        { name: "grpc", port: 9090 },
        { name: "metrics", port: 9100 },
      ],
      probe: { port: 9090 },
      labels: { tier: "business" },
      resources: resources("250m", "256Mi", "512Mi"),
    },
    {
      kind: "StatefulSet",
      image: `docker.io/example/${name}:2.0.1@${digest}`,
      replicas: 2,
      env: { DATA_FOLDER: "/data" },
      ports: [{ name: "store", port: 7000 }],
      probe: { port: 7000 },
      claims: [{ name: "data", mountPath: "/data", sizeGiB: 2 }],
      resources: resources("100m", "256Mi", "512Mi"),
    },
    {
      kind: "Deployment",
      image: `docker.io/example/${name}:1.4.0@${digest}`,
      command: ["./work", "--queue=parcels"],
      resources: resources("100m", "128Mi", "256Mi"),
    },
    {
      kind: "CronJob",
      image: `docker.io/example/${name}:1.4.0@${digest}`,
      schedule: "30 2 * * *",
      command: ["./clean-up", "--older-than=30d"],
      env: { LOG_LEVEL: "info" },
      resources: resources("50m", "32Mi", "64Mi"),
    },
  ];
}

/** `count` workloads of a release, by name. */
export function manyWorkloads(count: number, namespace: string) {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => {
      const name = `service-${index}`;
      const all = kinds(name);
      return [name, { namespace, ...all[index % all.length] }];
    }),
  );
}
