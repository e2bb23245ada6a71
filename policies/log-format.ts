import { z } from "zod";
import { logFormatLabel } from "../site/workload/logs";
import { knownNamespaces } from "./support/namespaces";
import { fields, namespaceOf } from "./support/objects";
import { ofBlueprint } from "./support/of-blueprint";
import { podTemplate } from "./support/pods";
import { subjectRule } from "./support/rule";

const formats: readonly unknown[] = ["json", "text"];

/** Workloads, and whole namespaces, of which nothing is collected: rules that leave out only some lines do not count. */
const notCollected = ofBlueprint(({ platform: { logging } }) => {
  const rules = logging?.filebeat.drop ?? [];
  return rules.filter(
    ({ namespace, container, matching }) =>
      namespace !== undefined && container === undefined && matching === undefined,
  );
});

export const logFormat = subjectRule({
  name: "log-format",
  description: `Pods whose logs are collected say by the label ${logFormatLabel} how their lines are read.`,
  why: "Without it lines of JSON are guessed at: one that is cut off or of two lines is lost among texts, and nobody finds its fields.",
  severity: "low",
  remedy: `label the Pods ${logFormatLabel}: json or text; a workload of the release states logs.format`,
  settings: z.strictObject({
    platform: z
      .boolean({ error: "true or false" })
      .default(false)
      .describe(
        "Whether Pods in the platform's own namespaces need it as well. Most are made by charts and operators, which write both; their lines are looked at one by one.",
      ),
  }),
  *judge({ object }, { blueprint, settings: { platform } }) {
    const template = podTemplate(object);
    if (object === undefined || template === undefined) return;
    if (blueprint.platform.logging === undefined) return;
    const namespace = namespaceOf(object);
    if (!platform && knownNamespaces(blueprint).get(namespace)?.owner === "platform") return;
    const ignored = notCollected(blueprint).some(
      (rule) =>
        rule.namespace === namespace &&
        (rule.workload === undefined || rule.workload === object.metadata?.name),
    );
    if (ignored) return;
    const format = fields(template.metadata.labels)[logFormatLabel];
    if (formats.includes(format)) return;
    yield {
      path: `${template.path === "" ? "" : `${template.path}.`}metadata.labels["${logFormatLabel}"]`,
      needed: "json or text",
      given: format === undefined ? "nothing" : JSON.stringify(format),
      absent: format === undefined,
    };
  },
});
