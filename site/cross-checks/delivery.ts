import type { CheckInput, CrossCheck } from "../check-input";
import { nearest, writeNearest } from "../nearest";
import { ownValue, type Path } from "../path";
import { deliveryMode, handedOver } from "../platform/delivery-modes";
import { deliverySecrets } from "../platform/delivery-secrets";
import { fullHost, nameSuffix } from "../platform/ingress-names";
import { exposed, statedHosts } from "../platform/routes";
import { type Problem, problem, show, siteProblem } from "../problems";
import { repositoryChecks } from "./delivery-repositories";
import { runnerChecks } from "./delivery-runners";
import { standbyOrGateway } from "./routes";

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

/** Its pages have a name of their own, somebody who serves them, and a certificate: a password goes over them. */
const pages: CrossCheck = {
  reads: [
    ["delivery"],
    ["ingress"],
    ["mesh"],
    ["certificates"],
    ["edge"],
    ["hosts"],
    ["workloads"],
  ],
  find: ({ site, release }) => {
    const { delivery, ingress, certificates } = site;
    const suffix = ingress && release && nameSuffix(site, release.product);
    if (delivery === undefined || release === undefined || suffix === undefined) return [];
    const own = fullHost(delivery.host, suffix);
    const taken = Object.entries(release.workloads).flatMap(([name, workload]) =>
      exposed(workload)
        .flatMap((item) => statedHosts(site, name, item))
        .map((host) => [fullHost(host, suffix), name] as const),
    );
    const owner = taken.find(([host]) => host === own)?.[1];
    const { via } = delivery;
    return [
      ...(owner === undefined
        ? []
        : [
            siteProblem(
              ["delivery", "host"],
              `a name that no workload has: ${own} is ${owner}'s`,
              show(delivery.host),
            ),
          ]),
      ...(via === undefined
        ? []
        : standbyOrGateway(via, site).map((needed) =>
            siteProblem(["delivery", "via"], needed, show(via)),
          )),
      ...(certificates === undefined
        ? [
            siteProblem(
              ["delivery"],
              "certificates at a site with an ingress: a password goes over Argo CD's pages",
              "a site without them",
              "add certificates: {}",
            ),
          ]
        : []),
    ];
  },
};

/** Every secret that delivery refers to is in the stack. */
const secrets: CrossCheck = {
  reads,
  find: ({ name, site, secretNames }: CheckInput) => {
    if (secretNames === undefined) return [];
    return deliverySecrets(site)
      .filter(({ secret }) => !secretNames.includes(secret))
      .map(({ path, secret }) => {
        const meant = nearest(secret, secretNames);
        const set = `pulumi config set -s ${name} --path --secret sitewright:secrets.${secret}`;
        const next = meant === undefined ? `set it: ${set}` : `write ${meant}, or set it: ${set}`;
        return siteProblem(path, "an entry of sitewright:secrets", show(secret), next);
      });
  },
};

/** Rules over who deploys what from where. */
export const deliveryChecks: readonly CrossCheck[] = [
  workspacesDelivered,
  productDelivered,
  order,
  pages,
  secrets,
  ...repositoryChecks,
  ...runnerChecks,
];
