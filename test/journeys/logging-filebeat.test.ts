import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { stringify } from "yaml";
import { nodeConfig, shipperConfig } from "../../components/logging/filebeat-config";
import { outputFolder, quotedSecret } from "../../components/logging/output-config";
import { tagNames } from "../../components/logging/tags";
import { logVariables } from "../../site/platform/log-output";
import { type Any, loggingBlueprint, outputs, secrets } from "../logging/site";
import { workloadOf } from "../support/platform-site";

const filebeat = process.env.SITEWRIGHT_FILEBEAT;

const environment = {
  NODE_NAME: "worker-1",
  POD_NAME: "api-1",
  POD_VERSION: "1.10",
  LOG_OUTPUT_PASSWORD: quotedSecret(secrets.kafkaPassword),
  LOG_OUTPUT_API_KEY: quotedSecret(secrets.apiKey),
};

/**
 * Filebeat itself reads our configurations, and sends what containers wrote to an Elasticsearch that only takes notes.
 * SITEWRIGHT_FILEBEAT names the program, of either line; without it nothing is run. What it asks an API about Pods is
 * not to be seen here: there is none.
 */
describe("Filebeat", function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), "sitewright-filebeat-"));
  let line: "9" | "7.17" = "9";
  let certificate = "";
  let running: ChildProcess | undefined;
  let server: Server | undefined;

  before(function () {
    if (filebeat === undefined || filebeat === "") return this.skip();
    const version = execFileSync(filebeat, ["version"], { encoding: "utf8" });
    line = version.includes("version 7.17") ? "7.17" : "9";
    const [key, file] = [logVariables.key, logVariables.certificate].map((of) => join(folder, of));
    const asked = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
    const named = ["-subj", "/CN=logs", "-keyout", String(key), "-out", String(file)];
    execFileSync("openssl", ["req", ...asked, ...named], { stdio: "ignore" });
    certificate = readFileSync(String(file), "utf8");
  });

  afterEach(() => {
    running?.kill("SIGKILL");
    server?.close();
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  function configured(output: object, change: (site: Any) => void = () => {}) {
    const blueprint = loggingBlueprint(
      (site) => {
        site.logging.output = structuredClone(output);
        for (const one of Object.values(site.logging.output) as Any[]) {
          one.line = line;
          if (one.tls?.ca !== undefined) one.tls.ca = certificate;
        }
        change(site);
      },
      (release) => Object.assign(release.workloads.web.logs, { multiline: "java" }),
    );
    const { logging } = blueprint.platform;
    const { shipper } = workloadOf(blueprint, "api").logs;
    assert.ok(logging !== undefined && shipper !== undefined);
    return { node: nodeConfig(logging), beside: shipperConfig(shipper) };
  }

  function written(name: string, config: object, change = (text: string) => text): string[] {
    const file = join(folder, `${name}.yml`);
    const text = stringify(config, { lineWidth: 0 }).replaceAll(outputFolder, folder);
    writeFileSync(file, change(text), { mode: 0o600 });
    const own = join(folder, name);
    return ["-c", file, "--path.data", own, "--path.logs", own];
  }

  for (const [name, output] of Object.entries(outputs)) {
    it(`takes configurations to ${name}`, () => {
      const { node, beside } = configured(output);
      for (const [which, config] of Object.entries({ node, beside })) {
        const args = ["test", "config", ...written(`${name}-${which}`, config)];
        const said = execFileSync(String(filebeat), args, {
          encoding: "utf8",
          env: { ...process.env, ...environment },
        });
        assert.match(said, /Config OK/, which);
      }
    });
  }

  it("gives what containers wrote all tags, puts lines together and takes JSON apart", async () => {
    const entries: Any[] = [];
    const port = await listen(entries);
    const pods = join(folder, "pods");
    const wrote = (pod: string, container: string, lines: readonly string[]) => {
      mkdirSync(join(pods, pod, container), { recursive: true });
      const text = lines.map((one) => `2026-11-22T01:02:03.123456789Z stdout F ${one}\n`);
      writeFileSync(join(pods, pod, container, "0.log"), text.join(""));
    };
    wrote("parcels_web-0_1-2", "web", ["failed", "\tat a.b(C.java:1)", "Caused by: x", "next"]);
    wrote("parcels_api-1_3-4", "api", ['{"site":"mine","level":"info"}', "kube-probe/1.33"]);
    wrote("logging_filebeat-x_5-6", "filebeat", ["an error of its own, which is not sent"]);
    const { node } = configured(
      { elasticsearch: { hosts: [`127.0.0.1:${port}`] } },
      ({ logging }) => Object.assign(logging, { drop: [{ matching: "kube-probe/" }] }),
    );
    const args = written("node", node, (text) =>
      text
        // What the processor for Pods takes is a short list of its own.
        .replaceAll(/(?<!logs_path: )\/var\/log\/pods\//g, `${pods}/`)
        .replaceAll("check_interval: 10s", "check_interval: 1s"),
    );
    running = spawn(String(filebeat), ["-e", ...args], {
      env: { ...process.env, ...environment, KUBECONFIG: "/nowhere" },
      stdio: "ignore",
    });
    for (const end = Date.now() + 60_000; entries.length < 3; ) {
      assert.ok(Date.now() < end, `three entries: ${JSON.stringify(entries)}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    for (const entry of entries) {
      assert.deepEqual(
        tagNames.filter((tag) => typeof entry[tag] !== "string"),
        [],
        JSON.stringify(entry),
      );
      assert.equal(entry.site, "site-t");
      assert.equal(entry.namespace, "site-t/parcels");
      assert.equal(entry.node, "worker-1");
      assert.equal(entry.stream, "stdout");
    }
    const of = (workload: string) => entries.filter((entry) => entry.workload === workload);
    assert.deepEqual(
      of("web").map(({ message }) => message),
      ["failed\n\tat a.b(C.java:1)\nCaused by: x", "next"],
    );
    assert.deepEqual(
      of("api").map(({ message, app }) => [message, app]),
      [[undefined, { site: "mine", level: "info" }]],
    );
  });

  /** An Elasticsearch that takes whatever comes; returns its port. */
  function listen(entries: Any[]): Promise<number> {
    const made = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk) => chunks.push(chunk));
      request.on("end", () => {
        response.setHeader("X-Elastic-Product", "Elasticsearch");
        response.setHeader("content-type", "application/json");
        if (request.url?.includes("_bulk") !== true) {
          const version = { number: line === "9" ? "9.5.2" : "7.17.29", build_flavor: "default" };
          response.end(JSON.stringify({ version, tagline: "You Know, for Search" }));
          return;
        }
        const body = Buffer.concat(chunks);
        const packed = request.headers["content-encoding"] === "gzip";
        const lines = (packed ? gunzipSync(body) : body).toString("utf8").trim().split("\n");
        const documents = lines.filter((_, at) => at % 2 === 1).map((text) => JSON.parse(text));
        entries.push(...documents);
        const items = documents.map(() => ({ create: { status: 201 } }));
        response.end(JSON.stringify({ errors: false, items }));
      });
    });
    server = made;
    return new Promise((resolve) => {
      made.listen(0, "127.0.0.1", () => {
        const address = made.address();
        resolve(typeof address === "object" && address !== null ? address.port : 0);
      });
    });
  }
});
