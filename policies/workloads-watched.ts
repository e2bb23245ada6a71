import type { ProbeBlueprint } from "../site/platform/monitoring-target-types";
import type { Inventory, ObjectSubject } from "./support/inventory";
import { selects } from "./support/label-selector";
import { knownNamespaces } from "./support/namespaces";
import { fields, items, namespaceOf, textOf } from "./support/objects";
import { podTemplate } from "./support/pods";
import { productWorkload } from "./support/product-workloads";
import { type FigureSelector, selectorsOf } from "./support/promql-selectors";
import { wholeRule } from "./support/rule";

/** Labels by which figures name what makes Pods, with the kind that it is; the others name any. */
const nameLabels: Readonly<Record<string, string | undefined>> = {
  workload: undefined,
  deployment: "Deployment",
  statefulset: "StatefulSet",
  daemonset: "DaemonSet",
  cronjob: "CronJob",
  job_name: "Job",
};

/** Beginnings of figures that only one kind has. */
const kindFigures: readonly (readonly [string, readonly string[]])[] = [
  ["kube_deployment_", ["Deployment"]],
  ["kube_statefulset_", ["StatefulSet"]],
  ["kube_daemonset_", ["DaemonSet"]],
  ["kube_cronjob_", ["CronJob"]],
  ["kube_job_", ["Job", "CronJob"]],
];

/** Figures that there are of every workload; any other is one workload's own, whichever that is. */
const general = /^(kube_|container_|up$|$)/;

export const workloadsWatched = wholeRule({
  name: "workloads-watched",
  description:
    "Every workload of the product has at least one alert, and the monitor and probe that the release and its routes ask for.",
  why: "What nobody watches is down until a customer calls.",
  severity: "medium",
  remedy:
    "let the deployment make its monitor, probe and rules again, or state metrics and alerts in the release",
  sources: ["deployment", "state"],
  *judgeAll(inventory, { blueprint }) {
    const { monitoring } = blueprint.platform;
    if (monitoring === undefined) return;
    const alerts = alertSelectors(inventory);
    const probed = probedWorkloads(inventory);
    const wanted = probesByWorkload(monitoring.probing.probes);
    for (const subject of inventory.objects) {
      const { object } = subject;
      const template = podTemplate(object);
      if (template === undefined) continue;
      const namespace = textOf(namespaceOf(object));
      if (knownNamespaces(blueprint).get(namespace)?.owner !== "product") continue;
      const { kind } = object;
      const name = textOf(object.metadata?.name);
      if (!alerts.some((alert) => isAbout(alert, { kind, namespace, name }))) {
        const needed = "at least one alert over its figures";
        yield { about: subject, path: "", needed, given: "none in any PrometheusRule" };
      }
      const workload = productWorkload(object, blueprint);
      if (workload === undefined) continue;
      const labels = fields(template.metadata.labels);
      if (workload.metrics !== undefined && !isMonitored(inventory, namespace, labels)) {
        const needed = "a PodMonitor or ServiceMonitor that takes in its Pods";
        const given = `none, though the release says that it shows figures on port ${workload.metrics.port}`;
        yield { about: subject, path: "", needed, given };
      }
      const place = `${namespace}/${workload.name}`;
      const probes = wanted.get(place) ?? [];
      if (probes.length > 0 && !probed.has(place)) {
        const needed = `a Probe that asks it as its clients do: ${probes.join(", ")}`;
        yield { about: subject, path: "", needed, given: "none with its labels" };
      }
    }
  },
});

/** Selectors of all alerts that name a namespace: others look at everything, and nobody of the product is told. */
function alertSelectors(inventory: Inventory): readonly FigureSelector[] {
  const rules = inventory
    .of("monitoring.coreos.com/PrometheusRule")
    .flatMap(({ object }) => items(object.spec?.groups))
    .flatMap((group) => items(fields(group).rules).map(fields));
  return rules
    .filter(({ alert }) => alert !== undefined)
    .flatMap(({ expr }) => selectorsOf(textOf(expr)))
    .filter(({ matchers }) =>
      matchers.some(({ label, positive }) => label === "namespace" && positive),
    );
}

interface Workload {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** Whether a selector takes in figures about a workload, as far as its labels say. */
function isAbout({ figure, matchers }: FigureSelector, { kind, namespace, name }: Workload) {
  const [, kinds] = kindFigures.find(([begin]) => figure.startsWith(begin)) ?? [];
  if (kinds !== undefined && !kinds.includes(kind)) return false;
  const isNamed = matchers.some(
    ({ label, positive }) => positive && (label === "pod" || Object.hasOwn(nameLabels, label)),
  );
  if (!isNamed && !general.test(figure)) return false;
  return matchers.every(({ label, positive, meets }) => {
    if (label === "namespace") return meets(namespace) === positive;
    if (label === "pod") return meets(`${name}-0`) === positive;
    if (!Object.hasOwn(nameLabels, label)) return true;
    const of = nameLabels[label];
    return of !== undefined && of !== kind ? !positive : meets(name) === positive;
  });
}

/** Whether anything in its namespace, or in all, takes figures from Pods with these labels. */
function isMonitored(
  inventory: Inventory,
  namespace: string,
  labels: Readonly<Record<string, unknown>>,
): boolean {
  const looksHere = ({ object }: ObjectSubject) => {
    const { any, matchNames } = fields(object.spec?.namespaceSelector);
    const names = items(matchNames);
    return any === true || (names.length === 0 ? [namespaceOf(object)] : names).includes(namespace);
  };
  const monitors = (kind: string) =>
    inventory
      .of(`monitoring.coreos.com/${kind}`)
      .filter(looksHere)
      // One that takes in all Pods is another's: that of the mesh's proxies.
      .filter(({ object }) => Object.keys(fields(object.spec?.selector)).length > 0);
  if (monitors("PodMonitor").some(({ object }) => selects(object.spec?.selector, labels))) {
    return true;
  }
  const services = inventory
    .of("Service")
    .filter(({ object }) => namespaceOf(object) === namespace)
    .filter(({ object }) => selects({ matchLabels: object.spec?.selector }, labels));
  return monitors("ServiceMonitor").some(({ object }) =>
    services.some((service) =>
      selects(object.spec?.selector, fields(service.object.metadata?.labels)),
    ),
  );
}

/** Workloads that are asked, as `namespace/name`: the labels of their probes say so. */
function probedWorkloads(inventory: Inventory): ReadonlySet<string> {
  const labels = inventory
    .of("monitoring.coreos.com/Probe")
    .map(({ object }) => fields(fields(fields(object.spec?.targets).staticConfig).labels));
  return new Set(
    labels.map(({ namespace, workload }) => `${textOf(namespace)}/${textOf(workload)}`),
  );
}

/** What clients ask of each workload, by `namespace/name`. */
function probesByWorkload(
  probes: readonly ProbeBlueprint[],
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { labels, url } of probes) {
    const { namespace, workload } = labels;
    if (namespace === undefined || workload === undefined) continue;
    const place = `${namespace}/${workload}`;
    found.set(place, [...(found.get(place) ?? []), url]);
  }
  return found;
}
