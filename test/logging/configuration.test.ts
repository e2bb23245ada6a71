import assert from "node:assert/strict";
import fc from "fast-check";
import { parse } from "yaml";
import { beatConfigMap } from "../../components/logging/beat";
import { beatsOf } from "../../components/logging/beats";
import { exporterConfig } from "../../components/logging/exporter-config";
import { nodeConfig, shipperConfig } from "../../components/logging/filebeat-config";
import { quotedSecret } from "../../components/logging/output-config";
import { tagNames } from "../../components/logging/tags";
import { beatRoom, bridgedMiB, heldMiB, neededMiB, nodeFiles } from "../../site/platform/log-sizes";
import type { LoggingBlueprint } from "../../site/platform/logging-types";
import { memoryMiB } from "../../site/quantities";
import { isPattern } from "../../site/schema/log-patterns";
import { loggingSchema } from "../../site/schema/logging";
import { workloadOf } from "../support/platform-site";
import { exporterOptions, filebeatOptions, metricbeatOptions } from "./beat-options";
import { type Any, loggingBlueprint, outputs } from "./site";

/** What no test here can show: that Filebeat does what it is told. test/journeys/logging-filebeat.test.ts does. */

const built = (change?: (logging: Any) => void, changeRelease?: (release: Any) => void) => {
  const blueprint = loggingBlueprint((site) => change?.(site.logging), changeRelease);
  const { logging } = blueprint.platform;
  if (logging === undefined) throw new Error("no logging");
  const { shipper } = workloadOf(blueprint, "api").logs;
  if (shipper === undefined) throw new Error("no shipper");
  return { blueprint, logging, shipper };
};

/** Configurations of a site's beats, as a beat reads them. */
function configurations(logging: LoggingBlueprint) {
  return new Map(
    beatsOf(logging).map((beat): [string, Any] => {
      const { data } = beatConfigMap("logging", beat);
      return [beat.name, parse(data[`${beat.name}.yml`] ?? "")];
    }),
  );
}

/** Tags that a configuration gives to every entry, whatever is known of it. */
function certainTags(processors: readonly Any[]): readonly string[] {
  const always = processors.flatMap(({ add_fields: stated }) => {
    if (stated === undefined) return [];
    const names = Object.keys(stated.fields);
    if (stated.when === undefined) return names;
    // Only where nothing gave it before.
    assert.deepEqual(stated.when, { not: { has_fields: names } });
    return names;
  });
  return [...new Set(always)].sort();
}

describe("Configurations of beats", () => {
  for (const [name, output] of Object.entries(outputs)) {
    it(`to ${name} hold no option but those that we know`, () => {
      const { logging, shipper } = built((stated) => {
        stated.output = structuredClone(output);
        stated.metricbeat = true;
        stated.hostFiles = ["/var/log/messages"];
        stated.drop = [{ namespace: "kube-system", matching: "healthz" }, { workload: "web" }];
      });
      const all = configurations(logging);
      filebeatOptions.parse(all.get("filebeat"));
      metricbeatOptions.parse(all.get("metricbeat"));
      filebeatOptions.parse(shipperConfig(shipper));
    });
  }

  it("are refused with an option that nobody knows", () => {
    const { logging } = built();
    const config: Any = structuredClone(nodeConfig(logging));
    config.filebeat.inputs[0].multilines = {};
    assert.equal(filebeatOptions.safeParse(config).success, false);
  });

  it("give every entry every tag", () => {
    const { logging, shipper } = built();
    const wanted = [...tagNames].sort();
    assert.deepEqual(certainTags(nodeConfig(logging).processors), wanted);
    assert.deepEqual(certainTags(shipperConfig(shipper).processors), wanted);
  });

  it("hold no secret, only names of variables and files", () => {
    const { logging } = built();
    const { kafka }: Any = nodeConfig(logging).output;
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as Filebeat writes variables
    assert.equal(kafka.password, "${LOG_OUTPUT_PASSWORD}");
    assert.equal(kafka.ssl.key, "/etc/sitewright/output/LOG_OUTPUT_KEY");
  });

  it("leave compressed files, fingerprints and presets out for the older line", () => {
    const { logging } = built((stated) => {
      stated.output = structuredClone(outputs.older);
    });
    const { filebeat, output } = nodeConfig(logging);
    const text = JSON.stringify([filebeat, output]);
    for (const word of ['compression"', 'fingerprint"', "preset"]) {
      assert.ok(!text.includes(word), word);
    }
    assert.match(text, /"\\\\\.gz\$"/);
    const { elasticsearch }: Any = output;
    assert.equal(elasticsearch.index, "logs-parcels-site-t-%{+yyyy.MM.dd}");
    assert.equal(logging.filebeat.image, "docker.elastic.co/beats/filebeat:7.17.29");
  });

  it("read a workload in its own way or in the usual one, never in both", () => {
    const { logging } = built(undefined, (release) => {
      Object.assign(release.workloads.web.logs, { multiline: "java" });
    });
    const [usual, own]: Any = nodeConfig(logging).filebeat.inputs;
    assert.deepEqual(own.paths, ["/var/log/pods/parcels_web-*/web/*.log*"]);
    assert.equal(own.parsers[1].multiline.match, "after");
    const left = (path: string) =>
      usual.prospector.scanner.exclude_files.some((one: string) => new RegExp(one).test(path));
    assert.ok(left("/var/log/pods/parcels_web-0_1-2/web/0.log"));
    assert.ok(!left("/var/log/pods/parcels_web-0_1-2/istio-proxy/0.log"));
    assert.ok(!left("/var/log/pods/parcels_website-0_1-2/website/0.log"));
    assert.ok(left("/var/log/pods/logging_filebeat-x2x4_1/filebeat/0.log"), "its own errors");
    assert.ok(left("/var/log/pods/parcels_api-1_1/log-shipper/0.log"));
  });

  it("of exporters name each figure once", () => {
    for (const beat of ["filebeat", "metricbeat"] as const) {
      const { modules } = exporterOptions.parse(exporterConfig(beat));
      const names = modules[beat]?.metrics.map(({ name }) => name) ?? [];
      assert.equal(new Set(names).size, names.length);
      assert.equal(names.includes("beat_harvesters_running"), beat === "filebeat");
    }
  });
});

describe("Secrets in variables of beats", () => {
  /** Reads a text as their reader does: up to the first quote with no backslash before it, then Go's own way. */
  function read(text: string): string {
    assert.match(text, /^"/);
    const end = /(?<!\\)"/.exec(text.slice(1));
    assert.equal(end?.index, text.length - 2, "one text and nothing behind it");
    return text
      .slice(1, -1)
      .replaceAll(/\\(x[0-9a-f]{2}|n)/g, (_, code: string) =>
        code === "n" ? "\n" : String.fromCharCode(Number.parseInt(code.slice(1), 16)),
      );
  }

  it("come out as they went in, whatever they hold", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (value) => {
        assert.equal(read(quotedSecret(value)), value);
      }),
    );
    for (const value of ["007", "a,b", "\\", '"', 'x\\"', "[1]", "true"]) {
      assert.equal(read(quotedSecret(value)), value);
    }
  });
});

describe("Room of Filebeat", () => {
  const machine = fc.record({
    cpus: fc.integer({ min: 1, max: 256 }),
    memoryGiB: fc.integer({ min: 1, max: 2048 }),
  });

  it("holds a full queue, on machines of any size and for bulks of any size", () => {
    const machines = fc.array(machine, { minLength: 1, maxLength: 20 });
    const numbers = fc.record({
      bulk: fc.integer({ min: 50, max: 10_000 }),
      files: fc.integer({ min: 0, max: 2000 }),
    });
    fc.assert(
      fc.property(machines, numbers, (nodes, { bulk, files }) => {
        const { queueEvents, resources, goMemoryMiB } = beatRoom(nodes, bulk, files);
        assert.ok(queueEvents >= 2 * bulk);
        assert.ok(heldMiB(queueEvents, bulk, files) <= goMemoryMiB);
        assert.ok(goMemoryMiB < memoryMiB(resources.limits.memory));
        assert.ok(memoryMiB(resources.requests.memory) <= memoryMiB(resources.limits.memory));
      }),
    );
  });

  it("on nodes' disks bridges any outage that a site states", () => {
    const stated = fc.record({
      maxOutageHours: fc.integer({ min: 1, max: 168 }),
      busiestMiBPerHour: fc.integer({ min: 1, max: 10_000 }),
    });
    fc.assert(
      fc.property(stated, fc.constantFrom("9" as const, "7.17" as const), (settings, line) => {
        const logging = loggingSchema.parse({ ...settings, output: outputs.logstash });
        const files = nodeFiles(logging, line);
        assert.ok(bridgedMiB(files, line) >= neededMiB(logging));
      }),
    );
  });

  it("is told to kubelets of new clusters, and only where logs are collected", () => {
    const { blueprint } = built();
    assert.deepEqual(blueprint.cluster.containerLogs, { maxSizeMiB: 80, maxFiles: 6 });
    const without = loggingBlueprint((site) => {
      delete site.logging;
    });
    assert.equal(without.cluster.containerLogs, undefined);
  });
});

describe("Patterns", () => {
  const table: readonly (readonly [pattern: string, good: boolean])[] = [
    ["^[0-9]{4}-[0-9]{2}", true],
    ["^[[:space:]]+at ", true],
    ["(?i)error", true],
    ["(?:a|b)$", true],
    ["", false],
    ["(", false],
    ["(?=x)", false],
    ["(?<!x)y", false],
    ["(a)\\1", false],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: what beats would take for a variable
    ["x${HOME}", false],
    ["a\nb", false],
    ["a".repeat(301), false],
  ];
  for (const [pattern, good] of table) {
    it(`${JSON.stringify(pattern.slice(0, 20))} is ${good ? "taken" : "refused"}`, () => {
      assert.equal(isPattern(pattern), good);
    });
  }
});
