import assert from "node:assert/strict";
import fc from "fast-check";
import { commandSecrets } from "../../policies/command-secrets";
import { subject } from "../../policies/support/subject";
import { checked } from "../../policies/support/unknown";
import { judged, type Setting, unknown, violations } from "./support/judging";
import { siteSubjects } from "./support/site-subjects";

const password = "Corr3ct-Horse";

const made = (properties: object, type = "command:local:Command") =>
  subject({ id: "urn:step", type, name: "step", properties: checked({ ...properties }) });

/** A step as the components make it, with something else in it. */
const step = (more: object = {}) => ({
  create: "./sitewright step prepare",
  environment: {
    SITEWRIGHT_REQUEST: JSON.stringify({ login: { user: "root", passwordSecret: "sshPassword" } }),
  },
  stdin: JSON.stringify({ sshPassword: password }),
  logging: "stderr",
  addPreviousOutputInEnv: false,
  ...more,
});

const remote = (more: object = {}) => ({
  ...step({ environment: undefined }),
  create: "sudo -n sh -s gate",
  connection: { host: "192.0.2.1", password, privateKey: `${password}\n` },
  triggers: ["192.0.2.1"],
  ...more,
});

const found = (properties: object, type?: string, setting: Setting = {}) =>
  violations(commandSecrets, [made(properties, type)], { secretValues: [password], ...setting });

const remoteType = "command:remote:Command";

describe("command-secrets", () => {
  it("lets steps through that get their secrets on standard input, and logins", () => {
    assert.deepEqual(found(step()), []);
    assert.deepEqual(found(remote(), remoteType), []);
    assert.deepEqual(found(step({ logging: "none" })), []);
  });

  for (const [title, properties, path, expected] of [
    [
      "a value of the stack's secrets in a command",
      step({ create: `echo ${password}` }),
      "create",
      /a value of the stack's secrets/,
    ],
    [
      "one that is told as an option",
      step({ update: "x --password=hunter2" }),
      "update",
      /for pas/,
    ],
    ["one of a variable in a script", step({ delete: "TOKEN=hunter2 x" }), "delete", /for TOKEN/],
    [
      "one in the environment, by its name",
      step({ environment: { DB_PASSWORD: "hunter2" } }),
      "environment.DB_PASSWORD",
      /a literal for DB_PASSWORD/,
    ],
    [
      "one in the environment, by its value",
      step({ environment: { GREETING: password } }),
      "environment.GREETING",
      /a value of the stack's secrets/,
    ],
    [
      "one in a step's request",
      step({ environment: { SITEWRIGHT_REQUEST: JSON.stringify({ login: { password: "h2" } }) } }),
      "environment.SITEWRIGHT_REQUEST",
      /a literal for password/,
    ],
    [
      "one that a step runs again by",
      step({ triggers: ["x", password] }),
      "triggers[1]",
      /a value of the stack's secrets/,
    ],
    [
      "one of the program that runs it",
      step({ interpreter: ["sshpass", "-p", password] }),
      "interpreter[2]",
      /a value of the stack's secrets/,
    ],
    [
      "one in an address",
      step({ create: "curl https://admin:hunter2@registry/v2/" }),
      "create",
      /a password within an address/,
    ],
    [
      "what it gives back in the next one's environment",
      step({ addPreviousOutputInEnv: true }),
      "addPreviousOutputInEnv",
      /given true; next: set/,
    ],
    [
      "nothing said of that",
      step({ addPreviousOutputInEnv: undefined }),
      "addPreviousOutputInEnv",
      /needs false, .*given nothing/,
    ],
    ["what it gives back on the screen", step({ logging: "stdout" }), "logging", /given stdout/],
    ["nothing said of what is shown", step({ logging: undefined }), "logging", /given nothing/],
  ] as const) {
    it(`refuses ${title}`, () => {
      for (const [type, own] of [
        ["command:local:Command", properties],
        [remoteType, { ...properties, connection: { password } }],
      ] as const) {
        const [violation = "", ...others] = found(own, type);
        assert.ok(violation.startsWith(`${type} step: ${path} needs `), violation);
        assert.match(violation, expected);
        assert.ok(!violation.includes(password) && !violation.includes("hunter2"), violation);
        assert.deepEqual(others, []);
      }
    });
  }

  it("looks at further resources of commands, and at programs of ours that run within Pulumi", () => {
    const copy = { ...step({ source: password }) };
    assert.match(found(copy, "command:remote:CopyToRemote").join(""), /source needs no secret/);
    const harbor = { request: { site: "a" }, secrets: { password }, __provider: `"${password}"` };
    const type = "pulumi-nodejs:dynamic/registry:Harbor";
    assert.deepEqual(found(harbor, type), []);
    const bad = { ...harbor, configuration: { projects: [{ password: "hunter2" }] } };
    assert.match(found(bad, type).join(""), /configuration\.projects\[0\]\.password needs no sec/);
  });

  it("leaves resources alone that are no commands", () => {
    assert.deepEqual(
      found(step({ create: password }), "random:index/randomPassword:RandomPassword"),
      [],
    );
  });

  it("goes on without values that are not known yet", () => {
    const own = step({ triggers: [unknown, password], logging: unknown, create: unknown });
    const { findings, undecided } = judged(commandSecrets, [made(own)], {
      secretValues: [password],
    });
    assert.deepEqual(
      findings.map(({ path }) => path),
      ["triggers[1]"],
    );
    assert.deepEqual(undecided, []);
  });

  it("finds nothing in the steps of the sample sites, whose secrets are known", async () => {
    for (const name of ["site-a", "site-b"] as const) {
      const { subjects, blueprint } = await siteSubjects(name);
      const secretValues = blueprint.secretNames.map((one) => `https://Sample-1.test/${one}`);
      assert.deepEqual(violations(commandSecrets, subjects, { blueprint, secretValues }), []);
    }
  }).timeout(60_000);

  it("does not fail on any properties", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.anything()), fc.anything(), (one, other) => {
        found(one);
        found({ ...step(), environment: other, triggers: other, logging: other });
      }),
    );
  });
});
