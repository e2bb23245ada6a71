import fc from "fast-check";
import { withTraffic } from "./any-traffic";
import { image } from "./releases";
import { smallSite } from "./sites";

/**
 * Sound releases by the hundred, in plain data as people write them, and a site for all of them. Whoever gives
 * workloads a new field adds it to `anyWorkload`.
 */

/** What the workloads of a generated release can refer to. */
interface Around {
  /** Names of workloads that come before. */
  readonly earlier: readonly string[];
}

// biome-ignore lint/suspicious/noExplicitAny: what people write is known to the schema alone
type Data = any;

const because = "property tests look at every setting";
const restricted = "parcels";
const privileged = "tools";

const secretNames = ["ledger-password", "smtp-key"];
const sharedVolume: Readonly<Record<string, string>> = {
  [restricted]: "photos",
  [privileged]: "traces",
};

const word = fc.stringMatching(/^[a-z]([a-z0-9-]{0,8}[a-z0-9])?$/);
const line = fc.string({ maxLength: 40 });
const variable = fc.stringMatching(/^[A-Z][A-Z0-9_]{0,8}$/).filter((name) => name !== "TZ");
const amounts = fc
  .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 4 }))
  .map(([request, factor]) => ({
    requests: { cpu: `${request}m`, memory: `${request + 15}Mi` },
    limits: { cpu: `${request * factor}m`, memory: `${(request + 15) * factor}Mi` },
  }));

/** An object with some of these keys. */
function some(keys: Readonly<Record<string, fc.Arbitrary<Data>>>): fc.Arbitrary<Data> {
  return fc.record(keys, { requiredKeys: [] });
}

function override(value: fc.Arbitrary<Data>): fc.Arbitrary<Data> {
  return value.map((stated) => ({ value: stated, because }));
}

const whole = (min: number, max: number) => fc.integer({ min, max });

const overridesOf: Readonly<Record<string, readonly string[]>> = {
  Deployment: [
    "revisionHistoryLimit",
    "preStopSeconds",
    "maxUnavailable",
    "zoneSpread",
    "progressDeadlineSeconds",
  ],
  StatefulSet: [
    "revisionHistoryLimit",
    "preStopSeconds",
    "maxUnavailable",
    "zoneSpread",
    "podManagement",
  ],
  DaemonSet: ["revisionHistoryLimit", "preStopSeconds"],
  Job: ["activeDeadlineSeconds", "backoffLimit"],
  CronJob: [
    "activeDeadlineSeconds",
    "backoffLimit",
    "concurrency",
    "startingDeadlineSeconds",
    "successfulRunsKept",
    "failedRunsKept",
    "keepFinishedSeconds",
  ],
};

const overrideValues: Readonly<Record<string, fc.Arbitrary<Data>>> = {
  readOnlyRootFilesystem: fc.boolean(),
  serviceAccountToken: fc.boolean(),
  timeZone: fc.constantFrom("Asia/Tokyo", "Etc/UTC"),
  tmpMiB: whole(1, 500),
  imagePullPolicy: fc.constantFrom("IfNotPresent", "Always"),
  terminationGraceSeconds: whole(21, 90),
  revisionHistoryLimit: whole(0, 10),
  preStopSeconds: whole(0, 20),
  maxUnavailable: whole(1, 3),
  zoneSpread: fc.constantFrom("preferred", "required", "none"),
  progressDeadlineSeconds: whole(60, 900),
  podManagement: fc.constantFrom("ordered", "parallel"),
  activeDeadlineSeconds: whole(60, 7200),
  backoffLimit: whole(0, 6),
  concurrency: fc.constantFrom("forbid", "replace", "allow"),
  startingDeadlineSeconds: whole(60, 7200),
  successfulRunsKept: whole(0, 5),
  failedRunsKept: whole(0, 5),
  keepFinishedSeconds: whole(60, 7200),
};

function anyOverrides(kind: string, namespace: string): fc.Arbitrary<Data> {
  const common = [
    "readOnlyRootFilesystem",
    "serviceAccountToken",
    "timeZone",
    "tmpMiB",
    "imagePullPolicy",
    "terminationGraceSeconds",
  ];
  const strategies = kind === "Deployment" ? ["rolling", "recreate"] : ["rolling", "onDelete"];
  const values: Record<string, fc.Arbitrary<Data>> = Object.fromEntries(
    [...common, ...(overridesOf[kind] ?? [])].map((name) => [
      name,
      overrideValues[name] ?? fc.nat(),
    ]),
  );
  values.runAsUser = whole(namespace === restricted ? 1 : 0, 65_535);
  values.capabilities = fc.subarray(
    namespace === restricted ? ["NET_BIND_SERVICE"] : ["NET_BIND_SERVICE", "NET_ADMIN", "CHOWN"],
  );
  if (!["Job", "CronJob"].includes(kind)) values.updateStrategy = fc.constantFrom(...strategies);
  return some(
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, override(value)])),
  );
}

const times = some({
  everySeconds: whole(1, 60),
  timeoutSeconds: whole(1, 10),
  failures: whole(1, 10),
});
const probeTimes = { startup: times, readiness: times, liveness: times };

const anyProbe: fc.Arbitrary<Data> = fc
  .tuple(
    fc.oneof(
      fc.record({ port: whole(1, 65_535) }),
      fc.record({ port: whole(1, 65_535), path: fc.constantFrom("/", "/healthz?full=1") }),
      fc.record({ port: whole(1, 65_535), grpc: fc.constantFrom(true, "parcels.v1.Ledger") }),
      fc.record({ command: fc.constant(["test", "-e", "/tmp/ready"]) }),
    ),
    some(probeTimes),
  )
  .map(([question, more]) => ({ ...question, ...more }));

function anyVolume(namespace: string): fc.Arbitrary<Data> {
  const sizeMiB = whole(1, 500);
  const safe = [
    fc.record({ claim: fc.record({ sizeGiB: whole(1, 20), shared: fc.constant(true) }) }),
    fc.record({ shared: fc.constant(sharedVolume[namespace]) }),
    fc.record({ emptyDir: fc.record({ sizeMiB }) }),
    fc.record({ memory: fc.record({ sizeMiB }) }),
    fc.record({
      image: fc.record({
        image: fc.constant(image("fonts")),
        path: fc.constant("/usr/share/fonts"),
        sizeMiB,
      }),
    }),
  ];
  const loose = [
    fc.record({ nfs: fc.constant({ server: "files.example", path: "/export/photos" }) }),
    fc.record({ hostPath: fc.constant({ path: "/srv/parcels/traces" }) }),
  ];
  return fc
    .tuple(
      fc.oneof(...safe, ...(namespace === privileged ? loose : [])),
      some({ readOnly: fc.boolean() }),
    )
    .map(([source, more]) => ({ ...source, ...more }));
}

const anyInit: fc.Arbitrary<Data> = fc
  .tuple(
    fc.record({ resources: amounts }),
    some({
      sidecar: fc.boolean(),
      command: fc.array(line, { maxLength: 3 }),
      args: fc.array(line, { maxLength: 3 }),
      env: fc.dictionary(variable, line, { maxKeys: 2 }),
    }),
  )
  .map(([given, more]) => ({ image: image("busybox"), ...given, ...more }));

function anyPod(kind: string, namespace: string): fc.Arbitrary<Data> {
  const volumes = fc
    .dictionary(word, anyVolume(namespace), { maxKeys: 3 })
    .map((given) =>
      Object.fromEntries(
        Object.entries(given).map(([name, volume]) => [
          name,
          { ...volume, mountPath: `/volumes/${name}` },
        ]),
      ),
    );
  const init = fc
    .array(anyInit, { maxLength: 3 })
    .map((list) => list.map((one, at) => ({ ...one, name: `before-${at}` })));
  return fc
    .tuple(
      fc.record({ resources: amounts }),
      some({
        command: fc.array(line, { maxLength: 3 }),
        args: fc.array(line, { maxLength: 3 }),
        env: fc.dictionary(
          variable.map((name) => `E_${name}`),
          line,
          { maxKeys: 3 },
        ),
        files: fc.dictionary(
          word.map((name) => `/etc/app/${name}`),
          line,
          { maxKeys: 3 },
        ),
        secretEnv: fc.dictionary(
          variable.map((name) => `S_${name}`),
          fc.constantFrom(...secretNames),
          { maxKeys: 2 },
        ),
        secretFiles: fc.dictionary(
          word.map((name) => `/etc/keys/${name}`),
          fc.constantFrom(...secretNames),
          { maxKeys: 2 },
        ),
        volumes,
        init,
        probe: anyProbe,
        labels: fc.constant({ "example.com/team": "post" }),
        overrides: anyOverrides(kind, namespace),
      }),
    )
    .map(([given, more]) => ({ kind, namespace, image: image("nginx"), ...given, ...more }));
}

const anyPorts: fc.Arbitrary<Data> = fc
  .uniqueArray(whole(1024, 65_535), { maxLength: 3 })
  .map((ports) => ports.map((port, at) => ({ name: `port-${at}`, port })));

/** A workload as a release states it; sound in a release of `anyRelease`. */
export function anyWorkload({ earlier }: Around = { earlier: [] }): fc.Arbitrary<Data> {
  const shared = { ports: anyPorts, after: fc.subarray([...earlier]) };
  const replicated = {
    ...shared,
    replicas: whole(0, 3),
    antiAffinity: fc.constantFrom("preferred", "none"),
  };
  const claims = fc
    .uniqueArray(word, { maxLength: 2 })
    .map((names) =>
      names.map((name) => ({ name: `c-${name}`, mountPath: `/claims/${name}`, sizeGiB: 1 })),
    );
  const own: Readonly<Record<string, fc.Arbitrary<Data>>> = {
    Deployment: some(replicated),
    StatefulSet: some({ ...replicated, claims }),
    DaemonSet: some({ ...shared, nodes: fc.constantFrom("workers", "all") }),
    Job: some({ after: shared.after, migratesData: fc.boolean() }),
    CronJob: fc.record({ schedule: fc.constantFrom("30 2 * * *", "@daily") }),
  };
  return fc
    .tuple(fc.constantFrom(...Object.keys(own)), fc.constantFrom(restricted, privileged))
    .chain(([kind, namespace]) =>
      fc
        .tuple(anyPod(kind, namespace), own[kind] ?? fc.constant({}))
        .map(([pod, more]) => ({ ...pod, ...more })),
    );
}

/**
 * A release with up to five workloads in two namespaces, one of which is privileged.
 * @param mesh Whether it may also have what only a site with a sidecar mesh can do. Default: no.
 */
export function anyRelease(mesh = false): fc.Arbitrary<Data> {
  const names = fc.uniqueArray(word, { minLength: 1, maxLength: 5 });
  return names
    .chain((list) =>
      fc.tuple(
        ...list.map((name, at) =>
          anyWorkload({ earlier: list.slice(0, at) })
            .chain((workload) => withTraffic(workload, mesh))
            .map((workload) => [name, workload] as const),
        ),
      ),
    )
    .map((workloads) => ({
      release: "2026.11",
      product: "parcels",
      namespaces: {
        [restricted]: {},
        [privileged]: { podSecurity: { level: "privileged", because } },
      },
      secrets: { "ledger-password": { random: { length: 24 } }, "smtp-key": { given: true } },
      volumes: {
        photos: { namespace: restricted, sizeGiB: 5 },
        traces: { namespace: privileged, sizeGiB: 5 },
      },
      workloads: Object.fromEntries(workloads),
    }));
}

/** A site on which every release of `anyRelease` runs. */
export function roomySite(): Data {
  const size = { cpus: 16, memoryGiB: 64 };
  const site = smallSite();
  return {
    ...site,
    hosts: site.hosts.map((host: Data) => ({ ...host, ...size })),
    storage: { kind: "nfs", nfs: { server: "files.example", path: "/export" } },
    hostPaths: ["/srv/parcels"],
    workloads: {},
  };
}

/** Names of the secrets that the stack of `roomySite` holds. */
export const roomySecrets: readonly string[] = ["sshPassword", "smtp-key"];
