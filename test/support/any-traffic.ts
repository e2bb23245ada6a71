import fc from "fast-check";
import { image } from "./releases";

/** What a generated workload says of those who call it, in plain data as people write it. */

// biome-ignore lint/suspicious/noExplicitAny: what people write is known to the schema alone
type Data = any;

const some = (keys: Readonly<Record<string, fc.Arbitrary<Data>>>): fc.Arbitrary<Data> =>
  fc.record(keys, { requiredKeys: [] });

const hash: fc.Arbitrary<Data> = fc.constantFrom(
  { header: "x-parcel" },
  { cookie: { name: "session", ttlSeconds: 3600 } },
  { source: true },
  { query: "parcel" },
);

const balance: fc.Arbitrary<Data> = fc.oneof(
  fc.record({ class: fc.constant("base") }),
  fc.record({ class: fc.constant("business"), hash }),
  fc.record({ balance: fc.constantFrom("least-request", "round-robin", "random") }),
);

const patience: Readonly<Record<string, fc.Arbitrary<Data>>> = {
  outlier: some({
    errors: fc.integer({ min: 1, max: 20 }),
    ejectionSeconds: fc.integer({ min: 1, max: 300 }),
  }),
  retries: fc.constantFrom("off", { attempts: 1, perTrySeconds: 0.5 }, { on: ["5xx", "reset"] }),
  timeoutSeconds: fc.integer({ min: 120, max: 600 }),
};

/** What proxies beside the Pods do; at sites without a sidecar mesh it is a problem. */
const filters: Readonly<Record<string, fc.Arbitrary<Data>>> = {
  rateLimit: fc.record({
    requests: fc.integer({ min: 1, max: 1000 }),
    perSeconds: fc.integer({ min: 1, max: 60 }),
  }),
  lua: fc.constant({ code: "function envoy_on_request(handle)\n  handle:logInfo('seen')\nend" }),
};

/** A called workload with routes and a traffic policy; `mesh`: also with filters, and a Deployment with a canary. */
export function withTraffic(workload: Data, mesh: boolean): fc.Arbitrary<Data> {
  const called = ["Deployment", "StatefulSet", "DaemonSet"].includes(workload.kind);
  const [first, ...others] = workload.ports ?? [];
  if (!called || first === undefined) return fc.constant(workload);
  const protocol = fc.constantFrom("http", "grpc");
  const traffic = fc
    .tuple(balance, some({ ...patience, ...(mesh ? filters : {}) }))
    .map(([one, more]) => ({ ...one, ...more }));
  const canary = fc.record({
    image: fc.constant(image("next")),
    weight: fc.constantFrom(0, 10, 100),
  });
  const deployment = mesh && workload.kind === "Deployment" && workload.replicas !== 0;
  return fc
    .tuple(protocol, some({ traffic, ...(deployment ? { canary } : {}) }), fc.boolean())
    .map(([name, more, exposed]) => ({
      ...workload,
      ports: [{ ...first, name }, ...others],
      ...(exposed ? { expose: [{ port: name }] } : {}),
      ...more,
    }));
}
