import assert from "node:assert/strict";
import type {
  ResourceValidationArgs,
  ResourceValidationPolicy,
  StackValidationPolicy,
} from "@pulumi/policy";
import { z } from "zod";
import { packPolicies } from "../../../policies/support/pack-policies";
import { type Rule, subjectRule, wholeRule } from "../../../policies/support/rule";
import { stackSettings } from "../../../policies/support/stack-settings";
import { unknownText } from "../../../policies/support/unknown";
import { projectRoot } from "../../../site/load";
import { ProblemsError } from "../../../site/problems";
import { readStackFile } from "../../../site/stack-file";
import { sampleSite } from "../../support/sites";
import { month } from "../support/judging";
import { unknownCheckingProxy } from "../support/pulumi-proxy";

/** Rules as Pulumi's policy server calls them; the journeys have the real engine call them. */

const text = { why: "It is a test.", severity: "high", remedy: "paint it" } as const;

const colours = subjectRule({
  ...text,
  name: "never-blue",
  description: "Nothing is blue.",
  settings: z.strictObject({ bad: z.string().default("blue").describe("A colour.") }),
  *judge({ object }, { settings: { bad }, blueprint }) {
    for (const at of Object.keys(object?.spec ?? {})) {
      if (object?.spec[at] === bad) {
        yield { path: `spec.${at}`, needed: `a colour of ${blueprint.site}`, given: bad };
      }
    }
  },
  mend({ properties }, { settings: { bad } }) {
    const spec = Object.entries(Object(properties.spec)).map(([at, colour]) => [
      at,
      colour === bad ? "red" : colour,
    ]);
    return { ...properties, spec: Object.fromEntries(spec) };
  },
});

const names = wholeRule({
  ...text,
  name: "never-two",
  description: "There are no two things.",
  *judgeAll({ subjects: [, second] }) {
    if (second) yield { about: second, path: "", needed: "to be alone", given: "one of two" };
  },
});

const rules: readonly Rule[] = [colours, names];
const { data } = readStackFile(projectRoot, "site-b");
const secrets = Object.fromEntries(
  sampleSite("site-b").blueprint.secretNames.map((name) => [name, "x"]),
);

const stackConfig = () =>
  new Map([
    ["sitewright:site", JSON.stringify(data)],
    ["sitewright:secrets", JSON.stringify(secrets)],
  ]);

function policies(stated?: unknown, stack = "site-b") {
  const config = stackConfig();
  if (stated !== undefined) config.set("sitewright:policies", JSON.stringify(stated));
  const [one, whole] = packPolicies(
    rules,
    stackSettings(rules, () => ({ stack, config }), month),
  );
  return { one: one as ResourceValidationPolicy, whole: whole as StackValidationPolicy };
}

const thing = (spec: object, urn = "urn:one", metadata: object = {}): ResourceValidationArgs =>
  ({
    type: "kubernetes:test/v1:Thing",
    name: "one",
    urn,
    props: unknownCheckingProxy({
      apiVersion: "test/v1",
      kind: "Thing",
      metadata: { name: "one", ...metadata },
      spec,
    }),
    opts: { protect: false },
    getConfig: () => ({}),
  }) as unknown as ResourceValidationArgs;

function reported(policy: ResourceValidationPolicy, args: ResourceValidationArgs) {
  const messages: string[] = [];
  const judge = policy.validateResource;
  assert.ok(typeof judge === "function");
  judge(args, (message, urn) => messages.push(`${urn} ${message}`));
  return messages;
}

describe("Rules as policies of Pulumi", () => {
  it("report a finding about the resource, with what is needed, given and next", () => {
    assert.deepEqual(reported(policies().one, thing({ wall: "blue", roof: "red" })), [
      "urn:one spec.wall needs a colour of site-b; given blue; next: paint it",
    ]);
  });

  it("report one over everything about the resource that it found", () => {
    const resources = [thing({}), { ...thing({}), urn: "urn:two" }].map((one) => ({
      ...one,
      dependencies: [],
    }));
    const messages: string[] = [];
    policies().whole.validateStack(
      { resources, getConfig: () => ({}) } as unknown as Parameters<
        StackValidationPolicy["validateStack"]
      >[0],
      (message, urn) => messages.push(`${urn} ${message}`),
    );
    assert.deepEqual(messages, ["urn:two needs to be alone; given one of two; next: paint it"]);
  });

  it("ask nothing about the stack itself, which is there even where the site has faults", () => {
    const { one } = policies(undefined, "Not a name");
    assert.deepEqual(reported(one, { ...thing({}), type: "pulumi:pulumi:Stack" }), []);
    assert.throws(() => reported(one, thing({})), /a site needs a name/);
  });

  it("ask nothing about what a run leaves out, of which Pulumi shows no properties", () => {
    const asking = subjectRule({
      ...text,
      name: "never-empty",
      description: "Everything has a colour.",
      *judge({ properties: { colour } }) {
        if (colour === undefined) yield { path: "colour", needed: "one", given: "nothing" };
      },
    });
    const [policy] = packPolicies(
      [asking],
      stackSettings([asking], () => ({ stack: "site-b", config: stackConfig() }), month),
    );
    const shown = (props: object) =>
      reported(policy as ResourceValidationPolicy, {
        ...thing({}),
        props: unknownCheckingProxy(props),
      });
    assert.deepEqual(shown({}), []);
    assert.equal(shown({ size: 1 }).length, 1);
  });

  it("leave to the update what is not known yet, and say so in Pulumi's own way", () => {
    const { one } = policies();
    const messages: string[] = [];
    const judge = one.validateResource;
    assert.ok(typeof judge === "function");
    assert.throws(
      () => judge(thing({ wall: "blue", roof: unknownText }), (message) => messages.push(message)),
      { message: "string value at .spec.roof can't be known during preview" },
    );
    assert.equal(messages.length, 1, "what was found before stays found");
  });

  it("tell Pulumi of settings without their defaults, which it would put before the site's own", () => {
    const { properties } = policies().one.configSchema ?? {};
    assert.deepEqual(properties, { bad: { description: "A colour.", type: "string" } });
  });

  it("tell Pulumi no patterns, which it reads by other rules than ours", () => {
    const shaped = z.strictObject({
      paths: z.record(z.string().regex(/^(?=.)/), z.array(z.string().regex(/^(?!a)/))).default({}),
    });
    const [policy] = packPolicies(
      [{ ...colours, settings: shaped }],
      stackSettings(rules, () => ({ stack: "site-b", config: stackConfig() }), month),
    );
    assert.doesNotMatch(JSON.stringify(policy?.configSchema), /pattern|\(\?/);
  });

  it("are as strict as the site says, which the stack tells after the pack is made", () => {
    assert.equal(policies().one.enforcementLevel, "mandatory");
    const { one, whole } = policies({
      enforcement: "advisory",
      rules: { "never-blue": { enforcement: "remediate" } },
    });
    assert.deepEqual([one.enforcementLevel, whole.enforcementLevel], ["remediate", "advisory"]);
  });

  it("tell of faults in what the site says without a trace of calls", () => {
    assert.throws(
      () => policies({ rules: { "never-blu": {} } }).one.enforcementLevel,
      (error: unknown) =>
        error instanceof ProblemsError &&
        error.stack === error.message &&
        /never-blue/.test(error.message),
    );
  });

  it("take settings from the site, and those of --policy-pack-config before them", () => {
    const { one } = policies({ rules: { "never-blue": { settings: { bad: "red" } } } });
    assert.equal(reported(one, thing({ wall: "blue", roof: "red" })).length, 1);
    const other = policies({ rules: { "never-blue": { settings: { bad: "red" } } } }).one;
    const config = { ...thing({ wall: "green" }), getConfig: <T>() => ({ bad: "green" }) as T };
    assert.equal(reported(other, config).length, 1);
    assert.deepEqual(Object.keys(one.configSchema?.properties ?? {}), ["bad"]);
  });

  it("mend what they can, and pass on what is not known yet", () => {
    const mended = policies().one.remediateResource?.(thing({ wall: "blue", roof: unknownText }));
    assert.deepEqual(mended, {
      apiVersion: "test/v1",
      kind: "Thing",
      metadata: { name: "one" },
      spec: { wall: "red", roof: unknownText },
    });
  });

  it("leave alone what is let off, as long as it is", () => {
    const until = (last: string) => ({
      annotations: { "policy.sitewright.io/never-blue": `until ${last}: the painters are away` },
    });
    const mended = (last: string) =>
      policies().one.remediateResource?.(thing({ wall: "blue" }, "urn:one", until(last)));
    assert.equal(mended("2027-01"), undefined);
    assert.notEqual(mended("2026-10"), undefined);
  });

  it("mend one thing at a time for a rule over everything too", () => {
    const mending = { ...names, mend: () => ({ mended: true }) };
    const [policy] = packPolicies(
      [mending],
      stackSettings([mending], () => ({ stack: "site-b", config: stackConfig() }), month),
    );
    const { remediateResource } = policy as ResourceValidationPolicy;
    assert.deepEqual(remediateResource?.(thing({})), { mended: true });
    assert.ok(!("remediateResource" in policies().whole), "and for no other");
  });
});
