import { z } from "zod";
import { isHarborSchedule } from "../harbor-schedule";
import { certificateField, domainField, list, secretNameField, text, whole } from "./fields";

/** The site's own image registry: the object under `registry`. */

const harborName = /^[a-z0-9]+([._-][a-z0-9]+)*$/;
const projectNameField = text(
  new RegExp(`^(?=.{1,255}$)${harborName.source.slice(1)}`),
  "a Harbor project: lower-case letters and digits, single . _ or - between them",
);
const robotNameField = text(
  new RegExp(`^(?=.{1,100}$)${harborName.source.slice(1)}`),
  "a robot's name: lower-case letters and digits, single . _ or - between them",
);

const scheduleNeeded =
  'never, or six fields "0 <minute> <hour> <day> <month> <weekday>": Harbor counts seconds first, which must be 0';
const scheduleField = z
  .string({ error: scheduleNeeded })
  .refine((value) => value === "never" || isHarborSchedule(value), { error: scheduleNeeded });

const patternField = text(
  /^[A-Za-z0-9._\-/*?{},[\]^!]{1,255}$/,
  "a pattern such as ** (all), team/** or v{1,2}.*",
);

const scope = {
  repositories: patternField
    .default("**")
    .describe("Repositories, by their name within the project; `**` means all."),
  tags: patternField.default("**").describe("Tags; `**` means all."),
};

const keepNeeded = "pushed, pulled or both: a rule without them keeps nothing";
const retentionRule = z
  .strictObject({
    ...scope,
    pushed: whole(1, 10_000, "artifacts")
      .optional()
      .describe("Keeps so many that were pushed last, of each repository."),
    pulled: whole(1, 10_000, "artifacts")
      .optional()
      .describe("Keeps so many that were pulled last, of each repository."),
  })
  .refine((rule) => rule.pushed !== undefined || rule.pulled !== undefined, { error: keepNeeded });

const quotaNeeded = "GiB as a whole number from 1 to 1048576, or unlimited";
const projectSchema = z.strictObject({
  quotaGiB: z
    .union(
      [
        z.literal("unlimited"),
        z
          .number()
          .int({ error: quotaNeeded })
          .min(1, { error: quotaNeeded })
          .max(1_048_576, { error: quotaNeeded }),
      ],
      { error: quotaNeeded },
    )
    .default("unlimited")
    .describe("Most GiB that the project may hold; a push beyond is refused."),
  public: z
    .boolean({ error: "true or false" })
    .default(true)
    .describe("Whether everyone on the site's network may pull without a login."),
  retention: z
    .strictObject({
      schedule: scheduleField
        .default("0 0 1 * * *")
        .describe("When the rules are applied; six fields, seconds first."),
      rules: list(retentionRule, 15, "rules")
        .min(1, { error: "at least one rule: none would keep nothing" })
        .describe(
          "What is kept: whatever matches any rule. The rest of the project is deleted, also what a workload still names.",
        ),
    })
    .optional()
    .describe(
      "Tidies up repositories that are built often. Never for projects that the bundle fills.",
    ),
  immutable: list(z.strictObject(scope), 100, "rules")
    .default([])
    .describe(
      "Tags that nobody can overwrite or delete once they are pushed. Never for projects that the bundle fills: KubeKey pushes its images again with each new one.",
    ),
});

const robotSchema = z.strictObject({
  projects: list(projectNameField, 100, "projects")
    .min(1, { error: "at least one project" })
    .describe("Projects that it may use; each is listed under `registry.projects`."),
  access: z
    .enum(["pull", "push"], { error: "pull or push" })
    .default("pull")
    .describe("What it may do: `pull`, or `push`, which includes pulling."),
  secret: secretNameField
    .optional()
    .describe(
      "Secret with its password: 8 to 128 characters with a lower-case letter, a capital and a digit. Default: a random one, kept in state.",
    ),
  days: z
    .union([z.literal("never"), whole(1, 36_500, "days")], {
      error: "a whole number of days, or never",
    })
    .default("never")
    .describe("Days from its creation after which it can no longer log in, or `never`."),
});

const urlNeeded = "an address with its scheme, such as https://harbor.example.com";
const replicationSchema = z.strictObject({
  url: text(/^https?:\/\/[A-Za-z0-9.-]+(:[0-9]{1,5})?$/, urlNeeded).describe(
    "Address of the second registry, as the registry host reaches it.",
  ),
  type: z
    .enum(["harbor", "docker-registry"], { error: "harbor or docker-registry" })
    .default("harbor")
    .describe("What the second registry is."),
  user: text(/^[\x21-\x7e]{1,255}$/, "a user name")
    .optional()
    .describe("User that pushes there, for example a robot of that Harbor."),
  passwordSecret: secretNameField.optional().describe("Secret with that user's password."),
  ca: certificateField
    .optional()
    .describe(
      "Authority of its certificate, where no public one signed it; Harbor takes one from 2.15 on.",
    ),
  when: z
    .string({ error: `push, or a schedule: ${scheduleNeeded}` })
    .refine((value) => value === "push" || isHarborSchedule(value), {
      error: `push, or a schedule: ${scheduleNeeded}`,
    })
    .default("push")
    .describe(
      "When images are copied: `push` for each as it arrives, a schedule for all that lack then.",
    ),
  projects: list(projectNameField, 100, "projects")
    .default([])
    .describe("Projects that are copied; all when the list is empty."),
  deletions: z
    .boolean({ error: "true or false" })
    .default(false)
    .describe("Whether what is deleted here is deleted there as well."),
});

export const registrySchema = z.strictObject({
  host: domainField
    .default("dockerhub.kubekey.local")
    .describe("Name that images carry inside the site; need not be in any DNS."),
  passwordSecret: secretNameField
    .optional()
    .describe("Secret with the registry's admin password. Default: a random one, kept in state."),
  dataDir: text(/^(\/[A-Za-z0-9_.-]+)+$/, "an absolute folder such as /mnt/registry")
    .refine((folder) => !folder.split("/").some((part) => part === ".." || part === "."), {
      error: "an absolute folder without . or ..",
    })
    .default("/mnt/registry")
    .describe("Folder of the registry host that holds the images."),
  projects: z
    .record(projectNameField, projectSchema, { error: "an object of project name and settings" })
    .default({})
    .describe(
      "Projects of Harbor with their settings. The first part of every image's path is a project by itself; list it to change its settings. A project that is taken off the list is left as it is, never deleted.",
    ),
  robots: z
    .record(robotNameField, robotSchema, { error: "an object of robot name and settings" })
    .default({})
    .describe(
      "Accounts for programs; Harbor calls them `robot$<name>`. One that is taken off the list is disabled.",
    ),
  garbageCollection: z
    .strictObject({
      schedule: scheduleField
        .default("0 0 3 * * 6")
        .describe("When space of deleted images is freed; six fields, seconds first, or `never`."),
      deleteUntagged: z
        .boolean({ error: "true or false" })
        .default(false)
        .describe(
          "Whether images without any tag go as well, also those that a workload names by digest.",
        ),
      workers: whole(1, 5, "workers").default(1).describe("How many work at the same time."),
    })
    .prefault({})
    .describe("Frees the space of what was deleted."),
  scan: z
    .strictObject({
      schedule: scheduleField
        .default("never")
        .describe(
          "When every image is scanned for known weaknesses; needs Trivy's database on the registry host.",
        ),
    })
    .prefault({})
    .describe("Scans for known weaknesses."),
  audit: z
    .strictObject({
      schedule: scheduleField
        .default("0 30 3 * * *")
        .describe("When old lines of Harbor's audit log are deleted."),
      keepDays: whole(1, 10_000, "days").default(365).describe("Days that lines are kept."),
      events: list(text(/^[a-z_]{1,64}$/, "an event such as pull"), 50, "events")
        .min(1, { error: "at least one event" })
        .default(["create", "delete", "pull"])
        .describe("Events whose lines are deleted, in the words of the Harbor version."),
    })
    .prefault({})
    .describe("Bounds the audit log."),
  replication: replicationSchema
    .optional()
    .describe("A second registry that gets a copy of every image."),
});

export type SiteRegistry = z.output<typeof registrySchema>;
