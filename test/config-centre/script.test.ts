import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { centreImport, centreScript } from "../../components/workload/centre-script";

/** The import script under a real shell. The `consul` that it finds keeps each key in a file. */

const prefix = "parcels/parcels/api/";

/** As far as the script uses it: what it imports, lists below a prefix, and deletes. Anything else is refused. */
const consul = `#!${process.execPath}
const fs = require("node:fs");
const { KEYS: folder, BROKEN: broken } = process.env;
const file = (key) => folder + "/" + encodeURIComponent(key);
const [kv, verb, ...rest] = process.argv.slice(2);
fs.appendFileSync(folder + "/../calls", [verb, ...rest].join(" ") + "\\n");
if (kv !== "kv" || verb === broken) process.exit(1);
if (verb === "import" && rest.length === 1 && rest[0][0] === "@") {
  for (const { key, value } of JSON.parse(fs.readFileSync(rest[0].slice(1), "utf8")))
    fs.writeFileSync(file(key), Buffer.from(value, "base64"));
} else if (verb === "get" && rest[0] === "-keys" && rest[1] === "-separator=") {
  for (const name of fs.readdirSync(folder).map(decodeURIComponent).sort())
    if (name.startsWith(rest[2])) console.log(name);
} else if (verb === "delete" && rest.length === 1) fs.rmSync(file(rest[0]), { force: true });
else process.exit(2);
`;

class Store {
  readonly root = mkdtempSync(join(tmpdir(), "config-centre-"));
  private readonly keys = join(this.root, "keys");

  constructor(there: Readonly<Record<string, string>> = {}) {
    mkdirSync(this.keys);
    mkdirSync(join(this.root, "bin"));
    writeFileSync(join(this.root, "bin/consul"), consul, { mode: 0o755 });
    for (const [key, value] of Object.entries(there)) {
      writeFileSync(join(this.keys, encodeURIComponent(key)), value);
    }
  }

  bring(entries: Readonly<Record<string, string>>, broken = "") {
    const file = join(this.root, "entries.json");
    writeFileSync(file, centreImport(prefix, entries));
    writeFileSync(join(this.root, "import.sh"), centreScript(prefix, entries, file));
    // Nothing but `consul` on the path: the image may have little else.
    const env = { PATH: join(this.root, "bin"), KEYS: this.keys, BROKEN: broken };
    execFileSync("/bin/sh", [join(this.root, "import.sh")], { env, stdio: "pipe" });
  }

  all(): Readonly<Record<string, string>> {
    const names = readdirSync(this.keys).sort();
    return Object.fromEntries(
      names.map((name) => [
        decodeURIComponent(name),
        readFileSync(join(this.keys, name)).toString(),
      ]),
    );
  }

  calls(): readonly string[] {
    return readFileSync(join(this.root, "calls"), "utf8").trim().split("\n");
  }
}

describe("The import into the config centre", () => {
  const stores: Store[] = [];
  const store = (there?: Readonly<Record<string, string>>) => {
    const made = new Store(there);
    stores.push(made);
    return made;
  };
  after(() => {
    for (const { root } of stores) rmSync(root, { recursive: true, force: true });
  });

  it("brings every text as it is, whatever is in it", () => {
    const entries = {
      "database/pool": "20",
      empty: "",
      quotes: `it's "here" $HOME \`id\` \\n`,
      lines: "one\n\n two\r\n\tthree\n",
      "a.b-c_d/E": "grün ✓ \0 end",
    };
    const kept = store();
    kept.bring(entries);
    const wanted = Object.entries(entries).map(([key, value]) => [`${prefix}${key}`, value]);
    assert.deepEqual(kept.all(), Object.fromEntries(wanted));
  });

  it("takes away what is no longer wanted, at every depth, and nothing of anybody else's", () => {
    const others = {
      "parcels/parcels/api-v2/key": "theirs",
      "parcels/parcels/apex": "theirs",
      "parcels/parcels/api": "theirs",
      "other/key": "theirs",
    };
    const kept = store({
      ...others,
      [`${prefix}old`]: "1",
      [`${prefix}deep/er/old`]: "2",
      [`${prefix}with spaces * and 'quotes'`]: "3",
      [`${prefix}kept`]: "before",
    });
    kept.bring({ kept: "after", "deep/er/new": "4" });
    assert.deepEqual(kept.all(), {
      ...others,
      [`${prefix}deep/er/new`]: "4",
      [`${prefix}kept`]: "after",
    });
  });

  it("changes nothing when it is done again, and deletes nothing that stays on the way", () => {
    const kept = store();
    kept.bring({ one: "1", "one/more": "2" });
    const once = kept.all();
    kept.bring({ one: "1", "one/more": "2" });
    assert.deepEqual(kept.all(), once);
    assert.ok(!kept.calls().some((call) => call.startsWith("delete")), kept.calls().join("\n"));
  });

  it("takes everything away for a workload without entries, also where nothing is", () => {
    const kept = store({ [`${prefix}old`]: "1", "other/key": "theirs" });
    kept.bring({});
    kept.bring({});
    assert.deepEqual(kept.all(), { "other/key": "theirs" });
  });

  for (const verb of ["import", "get", "delete"]) {
    it(`fails when it cannot ${verb}, so that the Job tries again`, () => {
      const kept = store({ [`${prefix}old`]: "1", [`${prefix}older`]: "2" });
      assert.throws(() => kept.bring({ one: "1" }, verb));
      kept.bring({ one: "1" });
      assert.deepEqual(kept.all(), { [`${prefix}one`]: "1" });
    });
  }
});
