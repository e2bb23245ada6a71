import assert from "node:assert/strict";
import { workloadLogChecks } from "../../site/cross-checks/workload-logs";
import { formatPath } from "../../site/path";
import { problemsWith } from "../support/platform-site";
import { catalogue, problemsOf, resolve } from "../support/sites";
import { type Any, files, loggingSite, outputs, secretNames, writeFiles } from "./site";

interface Case {
  readonly title: string;
  readonly spoil: (site: Any) => void;
  /** Path, then the beginning of what is needed there, of every problem expected. */
  readonly problems: readonly string[];
}

const kafka = (change: (output: Any) => void) => (site: Any) => change(site.logging.output.kafka);

const cases: readonly Case[] = [
  { title: "nothing in a sound site", spoil: () => {}, problems: [] },
  ...Object.entries(outputs).map(([name, output]) => ({
    title: `nothing where logs go to ${name}`,
    spoil: (site: Any) => {
      site.logging.output = structuredClone(output);
    },
    problems: [],
  })),
  {
    title: "two outputs",
    spoil: (site) => Object.assign(site.logging.output, outputs.logstash),
    problems: ["logging.output: just one of elasticsearch, logstash, kafka"],
  },
  {
    title: "an output beside a store of the site's own",
    spoil: (site) => {
      site.logging.inSite = {};
    },
    problems: ["logging: either output or inSite"],
  },
  {
    title: "a certificate without its key",
    spoil: kafka((output) => delete output.tls.keySecret),
    problems: ["logging.output.kafka.tls: certificateSecret and keySecret together"],
  },
  {
    title: "a password that goes over the network as it is",
    spoil: kafka((output) => delete output.tls),
    problems: ["logging.output.kafka.tls: TLS, since a password is sent there"],
  },
  {
    title: "a password that the stack does not hold",
    spoil: kafka((output) => {
      output.sasl.passwordSecret = "kafkaPasswort";
    }),
    problems: ["logging.output.kafka.sasl.passwordSecret: an entry of sitewright:secrets"],
  },
  {
    title: "nothing where files of nodes are just enough",
    spoil: (site) => {
      site.logging.nodeFiles = { maxSizeMiB: 100, maxFiles: 5 };
    },
    problems: [],
  },
  {
    title: "files of nodes that do not bridge the outage",
    spoil: (site) => {
      site.logging.nodeFiles = { maxSizeMiB: 10, maxFiles: 5 };
    },
    problems: ["logging.nodeFiles: files of each container that hold 400 MiB for certain"],
  },
  {
    title: "files that the older line does not read once they are compressed",
    spoil: (site) => {
      site.logging.output = structuredClone(outputs.older);
      site.logging.nodeFiles = { maxSizeMiB: 100, maxFiles: 5 };
    },
    problems: ["logging.nodeFiles: files of each container that hold 400 MiB for certain"],
  },
  {
    title: "logs that fill the nodes' disks",
    spoil: (site) => {
      site.logging.nodeMiBPerHour = 100_000;
    },
    problems: ["logging.maxOutageHours: what fits into a quarter of the smallest node's disk"],
  },
  {
    title: "a queue that takes a node's memory",
    spoil: (site) => {
      site.hosts[0].memoryGiB = 4;
      kafka((output) => {
        output.bulkEvents = 10_000;
      })(site);
    },
    problems: ["logging: at most an eighth of the smallest node's memory for Filebeat, 512 MiB"],
  },
  {
    title: "a pattern that Go does not know",
    spoil: (site) => {
      site.logging.drop = [{ matching: "(?<!x)y" }];
    },
    problems: ["logging.drop[0].matching: a regular expression as Go knows it"],
  },
  {
    title: "a rule that would drop everything",
    spoil: (site) => {
      site.logging.drop = [{}];
    },
    problems: ["logging.drop[0]: at least one of namespace, workload, container, matching"],
  },
  {
    title: "nothing in a store of the site's own",
    spoil: (site) => {
      site.logging = { inSite: {} };
    },
    problems: [],
  },
  {
    title: "a store with more servers than workers, that do not know each other",
    spoil: (site) => {
      site.logging = { inSite: { replicas: 3 } };
    },
    problems: [
      "logging.inSite.replicas: a worker for each server, here at most 2",
      "logging.inSite.replicas: certificates at the site",
    ],
  },
  {
    title: "a store without a place for its data",
    spoil: (site) => {
      site.logging = { inSite: {} };
      delete site.storage;
    },
    problems: ["logging.inSite: storage at the site"],
  },
];

describe("Cross-checks of logging find", () => {
  for (const { title, spoil, problems } of cases) {
    it(title, () => {
      const found = problemsOf(loggingSite(spoil), secretNames);
      const wanted = problems.map((problem) => `sitewright:site.${problem}`);
      assert.deepEqual(
        found.map((text, at) => text.slice(0, wanted[at]?.length)),
        wanted,
        found.join("\n"),
      );
    });
  }
});

describe("Cross-checks of what workloads say of their logs find", () => {
  const plain = loggingSite((site) => {
    site.logging.output = outputs.logstash;
  });
  const found = (change: (api: Any) => void) =>
    problemsWith(plain, (release) => {
      const { api } = release.workloads;
      api.logs.files = structuredClone(files);
      change(api);
    });
  const at = "release workloads.api";

  it("nothing in sound ones", () => {
    assert.deepEqual(
      found(() => {}),
      [],
    );
  });

  it("JSON that is put together", () => {
    const problems = found(({ logs }) => {
      logs.format = "json";
      logs.multiline = "java";
      logs.files[0].multiline = { start: "^x", maxLines: 5 };
    });
    const needed = "none: with format json every line is an object of its own";
    assert.deepEqual(problems, [
      `${at}.logs.multiline: ${needed}`,
      `${at}.logs.files[0].multiline: ${needed}`,
    ]);
  });

  it("files in a folder where something else is mounted", () => {
    for (const [path, clash] of [
      ["/tmp/a.log", "/tmp"],
      ["/pages/a.log", "/pages"],
      ["/etc/api/a.log", "/etc/api/settings.yaml"],
    ]) {
      const problems = found((api) => {
        api.volumes = {
          pages: { mountPath: "/pages", readOnly: false, emptyDir: { sizeMiB: 1 } },
        };
        api.files = { "/etc/api/settings.yaml": "" };
        api.logs.files = [{ ...files[1], path }];
      });
      assert.deepEqual(problems, [
        `${at}.logs.files[0].path: a folder of its own: ${clash} is mounted there too`,
      ]);
    }
  });

  it("a container with the name of the one that sends files", () => {
    const problems = found((api) => {
      api.init = [
        {
          name: "log-shipper",
          image: api.image,
          command: [],
          args: [],
          env: {},
          resources: api.resources,
          sidecar: true,
        },
      ];
    });
    assert.deepEqual(problems, [
      `${at}.init[0].name: another name: the container that sends log files has this one`,
    ]);
  });

  it("a Kubernetes that does not end containers beside others, where files are sent", () => {
    const { site, release: own } = resolve(plain);
    const release: Any = structuredClone(own);
    const problems = (kubernetes: string, collects = true) => {
      const { logging, ...others } = { ...site, cluster: { ...site.cluster, kubernetes } };
      const stated = { ...others, ...(collects && { logging }) };
      const input = { name: "site-t", site: stated, hosts: [], release, catalogue };
      return workloadLogChecks
        .flatMap((check) => check.find(input))
        .map(({ path }) => formatPath(path));
    };
    assert.deepEqual(problems("v1.28.15"), []);
    writeFiles(release);
    assert.deepEqual(problems("v1.29.0"), []);
    assert.deepEqual(problems("v1.28.15"), ["workloads.api.logs.files"]);
    assert.deepEqual(problems("v1.28.15", false), []);
  });
});
