import { strict as assert } from "node:assert";
import { preflightExitCode, preflightJson, preflightText } from "../../cli/preflight/report";
import type { Finding } from "../../components/hosts/findings";
import { SshError } from "../../ssh/ssh-error";

function finding(host: string, id: string, ok: boolean, severity: Finding["severity"]): Finding {
  return {
    host,
    id,
    title: `Title of ${id}`,
    severity,
    ok,
    needed: "at least 4",
    given: "2\u001b[2J",
    remedy: "more",
  };
}

const problem = new SshError(
  "refused",
  "c (192.0.2.3)",
  "c (192.0.2.3) refused the connection",
  "look",
);
const a = {
  name: "a",
  address: "192.0.2.1",
  findings: [finding("a", "swap", false, "warning"), finding("a", "cpus", false, "blocking")],
};
const b = {
  name: "b",
  address: "192.0.2.2",
  findings: [finding("b", "cpus", false, "blocking"), finding("b", "arch", true, "blocking")],
};
const c = { name: "c", address: "192.0.2.3", findings: [], problem };
const plain = (_: string, text: string) => text;

describe("the preflight report", () => {
  it("names each unmet check once, with its hosts, what blocks first", () => {
    assert.equal(
      preflightText([a, b, c], plain, 80),
      `blocking  Title of cpus
  host  needed      given
  a     at least 4  2 [2J
  b     at least 4  2 [2J
  next: more

warning  Title of swap
  host  needed      given
  a     at least 4  2 [2J
  next: more

c (192.0.2.3) refused the connection
  next: look

2 of 3 hosts looked at, 2 blocking, 1 warning`,
    );
  });

  it("ends with 6 when a host is missing from the picture, 4 when something blocks, else 0", () => {
    const fine = { ...b, findings: b.findings.slice(1) };
    const warned = { ...a, findings: a.findings.slice(0, 1) };
    assert.equal(preflightExitCode([a, b, c]), 6);
    assert.equal(preflightExitCode([a, fine]), 4);
    assert.equal(preflightExitCode([warned, fine]), 0);
  });

  it("tells another program everything, in order too", () => {
    const { ok, exitCode, hosts } = JSON.parse(preflightJson("site-a", [a, c]));
    assert.deepEqual([ok, exitCode], [false, 6]);
    assert.deepEqual(
      hosts[0].findings.map(({ id }: Finding) => id),
      ["cpus", "swap"],
    );
    assert.deepEqual(hosts[1].problem, { kind: "refused", message: problem.message });
  });
});
