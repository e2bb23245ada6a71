import type { CrossCheck } from "../check-input";
import { writeNearest } from "../nearest";
import { ownValue, type Path } from "../path";
import { deliveryMode, handedOver } from "../platform/delivery-modes";
import { deliverySecrets } from "../platform/delivery-secrets";
import { type Problem, problem, show, siteProblem } from "../problems";
import { repositoryChecks } from "./delivery-repositories";
import { runnerChecks } from "./delivery-runners";
import { missingSecrets } from "./stack-secrets";

const reads = [["delivery"], ["tenancy"]];

/** Who is to deploy from a repository has Argo CD to do it, and somewhere to do it. */
const workspacesDelivered: CrossCheck = {
  reads,
  find: ({ site }) =>
    Object.entries(site.tenancy?.workspaces ?? {}).flatMap(([workspace, stated]) => {
      if (stated.delivery === undefined) return [];
      const path = ["tenancy", "workspaces", workspace];
      return [
        ...(site.delivery === undefined ? [noArgo([...path, "delivery", "mode"])] : []),
        ...(Object.keys(stated.namespaces).length === 0
          ? [
              siteProblem(
                [...path, "namespaces"],
                "at least one namespace that Argo CD deploys into",
                "none",
                "add one, or remove the workspace's delivery",
              ),
            ]
          : []),
      ];
    }),
};

function noArgo(path: Path): Problem {
  const next = "add the key delivery to the site (delivery: {} is enough), or remove this";
  return siteProblem(path, "Argo CD at this site, which deploys", "a site without delivery", next);
}

/** Namespaces of the release that are handed over are there, and there is a repository for them. */
const productDelivered: CrossCheck = {
  reads: [["delivery"]],
  find: ({ site, release }) => {
    if (release === undefined) return [];
    const product = site.delivery?.product;
    const path = ["delivery", "product"];
    const known = Object.keys(release.namespaces);
    const unknown = Object.keys(product?.namespaces ?? {}).filter((name) => !known.includes(name));
    const over = handedOver(site, release);
    return [
      ...unknown.map((name) => {
        return siteProblem(
          [...path, "namespaces", name],
          `a namespace of release ${release.release}: ${known.join(", ")}`,
          show(name),
          writeNearest(name, known, "remove it"),
        );
      }),
      ...(product === undefined
        ? over.map((name) =>
            problem(
              "release",
              ["namespaces", name, "delivery", "mode"],
              "Argo CD at this site, and a configuration repository of the product",
              site.delivery === undefined ? "a site without delivery" : "no delivery.product",
              "add delivery.product with its repository to the site",
            ),
          )
        : []),
    ];
  },
};

/** What the deployment makes cannot wait for what Argo CD makes: it does not know when that is up. */
const order: CrossCheck = {
  reads: [["delivery"]],
  find: ({ site, release }) => {
    if (release === undefined) return [];
    const mode = (namespace: string) => deliveryMode(site, release, namespace);
    return Object.entries(release.workloads).flatMap(([name, { namespace, after }]) =>
      after.flatMap((other, at) => {
        const earlier = ownValue(release.workloads, other);
        if (earlier === undefined || earlier.namespace === namespace) return [];
        if (mode(namespace) !== "gitops" && mode(earlier.namespace) !== "gitops") return [];
        return [
          problem(
            "release",
            ["workloads", name, "after", at],
            "a workload with the same owner: where Argo CD deploys one of two namespaces, neither waits for the other",
            `${other} in ${earlier.namespace}`,
            "remove it, or let both namespaces be delivered in the same way",
          ),
        ];
      }),
    );
  },
};

/** Every secret that delivery refers to is in the stack. */
const secrets: CrossCheck = {
  reads,
  find: (input) => missingSecrets(input, deliverySecrets(input.site)),
};

/** Rules over who deploys what from where. */
export const deliveryChecks: readonly CrossCheck[] = [
  workspacesDelivered,
  productDelivered,
  order,
  secrets,
  ...repositoryChecks,
  ...runnerChecks,
];
