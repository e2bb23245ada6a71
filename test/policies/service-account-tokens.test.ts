import assert from "node:assert/strict";
import fc from "fast-check";
import { serviceAccountTokens } from "../../policies/service-account-tokens";
import {
  contextFor,
  judged,
  objectSubject,
  patchSubject,
  siteA,
  unknown,
  violations,
} from "./support/judging";
import { deployment } from "./support/sample-objects";

// biome-ignore lint/suspicious/noExplicitAny: tests spoil objects in ways that no type allows
type AnyObject = any;

const found = (objects: readonly AnyObject[], settings: AnyObject = {}) =>
  violations(
    serviceAccountTokens,
    objects.map((object) => objectSubject(object)),
    { settings },
  );

/** Pods that say of their token and account what `spec` says, and otherwise nothing. */
const pods = (spec: AnyObject = {}) =>
  deployment((object) => {
    const own = object.spec.template.spec;
    delete own.automountServiceAccountToken;
    Object.assign(own, spec);
  });

const asAccount = { serviceAccountName: "reader" };

const binding = (name = "reader", more: AnyObject = {}) => ({
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "RoleBinding",
  metadata: { name: "reads", namespace: "parcels" },
  roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" },
  subjects: [{ kind: "ServiceAccount", name, namespace: "parcels" }],
  ...more,
});

const account = (more: AnyObject = {}) => ({
  apiVersion: "v1",
  kind: "ServiceAccount",
  metadata: { name: "reader", namespace: "parcels" },
  ...more,
});

const path = "Deployment parcels/web: spec.template.spec.automountServiceAccountToken";

describe("service-account-tokens", () => {
  it("lets Pods through that get no token", () => {
    assert.deepEqual(found([deployment()]), []);
    const silent = account({ automountServiceAccountToken: false });
    assert.deepEqual(found([pods(asAccount), silent]), []);
  });

  it("lets Pods through whose own account has rights", () => {
    assert.deepEqual(found([pods(asAccount), account(), binding()]), []);
    const everywhere = binding("reader", {
      kind: "ClusterRoleBinding",
      metadata: { name: "reads" },
    });
    assert.deepEqual(found([everywhere, pods(asAccount)]), []);
    const unplaced = binding("reader", { subjects: [{ kind: "ServiceAccount", name: "reader" }] });
    assert.deepEqual(found([pods(asAccount), unplaced]), []);
  });

  for (const [title, objects, expected] of [
    ["the account that all share, unsaid", [pods()], /all Pods of its namespace share; given no/],
    [
      "the account that all share, by name",
      [pods({ serviceAccountName: "default" })],
      /all Pods of its namespace share; given no/,
    ],
    [
      "a token that is asked for without rights",
      [pods({ ...asAccount, automountServiceAccountToken: true })],
      /account reader has no rights in this stack; given true/,
    ],
    ["an account without rights", [pods(asAccount), account()], /reader has no rights/],
    [
      "an account with rights by its older name of the field alone",
      [pods({ serviceAccount: "writer" }), binding()],
      /account writer has no rights/,
    ],
    [
      "an account of that name elsewhere",
      [
        pods(asAccount),
        binding("reader", {
          subjects: [{ kind: "ServiceAccount", name: "reader", namespace: "tools" }],
        }),
      ],
      /no rights/,
    ],
    [
      "a person of that name",
      [pods(asAccount), binding("reader", { subjects: [{ kind: "User", name: "reader" }] })],
      /no rights/,
    ],
    [
      "a token that its account would not give",
      [
        pods({ ...asAccount, automountServiceAccountToken: true }),
        account({ automountServiceAccountToken: false }),
      ],
      /given true/,
    ],
  ] as const) {
    it(`refuses ${title}`, () => {
      const [violation = "", ...others] = found(objects);
      assert.ok(violation.startsWith(`${path} needs false`), violation);
      assert.match(violation, expected);
      assert.deepEqual(others, []);
    });
  }

  it("refuses rights of the account that all share, which free no Pod either", () => {
    const [first = "", second = "", ...others] = found([pods(), binding("default")]);
    assert.match(
      first,
      /^RoleBinding parcels\/reads: subjects\[0\]\.name needs an account of just/,
    );
    assert.ok(second.startsWith(path));
    assert.deepEqual(others, []);
  });

  it("looks at CronJobs too", () => {
    const { spec } = pods();
    const metadata = { name: "nightly", namespace: "parcels" };
    const jobTemplate = { spec: { template: spec.template } };
    const job = { apiVersion: "batch/v1", kind: "CronJob", metadata, spec: { jobTemplate } };
    assert.match(found([job]).join(""), /spec\.jobTemplate\.spec\.template\.spec\.automount/);
  });

  it("lets a workload of the release have one where the release says that it calls the API", () => {
    const blueprint = structuredClone(siteA());
    const [workload] = blueprint.workloads.filter(({ kind }) => kind === "Deployment");
    assert.ok(workload);
    const { name, namespace } = workload;
    const own = pods({ serviceAccountName: name });
    own.metadata = { name, namespace };
    const faults = () =>
      judged(serviceAccountTokens, [objectSubject(own)], { blueprint }).findings.length;
    assert.equal(faults(), 1);
    Object.assign(workload.settings, { serviceAccountToken: true });
    assert.equal(faults(), 0);
  });

  it("lets accounts through that the site says get their rights elsewhere", () => {
    assert.deepEqual(found([pods(asAccount)], { also: ["parcels/reader"] }), []);
    assert.equal(found([pods(asAccount)], { also: ["tools/reader"] }).length, 1);
  });

  it("asks patches for nothing, nor Pods of which nothing can be seen", () => {
    assert.deepEqual(violations(serviceAccountTokens, [patchSubject(pods())]), []);
    const sealed = deployment((object) => Object.assign(object, { spec: { ciphertext: "v1:…" } }));
    assert.deepEqual(found([sealed]), []);
  });

  it("judges all others where one account is not known yet, and says so", () => {
    const subjects = [
      pods({ serviceAccountName: unknown }),
      pods({ ...asAccount, automountServiceAccountToken: true }),
    ].map((object) => objectSubject(object));
    const { findings, undecided } = judged(serviceAccountTokens, subjects);
    assert.deepEqual(
      findings.map(({ about }) => about),
      [subjects[1]],
    );
    assert.equal(undecided[0]?.path.join("."), "spec.template.spec.serviceAccountName");
  });

  it("does not fail on any objects", () => {
    const anything = fc.anything({ maxDepth: 4 });
    fc.assert(
      fc.property(anything, anything, (one, other) => {
        found([
          deployment((object) => Object.assign(object, { spec: one })),
          pods({ serviceAccountName: one, automountServiceAccountToken: other }),
          binding("reader", { subjects: one }),
          binding("reader", { subjects: [other, { kind: "ServiceAccount", name: one }] }),
          account({ automountServiceAccountToken: one }),
        ]);
      }),
    );
  });
});

describe("service-account-tokens, where it mends", () => {
  const mended = (object: AnyObject, make = objectSubject) =>
    serviceAccountTokens.mend?.(make(object), contextFor(serviceAccountTokens));

  it("takes the token of the account that all share from any Pods, and changes nothing else", () => {
    const given = pods({ automountServiceAccountToken: true });
    const before = structuredClone(given);
    assert.deepEqual(mended(given), pods({ automountServiceAccountToken: false }));
    assert.deepEqual(given, before);
    const alone = { apiVersion: "v1", kind: "Pod", metadata: {}, spec: { containers: [{}] } };
    assert.deepEqual(mended(alone)?.spec, {
      containers: [{}],
      automountServiceAccountToken: false,
    });
  });

  it("gives what the rule lets through", () => {
    const made = mended(pods());
    assert.ok(made);
    assert.deepEqual(found([made]), []);
  });

  it("leaves alone what has none, and whose account may have rights", () => {
    assert.equal(mended(deployment()), undefined);
    assert.equal(mended(pods(asAccount)), undefined);
    assert.equal(mended(pods(), patchSubject), undefined);
    assert.equal(mended(binding()), undefined);
  });

  it("leaves alone what is a secret as a whole", () => {
    const sealed = deployment((object) => Object.assign(object, { spec: { value: "sealed" } }));
    assert.equal(mended(sealed), undefined);
  });
});
