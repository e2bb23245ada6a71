import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { readSecrets } from "../../cli/secrets";
import type { Terminal } from "../../cli/view/hidden-prompt";
import { RunError } from "../../site/run-error";
import { encryptedStack } from "./support/encrypted-stack";

// Written by the real engine (v3.250.0) with `pulumi config set --secret`; passphrase "correct horse".
const salt = "v1:MS6UDvet1E0=:v1:g/ngEN34AOiNANQi:IfaEzrbhtVYMMIj5JoJfPoxgc3NdtA==";
const password = "v1:pzVoTn1r4XyAfocW:wKo43qYm0uC7ckHdk+MkxtBGBgeE4cuDZKBYRLI=";

describe("a site's secrets", () => {
  let root: string;
  before(() => {
    root = mkdtempSync(join(tmpdir(), "sitewright-secrets-"));
    const stack = (name: string, text: string) =>
      writeFileSync(join(root, `Pulumi.${name}.yaml`), text);
    const site = "\nconfig:\n  sitewright:site: {}\n";
    const one = (value: string) =>
      `encryptionsalt: ${salt}${site}  sitewright:secrets:\n    sshPassword:${value}\n`;
    stack("good", one(`\n      secure: ${password}`));
    stack("clear", one(" hunter2"));
    stack("damaged", one(`\n      secure: ${password.replace("wKo4", "wKo5")}`));
    stack(
      "cloud",
      one(`
      secure: ${password}`).replace(/encryptionsalt.*/, "encryptedkey: x"),
    );
    stack("none", site.trimStart());
    stack("broken", "config: [\n");
    writeFileSync(join(root, "passphrase"), "correct horse\n");
  });
  after(() => rmSync(root, { recursive: true, force: true }));

  const read = (site: string, env: NodeJS.ProcessEnv, terminal?: Terminal) =>
    readSecrets({ root, site, env, ...(terminal === undefined ? {} : { terminal }) });
  const right = { PULUMI_CONFIG_PASSPHRASE: "correct horse" };

  it("are opened with the passphrase, or with a file that holds it", async () => {
    assert.deepEqual(await read("good", right), { sshPassword: 'p w"ü\nsecond' });
    const file = { PULUMI_CONFIG_PASSPHRASE_FILE: join(root, "passphrase") };
    assert.deepEqual(await read("good", file), { sshPassword: 'p w"ü\nsecond' });
  });

  it("come back as they were, whatever is in them", async () => {
    const secrets = { empty: "", odd: "'\"\\ \n\u0000 ü 主机", long: "x".repeat(100_000) };
    writeFileSync(join(root, "Pulumi.odd.yaml"), encryptedStack("p ü", secrets));
    assert.deepEqual(await read("odd", { PULUMI_CONFIG_PASSPHRASE: "p ü" }), secrets);
  });

  it("need no passphrase when there are none", async () => {
    assert.deepEqual(await read("none", {}), {});
  });

  const faults: readonly (readonly [string, string, NodeJS.ProcessEnv, number, RegExp])[] = [
    [
      "a wrong passphrase",
      "good",
      { PULUMI_CONFIG_PASSPHRASE: "x" },
      2,
      /does not open the secrets of good/,
    ],
    ["an empty passphrase", "good", { PULUMI_CONFIG_PASSPHRASE: "" }, 2, /does not open/],
    ["no passphrase", "good", {}, 2, /PULUMI_CONFIG_PASSPHRASE_FILE/],
    [
      "a missing passphrase file",
      "good",
      { PULUMI_CONFIG_PASSPHRASE_FILE: "/nowhere/p" },
      2,
      /\/nowhere\/p/,
    ],
    ["a secret in clear", "clear", right, 3, /sshPassword.*an encrypted value/],
    ["a damaged secret", "damaged", right, 3, /sshPassword of damaged is damaged/],
    [
      "another secrets provider",
      "cloud",
      right,
      3,
      /no encryptionsalt.*\n.*change-secrets-provider/,
    ],
    ["a stack file that is no YAML", "broken", right, 3, /Pulumi\.broken\.yaml.*valid YAML/],
    ["a site that does not exist", "nobody", right, 2, /no site "nobody"/],
  ];
  for (const [what, site, env, code, message] of faults) {
    it(`tell of ${what} without giving anything away`, async () => {
      await assert.rejects(read(site, env), (error) => {
        assert.ok(error instanceof RunError);
        assert.equal(error.exitCode, code);
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /hunter2/);
        return true;
      });
    });
  }

  /** A person who types `keys` as soon as asked; `shown` is all that appears on the screen. */
  function person(keys: string): { terminal: Terminal; shown: () => string; raw: () => boolean[] } {
    const raw: boolean[] = [];
    let shown = "";
    const input = Object.assign(new PassThrough(), {
      setRawMode: (mode: boolean) => raw.push(mode),
    });
    const output = {
      write(text: string) {
        shown += text;
        setImmediate(() => input.write(keys));
      },
    };
    const terminal = { input, output } as unknown as Terminal;
    return { terminal, shown: () => shown, raw: () => raw };
  }

  it("are asked for on a terminal, and what is typed does not show", async () => {
    const { terminal, shown, raw } = person("correcx\u007ft horse\r");
    assert.deepEqual(Object.keys(await read("good", {}, terminal)), ["sshPassword"]);
    assert.equal(shown(), "Passphrase of good: \n");
    assert.deepEqual(raw(), [true, false], "the terminal is as it was");
  });

  it("leave the terminal as it was when the person breaks off", async () => {
    const { terminal, raw } = person("corr\u0003");
    await assert.rejects(read("good", {}, terminal), /broken off/);
    assert.deepEqual(raw(), [true, false]);
  });
});
