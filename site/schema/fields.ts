import { z } from "zod";
import {
  addressPattern,
  cidrPattern,
  formatNetwork,
  isHostAddress,
  isNetworkAddress,
  parseNetwork,
} from "../network";
import { cpuPattern, memoryPattern } from "../quantities";

/** Kinds of value that several documents share. Each says what it needs in words that read on from "needs". */

/** A text of a certain shape; the same sentence serves a value of the wrong type and one of the wrong shape. */
export function text(pattern: RegExp, needed: string): z.ZodString {
  return z.string({ error: needed }).regex(pattern, { error: needed });
}

/** A month, as the last one in which something holds. */
export const monthField = text(/^\d{4}-(0[1-9]|1[0-2])$/, "a month such as 2027-06");

/** Why something is let off, for whoever reads it in a year. */
export const reasonField = text(/^\S[^\n]{9,499}$/, "a reason in one line, of ten letters or more");

/** A whole number within bounds, the unit being part of the sentence. */
export function whole(least: number, most: number, what: string): z.ZodNumber {
  const error = `${what}: a whole number from ${least} to ${most}`;
  return z.number({ error }).int({ error }).min(least, { error }).max(most, { error });
}

const label = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
const labelPattern = new RegExp(`^${label}$`);
const domainPattern = new RegExp(`^(?=.{1,253}$)${label}(\\.${label})*$`);

/** RFC 1123 label: names of hosts, sites, namespaces and workloads. */
export const nameField = text(
  labelPattern,
  "a name of at most 63 lower-case letters, digits and hyphens, not at either end",
);

export const domainField = text(
  domainPattern,
  "a DNS name in lower case, such as lb.kubesphere.local",
);

const addressNeeded = "an IPv4 address that a host can have, such as 192.0.2.10";
export const addressField = text(addressPattern, addressNeeded).refine(isHostAddress, {
  error: addressNeeded,
});

export const addressOrDomainField = text(
  new RegExp(`${addressPattern.source}|${domainPattern.source}`),
  "an IPv4 address or a DNS name in lower case",
);

export const cidrField = z
  .string({ error: "an IPv4 network such as 10.233.64.0/18" })
  .regex(cidrPattern, { error: "an IPv4 network such as 10.233.64.0/18" })
  .refine(isNetworkAddress, {
    error: ({ input }) => {
      const network = typeof input === "string" ? parseNetwork(input) : undefined;
      const meant = network === undefined ? "10.233.64.0/18" : formatNetwork(network);
      return `a network whose host part is zero, here ${meant}`;
    },
  });

export const portField = whole(1, 65_535, "a TCP port");

/** Name of an entry in `sitewright:secrets`; never the secret itself. */
export const secretNameField = text(
  /^[A-Za-z][A-Za-z0-9_-]{0,62}$/,
  "the name of an entry in sitewright:secrets, such as sshPassword, never the secret itself",
);

export const releaseField = text(
  /^[0-9]{4}\.[0-9]{1,2}(\.[0-9]{1,3})?$/,
  'a release in quotes, such as "2026.11" (without quotes YAML reads a number)',
);

export const kubernetesVersionField = text(
  /^v1\.[0-9]{1,2}\.[0-9]{1,3}$/,
  "a full Kubernetes version such as v1.33.4",
);

export const kubekeyField = z.enum(["v3.1.12", "v4.0.6"], {
  error: "a KubeKey version that Sitewright drives: v3.1.12 or v4.0.6",
});

export const roleField = z.enum(
  ["control-plane", "etcd", "worker", "storage", "edge", "registry"],
  {
    error: "a role: control-plane, etcd, worker, storage, edge or registry",
  },
);

export const imageField = text(
  /^[a-z0-9.-]+\.[a-z0-9.-]+(:[0-9]+)?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)+:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}@sha256:[0-9a-f]{64}$/,
  "an image by registry, name, tag and digest: docker.io/library/busybox:1.37.0@sha256:<64 hex digits>",
);

/** A certificate that is no secret, as it stands in a file. */
export const certificateField = text(
  /^\s*-----BEGIN CERTIFICATE-----[\s\S]+-----END CERTIFICATE-----\s*$/,
  "a certificate in PEM form",
);

/** An image without a digest, for what KubeKey pulls and pushes by tag only. */
export const taggedImageField = text(
  /^[a-z0-9.-]+\.[a-z0-9.-]+(\/[a-z0-9]+([._-]+[a-z0-9]+)*)+:[A-Za-z0-9_{][A-Za-z0-9_.{}-]{0,127}$/,
  "an image by registry, name and tag",
);

export const cpuField = text(cpuPattern, 'cores such as "2", "0.5" or "250m"');
export const memoryField = text(memoryPattern, 'memory such as "256Mi" or "2Gi"');

const labelName = "[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?";
const labelKeyField = text(
  new RegExp(`^(${label}(\\.${label})*/)?${labelName}$`),
  "a label key such as disk or example.com/disk",
);
const labelValueField = text(
  new RegExp(`^(${labelName})?$`),
  "a label value: at most 63 letters, digits, dots, hyphens and underscores, in quotes if it looks like a number",
);

export const labelsField = z.record(labelKeyField, labelValueField, {
  error: "labels as an object of key and value",
});

export const taintField = z.strictObject({
  key: labelKeyField.describe("Key of the taint."),
  value: labelValueField.default("").describe("Value of the taint."),
  effect: z
    .enum(["NoSchedule", "PreferNoSchedule", "NoExecute"], {
      error: "NoSchedule, PreferNoSchedule or NoExecute",
    })
    .default("NoSchedule")
    .describe("What happens to Pods that do not tolerate it."),
});

export const envField = z.record(
  text(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/, "a variable name of letters, digits and underscores"),
  z.string({ error: "a text (numbers and true or false in quotes)" }),
  { error: "variables as an object of name and text" },
);

const amounts = {
  cpu: cpuField.describe("Cores, for example 250m (a quarter of one) or 2."),
  memory: memoryField.describe("Memory, for example 256Mi or 2Gi."),
};

export const resourcesField = z.strictObject({
  requests: z.strictObject(amounts).describe("What the scheduler keeps free for each Pod."),
  limits: z.strictObject(amounts).describe("What a Pod may use at most; at least its requests."),
});

const timezoneNeeded = "a time zone such as Etc/UTC or Asia/Tokyo";

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

export const timezoneField = text(/^[A-Za-z]+(\/[A-Za-z0-9_+-]+){0,2}$/, timezoneNeeded).refine(
  isTimezone,
  { error: timezoneNeeded },
);

/** A list that must not be absurdly long, so that a broken generator is met with a message and not a stall. */
export function list<Item extends z.ZodType>(item: Item, most: number, what: string) {
  const error = `a list of at most ${most} ${what}`;
  return z.array(item, { error }).max(most, { error });
}
