import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { type KubeconfigOptions, kubeconfig } from "../../cli/kubeconfig";
import { roleKubeconfig } from "../../cli/kubeconfig/role-kubeconfig";
import { main } from "../../cli/main";
import { projectRoot } from "../../site/load";

const io = { stdout: { write: () => {} }, stderr: { write: () => {} }, env: {}, root: projectRoot };
const options: KubeconfigOptions = { workspace: "sorting", role: "viewer", hours: 8 };

/** What the command refuses before it reaches for any host or secret. */
const refused: readonly (readonly [string, string, Partial<KubeconfigOptions>, RegExp])[] = [
  [
    "a workspace that the site does not have",
    "site-a",
    { workspace: "sorters" },
    /no workspace "sorters"\n {2}next: its workspaces are parcels, billing, sorting/,
  ],
  [
    "a namespace that the workspace does not have",
    "site-a",
    { namespace: "site-a-sorting-web" },
    /workspace sorting has no namespace .*\n {2}next: its namespaces are jobs, web/,
  ],
  [
    "a team on a site that has none",
    "site-b",
    {},
    /no workspace "sorting"\n {2}next: its workspaces are parcels/,
  ],
];

describe("A kubeconfig for a role", () => {
  for (const [what, site, more, message] of refused) {
    it(`is not made for ${what}`, async () => {
      await assert.rejects(kubeconfig(site, { ...options, ...more }, io), message);
    });
  }

  it("is not made without a role, for one that there is not, or for longer than a day", async () => {
    const run = (...argv: string[]) => {
      const screens = { stdout: { write: () => {} }, stderr: { write: () => {} } };
      return main(["kubeconfig", "site-a", "--workspace", "sorting", ...argv], screens);
    };
    await assert.rejects(run(), /required option '--role <role>' not specified/);
    await assert.rejects(run("--role", "chef"), /operator, developer, viewer/);
    await assert.rejects(run("--role", "viewer", "--hours", "25"), /from 1 to 24/);
    await assert.rejects(run("--role", "viewer", "--hours", "1e400"), /from 1 to 24/);
  });

  it("is never written over a file, whose permissions it would take", async () => {
    const folder = mkdtempSync(join(tmpdir(), "kubeconfig-"));
    const out = join(folder, "there");
    writeFileSync(out, "mine", { mode: 0o644 });
    try {
      await assert.rejects(kubeconfig("site-a", { ...options, out }, io), /is there already/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("holds a token, the authority and the endpoint, and no key of the administrator", () => {
    const text = roleKubeconfig({
      site: "site-t",
      account: "sorting-viewer",
      namespace: "site-t-sorting-web",
      ca: Buffer.from("authority"),
      token: "ey.some.token",
      endpoint: {
        domain: "lb.kubesphere.local",
        port: 6443,
        mode: "haproxy",
        address: "192.0.2.11",
      },
    });
    const name = "site-t-sorting-viewer";
    assert.deepEqual(parse(text), {
      apiVersion: "v1",
      kind: "Config",
      clusters: [
        {
          name: "site-t",
          cluster: {
            server: "https://192.0.2.11:6443",
            "tls-server-name": "lb.kubesphere.local",
            "certificate-authority-data": Buffer.from("authority").toString("base64"),
          },
        },
      ],
      users: [{ name, user: { token: "ey.some.token" } }],
      contexts: [
        { name, context: { cluster: "site-t", user: name, namespace: "site-t-sorting-web" } },
      ],
      "current-context": name,
    });
  });
});
