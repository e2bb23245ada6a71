import assert from "node:assert/strict";
import fc from "fast-check";
import { secretLiterals } from "../../policies/secret-literals";
import {
  judged,
  objectSubject,
  patchSubject,
  type Setting,
  unknown,
  violations,
} from "./support/judging";
import { container, deployment, inContainer } from "./support/sample-objects";
import { siteSubjects } from "./support/site-subjects";

// biome-ignore lint/suspicious/noExplicitAny: tests spoil objects in ways that no type allows
type AnyObject = any;

/** Values of the stack's secrets in these tests; the key is made up. */
const password = "Corr3ct-Horse";
const key = [
  "-----BEGIN PRIVATE KEY-----",
  "MC4CAQAwBQYDK2VwBCIEIEphbmUgRG9lIGlzIG5vdCBhIHNlY3JldCBub3cu",
  "-----END PRIVATE KEY-----",
].join("\n");
const certificate = key.replaceAll("PRIVATE KEY", "CERTIFICATE").replace("MC4C", "MIIB");
const secretValues = [password, `${certificate}\n${key}`, certificate, "winter", "abc"];

const found = (object: AnyObject, setting: Setting = {}) =>
  violations(secretLiterals, [objectSubject(object)], { secretValues, ...setting });

const withEnv = (...env: readonly unknown[]) =>
  deployment(inContainer((made) => Object.assign(made, { env })));

const withArgs = (...args: readonly unknown[]) =>
  deployment(inContainer((made) => Object.assign(made, { args })));

const config = (data: AnyObject, more: AnyObject = {}) => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "settings", namespace: "parcels" },
  data,
  ...more,
});

/** How a file of settings names a variable. */
const variable = (name: string) => `$\{${name}}`;

const first = "Deployment parcels/web: spec.template.spec.containers[0]";

describe("secret-literals", () => {
  for (const [title, object] of [
    ["variables that come from Secrets", withEnv({ name: "DB_PASSWORD", valueFrom: {} })],
    ["names of files", withEnv({ name: "DB_PASSWORD_FILE", value: "/run/secrets/db" })],
    ["paths under names of secrets", withEnv({ name: "API_TOKEN", value: "/run/secrets/token" })],
    ["variables of variables", withEnv({ name: "DB_PASSWORD", value: "$(OTHER)" })],
    ["settings that sound alike", withEnv({ name: "TOKEN_TTL", value: "300s" })],
    ["numbers of tokens", withEnv({ name: "MAX_TOKENS", value: "4096" })],
    ["switches", withEnv({ name: "REQUIRE_PASSWORD", value: "true" })],
    ["names of Secrets", withEnv({ name: "SECRET_NAME", value: "db" })],
    ["addresses without a password", withEnv({ name: "QUEUE", value: "amqp://app@queue:5672" })],
    [
      "addresses with a variable for it",
      withEnv({ name: "QUEUE", value: "amqp://app:$(PASSWORD)@queue" }),
    ],
    ["options with files", withArgs("--password-file=/run/secrets/db", "--token", "/run/token")],
    [
      "options with variables",
      withArgs("--password", "$(PASSWORD)", `--token=${variable("TOKEN")}`),
    ],
    ["scripts that read", withArgs("-c", 'password=$(cat /run/db); token="$1"')],
    ["scripts that compare", withArgs("-c", 'if [ "$db_secret" == "" ]; then token=`cat /t`; fi')],
    ["names of keys of Secrets", withArgs("-token-secret-name=db", "-token-secret-key=token")],
    [
      "files of settings",
      config({
        "app.yaml": `database:\n  password: ${variable("PASSWORD")}\n  passwordFile: /run/db\n  host: db\n`,
        "app.properties": "db.password=\ntoken.ttl=300\n",
        "page.lua": "local token = request.token\n",
        run: "#!/bin/sh\ntoken=abc123def\n",
        secretName: "db",
      }),
    ],
    ["public certificates", config({ "ca.crt": certificate })],
    ["short words that are secrets too", config({ text: "abc, and winter is coming" })],
    [
      "a Secret's own values",
      { ...config({ password }), kind: "Secret", stringData: { "tls.key": key } },
    ],
  ] as const) {
    it(`lets ${title} through`, () => assert.deepEqual(found(object), []));
  }

  for (const [title, object, path, expected] of [
    [
      "a password in a variable",
      withEnv({ name: "TZ", value: "Etc/UTC" }, { name: "DB_PASSWORD", value: "hunter2" }),
      `${first}.env[1].value`,
      /a literal for DB_PASSWORD/,
    ],
    [
      "an access key in a variable",
      withEnv({ name: "AWS_SECRET_ACCESS_KEY", value: "wJalrXUtnFEMI" }),
      `${first}.env[0].value`,
      /a literal for AWS_SECRET_ACCESS_KEY/,
    ],
    [
      "a client's secret in a variable",
      withEnv({ name: "CLIENT_SECRET", value: "wJalrXUtnFEMI" }),
      `${first}.env[0].value`,
      /a literal for CLIENT_SECRET/,
    ],
    [
      "a value of the stack's secrets under any name",
      withEnv({ name: "GREETING", value: `hello ${password}!` }),
      `${first}.env[0].value`,
      /a value of the stack's secrets/,
    ],
    [
      "a weak one where nothing else stands",
      withEnv({ name: "SEASON", value: "winter" }),
      `${first}.env[0].value`,
      /a value of the stack's secrets/,
    ],
    [
      "one in base64",
      withArgs(`--header=${Buffer.from(password).toString("base64")}`),
      `${first}.args[0]`,
      /a value of the stack's secrets/,
    ],
    [
      "a password in an address",
      withEnv({ name: "QUEUE", value: "amqp://app:hunter2@queue:5672" }),
      `${first}.env[0].value`,
      /a password within an address/,
    ],
    ["an option with a password", withArgs("--password=hunter2"), `${first}.args[0]`, /password/],
    [
      "an option with a password behind it",
      withArgs("-v", "--db-password", "hunter2"),
      `${first}.args[2]`,
      /a literal for db-password/,
    ],
    [
      "a script that states one",
      deployment(
        inContainer((made) => {
          made.command = ["sh", "-c", "export API_TOKEN=hunter22; exec web"];
        }),
      ),
      `${first}.command[2]`,
      /a literal for API_TOKEN/,
    ],
    [
      "a key of a ConfigMap",
      config({ DB_PASSWORD: "hunter2" }),
      "ConfigMap parcels/settings: data.DB_PASSWORD",
      /a literal for DB_PASSWORD/,
    ],
    [
      "a line of a file in a ConfigMap",
      config({ "app.yaml": "database:\n  host: db\n  password: hunter2\n" }),
      "ConfigMap parcels/settings: data.app.yaml",
      /a literal for password in line 3/,
    ],
    [
      "a line of JSON",
      config({ "app.json": JSON.stringify({ db: { apiKey: "hunter2" } }) }),
      "ConfigMap parcels/settings: data.app.json",
      /a literal for apiKey/,
    ],
    [
      "a private key in a ConfigMap",
      config({ "server.pem": key.replace("PRIVATE", "RSA PRIVATE").replace("Jane", "John") }),
      "ConfigMap parcels/settings: data.server.pem",
      /a private key|a value of the stack's secrets/,
    ],
    [
      "a key of the stack's whose lines are joined",
      config({ "app.json": JSON.stringify({ it: key }) }),
      "ConfigMap parcels/settings: data.app.json",
      /a value of the stack's secrets/,
    ],
    [
      "one in a custom resource",
      {
        apiVersion: "monitoring.coreos.com/v1alpha1",
        kind: "ScrapeConfig",
        metadata: { name: "belts" },
        spec: { headers: [{ value: password }] },
      },
      "ScrapeConfig belts: spec.headers[0].value",
      /a value of the stack's secrets/,
    ],
    [
      "what kubectl noted of a Secret",
      {
        ...config({}),
        kind: "Secret",
        metadata: { name: "db", annotations: { last: JSON.stringify({ data: { password } }) } },
      },
      "Secret db: metadata.annotations.last",
      /a value of the stack's secrets/,
    ],
  ] as const) {
    it(`refuses ${title}`, () => {
      const [violation = "", ...others] = found(object);
      assert.ok(violation.startsWith(`${path} needs no secret; given `), violation);
      assert.match(violation, expected);
      assert.deepEqual(others, []);
    });
  }

  it("knows a private key by itself", () => {
    const text = config({ "server.pem": key });
    assert.match(found(text, { secretValues: [] }).join(""), /given a private key/);
  });

  it("looks at init containers and CronJobs too", () => {
    const bad = container((made) => {
      made.env = [{ name: "DB_PASSWORD", value: "hunter2" }];
    });
    const spec = { initContainers: [bad], containers: [bad] };
    const jobTemplate = { spec: { template: { spec } } };
    const job = {
      apiVersion: "batch/v1",
      kind: "CronJob",
      metadata: { name: "nightly" },
      spec: { jobTemplate },
    };
    assert.equal(found(job).length, 2);
  });

  it("refuses values in files, which stand in somebody's repository", () => {
    const secret = { ...config({ password: "aHVudGVyMg==" }), kind: "Secret" };
    const [violation = "", ...others] = found(secret, { source: "manifests" });
    assert.match(violation, /data needs no values, since .*; given password;/);
    assert.deepEqual(others, []);
    assert.deepEqual(found({ ...secret, data: { password: "" } }, { source: "manifests" }), []);
    assert.deepEqual(found({ ...secret, data: undefined }, { source: "manifests" }), []);
  });

  it("lets names through that the site says are harmless, whatever stands there but secrets", () => {
    const settings = { harmless: ["CSRF_TOKEN"] };
    const named = (value: string) => withEnv({ name: "CSRF_TOKEN", value });
    assert.deepEqual(found(named("header"), { settings }), []);
    assert.equal(found(named("header")).length, 1);
    assert.equal(found(named(password), { settings }).length, 1);
  });

  it("never says the secret itself", () => {
    const texts = fc.constantFrom<(value: string) => AnyObject>(
      (value) => withEnv({ name: "DB_PASSWORD", value }),
      (value) => withArgs(`--password=${value}`, "--token", value),
      (value) => config({ "app.yaml": `password: ${value}\n`, DB_PASSWORD: value }),
      (value) => config({ "app.yaml": `queue: amqp://app:${value}@queue\n` }),
    );
    const secret = fc.stringMatching(/^[A-Z][a-zA-Z0-9]{5,20}[A-Z]{4}$/);
    fc.assert(
      fc.property(texts, secret, fc.boolean(), (make, value, known) => {
        const said = found(make(value), { secretValues: known ? [value] : [] });
        assert.notDeepEqual(said, []);
        assert.ok(!said.join("\n").includes(value), said.join("\n"));
      }),
    );
  });

  it("looks at what a patch sets", () => {
    const patch = patchSubject(config({ DB_PASSWORD: "hunter2" }));
    assert.equal(violations(secretLiterals, [patch]).length, 1);
  });

  it("goes on without values that are not known yet", () => {
    const subjects = [
      withEnv({ name: "DB_PASSWORD", value: unknown }, { name: "API_TOKEN", value: "hunter2" }),
      config({ other: unknown, DB_PASSWORD: "hunter2" }),
      config(unknown),
    ].map((object) => objectSubject(object));
    const { findings, undecided } = judged(secretLiterals, subjects, { secretValues });
    assert.equal(findings.length, 2);
    assert.deepEqual(undecided, []);
  });

  it("finds nothing in all of the sample sites, whose secrets are known", async () => {
    for (const name of ["site-a", "site-b"] as const) {
      const { subjects, blueprint } = await siteSubjects(name);
      const values = blueprint.secretNames.map((one) => `https://Sample-1.test/${one}`);
      assert.deepEqual(
        violations(secretLiterals, subjects, { blueprint, secretValues: values }),
        [],
      );
    }
  }).timeout(60_000);

  it("is not held up by long texts, whatever they are made of", () => {
    for (const piece of ["a", "-", "password", "a:", "a://", "token=", "x.y-", "-----BEGIN A "]) {
      const text = `${piece.repeat(Math.ceil(400_000 / piece.length))}@`;
      const begin = performance.now();
      found(config({ text, "app.yaml": `${text}\n${text}` }));
      found(withEnv({ name: "TEXT", value: text }, { name: text, value: "x1" }));
      assert.ok(performance.now() - begin < 2000, piece);
    }
  });

  it("does not fail on any object", () => {
    const anything = fc.anything({ maxDepth: 4 });
    fc.assert(
      fc.property(anything, anything, (one, other) => {
        found(deployment((object) => Object.assign(object, { spec: one })));
        found(withEnv(one, { name: one, value: other }));
        found(withArgs(one, other));
        found(config(one, { binaryData: other }));
      }),
    );
  });
});
