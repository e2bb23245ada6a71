import assert from "node:assert/strict";
import { exitCodes } from "../../cli/exit-codes";
import { kubeconfig } from "../../cli/step/kubeconfig";
import { waitReady } from "../../cli/step/node-readiness";
import { StepContext } from "../../cli/step/step-context";
import type { StepRequest } from "../../components/support/step-request";
import { RunError } from "../../site/run-error";
import { writeFile } from "../../ssh/work-dir";
import { program } from "./support/programs";
import { PASSWORD, type RealSshd, startSshd } from "./support/real-sshd";
import { onHost } from "./support/remote-work";

/** A port of loopback on which nobody listens. */
const DEAD_PORT = 23497;

/** What kk leaves behind, for an API server that never comes up. */
const adminConf = JSON.stringify({
  apiVersion: "v1",
  kind: "Config",
  clusters: [
    {
      name: "c",
      cluster: { server: `https://127.0.0.1:${DEAD_PORT}`, "certificate-authority-data": "" },
    },
  ],
  users: [
    { name: "u", user: { "client-certificate-data": "", "client-key-data": "", token: "t" } },
  ],
  contexts: [{ name: "x", context: { cluster: "c", user: "u" } }],
  "current-context": "x",
});

/** Steps that ask the cluster, on a host whose API server stays silent; with the real kubectl. */
describe("steps when the API server does not come up", function () {
  this.timeout(60_000);
  let sshd: RealSshd;
  let step: StepContext;
  const said: string[] = [];

  before(async () => {
    sshd = await startSshd(23414, program("controlplane"));
    await onHost(sshd, async (c) => {
      await c.run("make the folder", "mkdir -p /etc/kubernetes", { sudo: true });
      await writeFile(c, "/etc/kubernetes/admin.conf", adminConf, 0o600);
    });
    const login = { user: "deploy", port: sshd.port, sudo: "password", passwordSecret: "ssh" };
    const request = {
      site: "site-t",
      hosts: { cp: { address: "127.0.0.1", arch: "amd64", login, keys: sshd.hostKeys } },
      installer: "cp",
      workDir: "/var/lib/sitewright/site-t",
      kubekey: "v3.1.12",
      api: {
        name: "site-t",
        endpoint: { domain: "api.site-t.test", address: "127.0.0.1", port: DEAD_PORT },
        from: "cp",
      },
    } as unknown as StepRequest;
    step = new StepContext({
      request,
      secrets: { ssh: PASSWORD },
      say: (line) => said.push(line),
      env: {},
      root: "/",
    });
  });

  beforeEach(() => {
    said.length = 0;
  });

  after(() => {
    step?.close();
    sshd?.stop();
  });

  async function failure(work: Promise<unknown>): Promise<RunError> {
    const error = await work.then(
      () => assert.fail("it should have failed"),
      (caught) => caught,
    );
    assert.ok(error instanceof RunError, String(error?.stack ?? error));
    assert.equal(error.exitCode, exitCodes.remote);
    return error;
  }

  it("say after kk's end that it is the API server, not the nodes, that is missing", async () => {
    const { message } = await failure(
      waitReady(step, "cp", { names: ["cp"], kubernetes: "v1.34.2" }, 2),
    );
    assert.match(message, /after 2 s the API server of cp does not answer.*refused/);
    assert.match(message, /\n {2}next: look on cp at crictl ps -a, journalctl -u kubelet/);
    assert.equal(said.length, new Set(said).size, "each reason is told once");
  });

  it("give no kubeconfig that does not work, and say where the server should be", async () => {
    const { message } = await failure(kubeconfig(step, 2));
    assert.match(message, /does not answer at 127\.0\.0\.1:23497 after 2 s: .*refused/);
    assert.match(message, /\n {2}next: look on cp at crictl ps -a and journalctl -u kubelet/);
    assert.equal(said.length, 1, said.join("\n"));
  });

  it("name an admin.conf that is only half there, without showing it", async () => {
    await onHost(sshd, (c) =>
      writeFile(c, "/etc/kubernetes/admin.conf", adminConf.slice(0, 60), 0o600),
    );
    const { message } = await failure(kubeconfig(step, 2));
    assert.match(
      message,
      /admin\.conf on the first control plane is no whole kubeconfig\n {2}next: /,
    );
    assert.doesNotMatch(message, /apiVersion|clusters/);
  });
});
