import type { CheckInput, CrossCheck } from "../check-input";
import { nearest } from "../nearest";
import type { Path } from "../path";
import { nodePorts } from "../platform/node-ports";
import { keptNamespaces, longestNamespace, tenantNamespace } from "../platform/tenancy-names";
import { type Problem, problem, show, siteProblem } from "../problems";
import type { TenancyException } from "../schema/tenancy";
import { derivedPlatform } from "./derived";
import { tenancyRoom } from "./tenancy-room";

const workspacesPath: Path = ["tenancy", "workspaces"];

/** A tenant's namespaces are its own: nobody else's name, and one that Kubernetes takes. */
const tenantNames: CrossCheck = {
  reads: [
    ["tenancy"],
    ["hosts"],
    ["release"],
    ...["storage", "certificates", "mesh", "ingress"].map((part) => [part]),
  ],
  find: (input) => {
    const { name, site, release } = input;
    if (site.tenancy === undefined || release === undefined) return [];
    const taken = takenNamespaces(input);
    return Object.entries(site.tenancy.workspaces).flatMap(([workspace, { namespaces }]) => {
      const path = [...workspacesPath, workspace];
      if (workspace === release.product) {
        const needed = `another name: ${workspace} is the product's own workspace`;
        return [siteProblem(path, needed, show(workspace), "state it under tenancy.product")];
      }
      return Object.keys(namespaces).flatMap((key) => {
        const full = tenantNamespace(name, workspace, key);
        const needed = nameNeeded(full, taken);
        const next = "choose another name for the namespace, its workspace or the site";
        const where = [...path, "namespaces", key];
        return needed === undefined ? [] : [siteProblem(where, needed, show(full), next)];
      });
    });
  },
};

function nameNeeded(full: string, taken: ReadonlyMap<string, string>): string | undefined {
  if (full.length > longestNamespace) {
    return `a name in Kubernetes of at most ${longestNamespace} letters; with site and workspace before it this one has ${full.length}`;
  }
  const owner = taken.get(full);
  if (owner !== undefined) return `a namespace of its own: this one belongs to ${owner}`;
  return keptNamespaces.test(full)
    ? "a name in Kubernetes that is not the platform's, as those are that begin with kube-"
    : undefined;
}

/** Names that are taken, each with who has it. */
function takenNamespaces(input: CheckInput) {
  const { release } = input;
  return new Map([
    ...(derivedPlatform(input)?.namespaces ?? []).map((one) => [one.name, "the platform"] as const),
    ...Object.keys(release?.namespaces ?? {}).map((one) => [one, "the release"] as const),
  ]);
}

/** The release's own namespaces are not those that the platform keeps for itself on this site. */
const productNames: CrossCheck = {
  reads: tenantNames.reads,
  find: (input) => {
    const { release } = input;
    const platform = derivedPlatform(input);
    if (release === undefined || platform === undefined) return [];
    return platform.namespaces
      .filter((one) => Object.hasOwn(release.namespaces, one.name))
      .map((one) =>
        problem(
          "release",
          ["namespaces", one.name],
          "a namespace of the product's own: this one belongs to the platform",
          show(one.name),
        ),
      );
  },
};

/** Settings of the product's namespaces name namespaces that the release has. */
const productNamespaces: CrossCheck = {
  reads: [["tenancy"]],
  find: ({ site, release }) => {
    if (site.tenancy === undefined || release === undefined) return [];
    const known = Object.keys(release.namespaces);
    return Object.keys(site.tenancy.product.namespaces)
      .filter((key) => !known.includes(key))
      .map((key) => {
        const meant = nearest(key, known);
        return siteProblem(
          ["tenancy", "product", "namespaces", key],
          `a namespace of release ${release.release}: ${known.join(", ")}`,
          show(key),
          meant === undefined ? "remove it, or make it a workspace's" : `write ${meant}`,
        );
      });
  },
};

/** A namespace is in the mesh only where there is one. */
const tenantMesh: CrossCheck = {
  reads: [["tenancy"], ["mesh"]],
  find: ({ site }) => {
    if (site.mesh !== undefined) return [];
    return Object.entries(site.tenancy?.workspaces ?? {}).flatMap(([workspace, { namespaces }]) =>
      Object.entries(namespaces)
        .filter(([, { mesh }]) => mesh)
        .map(([key]) =>
          siteProblem(
            [...workspacesPath, workspace, "namespaces", key, "mesh"],
            "a mesh: this site has none",
            "true",
            "add mesh to the site, or leave this out",
          ),
        ),
    );
  },
};

/** Every exception has another end, and one that is there. */
const exceptions: CrossCheck = {
  reads: [["tenancy"]],
  find: ({ site, release }) => {
    const { tenancy } = site;
    if (tenancy === undefined || release === undefined) return [];
    const tenants = Object.entries(tenancy.workspaces).flatMap(([workspace, { namespaces }]) =>
      Object.entries(namespaces).map(([key, { allow }]) => ({
        own: `${workspace}/${key}`,
        path: [...workspacesPath, workspace, "namespaces", key],
        allow,
      })),
    );
    const product = Object.entries(tenancy.product.namespaces).map(([own, { allow }]) => ({
      own,
      path: ["tenancy", "product", "namespaces", own],
      allow,
    }));
    const known = [...Object.keys(release.namespaces), ...tenants.map(({ own }) => own)];
    return [...product, ...tenants].flatMap(({ own, path, allow }) =>
      allow.flatMap((one, at) => exceptionProblems(one, own, known, [...path, "allow", at])),
    );
  },
};

function exceptionProblems(
  { from, to }: TenancyException,
  own: string,
  known: readonly string[],
  path: Path,
): readonly Problem[] {
  const end = from ?? to;
  if (end === undefined || (from !== undefined && to !== undefined)) {
    const given = end === undefined ? "neither" : "both";
    return [siteProblem(path, "either from or to: the other end is the namespace itself", given)];
  }
  const where = [...path, from === undefined ? "to" : "from"];
  if ((end.namespace === undefined) === (end.cidr === undefined)) {
    const given = end.cidr === undefined ? "neither" : "both";
    return [siteProblem(where, "either namespace or cidr", given)];
  }
  const { namespace } = end;
  if (namespace === undefined) return [];
  if (namespace === own) {
    const needed = "another namespace: within its own every connection is open";
    return [siteProblem([...where, "namespace"], needed, show(namespace), "remove it")];
  }
  if (known.includes(namespace)) return [];
  const meant = nearest(namespace, known);
  return [
    siteProblem(
      [...where, "namespace"],
      `a namespace of a workspace or of the release, not of the platform: ${known.join(", ")}`,
      show(namespace),
      meant === undefined ? "what the platform needs is open already" : `write ${meant}`,
    ),
  ];
}

/** KubeSphere only with its producer's permission, and on a port that nothing else has. */
const kubesphere: CrossCheck = {
  reads: [["tenancy"], ["edge"]],
  find: ({ site }) => {
    const wanted = site.tenancy?.kubesphere;
    if (wanted === undefined) return [];
    const path = ["tenancy", "kubesphere"];
    const taken = [
      ...Object.values(nodePorts).flatMap((ports) => Object.values<number>(ports)),
      ...(site.edge?.ports ?? []).map(({ nodePort }) => nodePort),
    ];
    return [
      ...(wanted.acceptLicence
        ? []
        : [
            siteProblem(
              [...path, "acceptLicence"],
              "true: the licence of KubeSphere 4 is Apache-2.0 with restrictions, by which commercial use at a customer's, embedding it in a product and passing it on need its producer's permission",
              "false",
              "let the customer obtain that permission and set it to true, or remove tenancy.kubesphere: roles, quotas and policies work without",
            ),
          ]),
      ...(taken.includes(wanted.consoleNodePort)
        ? [
            siteProblem(
              [...path, "consoleNodePort"],
              `a node port that is free: ${taken.join(", ")} are not`,
              show(wanted.consoleNodePort),
            ),
          ]
        : []),
    ];
  },
};

/** Rules over the site's `tenancy` key. */
export const tenancyChecks: readonly CrossCheck[] = [
  tenantNames,
  productNames,
  productNamespaces,
  tenantMesh,
  exceptions,
  ...tenancyRoom,
  kubesphere,
];
