import assert from "node:assert/strict";
import { RunError as PulumiRunError } from "@pulumi/pulumi/errors";
import { exitCodes } from "../../cli/exit-codes";
import { formatProblem, ProblemsError, show, siteProblem } from "../../site/problems";
import { RunError } from "../../site/run-error";

describe("A RunError", () => {
  it("is one that Pulumi prints without a stack", () => {
    assert.ok(PulumiRunError.isInstance(new RunError("no")));
  });

  it("ends its message with the next step, once", () => {
    const error = new RunError("the disk is full", { nextStep: "free some", exitCode: 6 });
    assert.equal(error.message, "the disk is full\n  next: free some");
    assert.equal(error.nextStep, "free some");
    assert.equal(error.exitCode, 6);
    assert.equal(new RunError("no").message, "no");
  });

  it("made of problems ends a command with the code for a faulty site", () => {
    assert.equal(new ProblemsError([siteProblem([], "more")], {}).exitCode, exitCodes.site);
  });
});

describe("A problem", () => {
  it("says where, what is needed, what is given, and what to do", () => {
    const problem = siteProblem(["hosts", 3, "address"], "an IPv4 address", '"x"', "write one");
    const place = { file: "Pulumi.a.yaml", root: "sitewright:site", lineOf: () => 31 };
    assert.equal(
      formatProblem(problem, { site: place }),
      'Pulumi.a.yaml:31  sitewright:site.hosts[3].address  needs an IPv4 address; given "x"; next: write one',
    );
    assert.equal(
      formatProblem(problem),
      'hosts[3].address  needs an IPv4 address; given "x"; next: write one',
    );
  });

  it("shows values short, on one line, and without what moves a terminal's cursor", () => {
    assert.equal(show("a\nb\u001b[31m"), '"a\\nb\\u001b[31m"');
    assert.equal(show("a\u009b31m\u202eb"), '"a\\u009b31m\\u202eb"');
    assert.ok(show("x".repeat(1000)).length < 80);
    assert.equal(show([]), "an empty list");
    assert.equal(show({}), "an object");
    assert.equal(show(undefined), "nothing");
  });

  it("beyond the fiftieth is counted, not printed", () => {
    const problems = Array.from({ length: 80 }, (_, at) => siteProblem(["hosts", at], "more"));
    const { message } = new ProblemsError(problems, {});
    assert.match(message, /^80 problems/);
    assert.match(message, /… and 30 more$/);
    assert.equal(message.split("\n").length, 52);
  });
});
