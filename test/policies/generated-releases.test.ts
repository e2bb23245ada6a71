import assert from "node:assert/strict";
import fc from "fast-check";
import { disruptionBudgets } from "../../policies/disruption-budgets";
import { podSpread } from "../../policies/pod-spread";
import { rules } from "../../policies/rules";
import { makeBlueprint } from "../../site/blueprint";
import type { Blueprint } from "../../site/blueprint-types";
import { parseDocument } from "../../site/parse";
import { releaseSchema } from "../../site/schema/release";
import { siteSchema } from "../../site/schema/site";
import { anyRelease, roomySecrets, roomySite } from "../support/any-release";
import { wholeBundle } from "../support/bundled-site";
import { releaseProblems } from "../support/releases";
import { catalogue } from "../support/sites";
import { objectSubject, siteA, violations } from "./support/judging";
import { deployment } from "./support/sample-objects";
import { subjectsOf } from "./support/site-subjects";

// biome-ignore lint/suspicious/noExplicitAny: what people write is known to the schema alone
type Data = any;

/** A site with what the sample sites do not have: NFS, a mesh without sidecars, workspaces of KubeSphere. */
function otherSite(): Data {
  const site = roomySite();
  site.hosts.push({ ...site.hosts[2], name: "worker-3", address: "192.0.2.23" });
  return {
    ...site,
    mesh: { mode: "ambient" },
    certificates: {},
    ingress: { domain: "apps.example", httpsRedirect: false },
    monitoring: {},
    tenancy: { kubesphere: { acceptLicence: true } },
    configCentre: { kind: "consul", acceptLicence: true },
  };
}

/** What a release has to say for the rules, and `check` lets it leave out: probes of ports, Pods kept apart. */
function withAllThatRulesAsk(release: Data): Data {
  for (const workload of Object.values<Data>(release.workloads)) {
    const [port] = workload.ports ?? [];
    if (port !== undefined) workload.probe ??= { port: port.port };
    if (workload.antiAffinity === undefined && workload.replicas === undefined) continue;
    delete workload.antiAffinity;
    if (workload.kind === "StatefulSet" && workload.replicas > 2)
      workload.antiAffinity = "required";
  }
  return release;
}

describe("Policies over generated releases", () => {
  it("find nothing wrong with what check accepts", async function () {
    this.timeout(60_000);
    const data = otherSite();
    const site = parseDocument("site", siteSchema, data).value;
    for (const given of fc.sample(anyRelease(), 1)) {
      const stated = withAllThatRulesAsk(structuredClone(given));
      assert.deepEqual(releaseProblems(stated, data, roomySecrets), []);
      const release = parseDocument("release", releaseSchema, stated).value;
      assert.ok(site && release);
      const bundle = wholeBundle(release.release);
      const blueprint = makeBlueprint({ name: "site-t", site, release, catalogue, bundle });
      const { subjects } = await subjectsOf(blueprint);
      const found = rules.flatMap((rule) => violations(rule, subjects, { blueprint }));
      assert.deepEqual(found, [], JSON.stringify(stated));
    }
  });

  it("let as many Pods go at once as a release states with its reason, and no more", () => {
    const labels = { "app.kubernetes.io/name": "web" };
    const budget = (maxUnavailable: number) =>
      objectSubject({
        apiVersion: "policy/v1",
        kind: "PodDisruptionBudget",
        metadata: { name: "web", namespace: "parcels" },
        spec: { maxUnavailable, selector: { matchLabels: labels } },
      });
    const [first] = siteA().workloads;
    assert.ok(first);
    const kind = "Deployment" as const;
    const web = { ...first, kind, name: "web", namespace: "parcels", maxUnavailable: 2 };
    const blueprint: Blueprint = { ...siteA(), workloads: [web] };
    const pods = objectSubject(deployment());
    const found = (most: number, by = blueprint) =>
      violations(disruptionBudgets, [pods, budget(most)], { blueprint: by }).length;
    assert.equal(found(2), 0);
    assert.equal(found(3), 1);
    const { maxUnavailable: _, ...usual } = web;
    assert.equal(found(2, { ...blueprint, workloads: [usual] }), 1);
  });

  it("say what a site with too few nodes for a StatefulSet can do", () => {
    const set = deployment((object) => {
      object.kind = "StatefulSet";
      object.spec.replicas = 3;
      delete object.spec.template.spec.topologySpreadConstraints;
    });
    const workers = siteA().hosts.filter(({ roles }) => roles.includes("worker"));
    const next = (hosts: typeof workers) =>
      violations(podSpread, [objectSubject(set)], { blueprint: { ...siteA(), hosts } }).join("\n");
    assert.match(next(workers), /next: make the anti-affinity one of required/);
    assert.match(
      next(workers.slice(1)),
      /next: 2 nodes take them: state at most 2 under workloads/,
    );
  });
});
