import type { CrossCheck } from "../check-input";
import type { Path } from "../path";
import { repositoryAddress, repositoryIdentity } from "../platform/delivery-repositories";
import { hostOf } from "../platform/delivery-runners";
import { show, siteProblem } from "../problems";
import type { WorkspaceDelivery } from "../schema/delivery";
import type { Site } from "../schema/site";

/** Rules over configuration repositories. */

type Source = Pick<WorkspaceDelivery, "repository" | "path" | "codeRepository" | "accessSecret">;

interface Stated {
  readonly owner: string;
  readonly path: Path;
  readonly source: Source;
}

function sources({ delivery, tenancy }: Site): readonly Stated[] {
  const product = delivery?.product;
  return [
    ...(product === undefined
      ? []
      : [{ owner: "the product", path: ["delivery", "product"], source: product }]),
    ...Object.entries(tenancy?.workspaces ?? {}).flatMap(([workspace, { delivery: own }]) =>
      own === undefined
        ? []
        : [
            {
              owner: `workspace ${workspace}`,
              path: ["tenancy", "workspaces", workspace, "delivery"],
              source: own,
            },
          ],
    ),
  ];
}

/** Configuration stands apart from code: whoever may change the one need not be able to deploy the other. */
const apart: CrossCheck = {
  reads: [["delivery"], ["tenancy"]],
  find: ({ site }) =>
    sources(site).flatMap(({ path, source: { repository, codeRepository } }) =>
      codeRepository !== undefined &&
      repositoryIdentity(repository) === repositoryIdentity(codeRepository)
        ? [
            siteProblem(
              [...path, "repository"],
              "a repository of its own: this one holds the code",
              show(repository),
              "make one for the configuration alone",
            ),
          ]
        : [],
    ),
};

/** No folder of a repository belongs to two, and nobody's lies within another's. */
const ownFolders: CrossCheck = {
  reads: [["delivery"], ["tenancy"]],
  find: ({ site }) => {
    const all = sources(site);
    return all.flatMap(({ path, source }, at) => {
      const other = all.slice(0, at).find((one) => overlap(one.source, source));
      return other === undefined
        ? []
        : [
            siteProblem(
              [...path, "path"],
              `a folder of its own: ${other.owner} has this one, and what stands there would have two owners`,
              show(source.path ?? "the whole repository"),
              "name another folder, or another repository",
            ),
          ];
    });
  },
};

function overlap(one: Source, other: Source): boolean {
  if (repositoryIdentity(one.repository) !== repositoryIdentity(other.repository)) return false;
  const folder = ({ path }: Source) => (path === undefined ? "" : `${path}/`);
  return folder(one).startsWith(folder(other)) || folder(other).startsWith(folder(one));
}

/** Nobody on the way can deploy: every repository is read in a way that says who answers. */
const wayThere: CrossCheck = {
  reads: [["delivery"], ["tenancy"]],
  find: ({ site }) => {
    if (site.delivery === undefined) return [];
    const known = site.delivery.servers;
    return sources(site).flatMap(({ path, source }) => {
      const where = [...path, "repository"];
      const address = repositoryAddress(source.repository);
      if (address?.scheme === "http") {
        const needed = "https or ssh: over http anybody on the way could deploy";
        return [siteProblem(where, needed, show(source.repository))];
      }
      if (address !== undefined && !Object.hasOwn(known, address.host)) {
        const next = `add delivery.servers["${address.host}"]`;
        return [
          siteProblem(where, "a server that delivery.servers names", show(address.host), next),
        ];
      }
      if (address?.scheme !== "ssh" || source.accessSecret !== undefined) return [];
      const needed = "the secret with a private key, without which nobody reads over ssh";
      return [siteProblem([...path, "accessSecret"], needed, "nothing")];
    });
  },
};

/** Whoever answers under a server's name is known to be that server. */
const believed: CrossCheck = {
  reads: [["delivery"], ["tenancy"]],
  find: ({ site }) => {
    const { delivery } = site;
    const used = sources(site)
      .flatMap(({ source }) => repositoryAddress(source.repository) ?? [])
      .map(({ scheme, host }) => `${scheme}://${host}`);
    const gitlab = delivery?.gitlab === undefined ? [] : [`https://${hostOf(delivery.gitlab.url)}`];
    const asked = new Set([...used, ...gitlab]);
    return Object.entries(delivery?.servers ?? {}).flatMap(([host, { ca, ...server }]) => {
      const path = ["delivery", "servers", host];
      const { publicCertificate, hostKeys } = server;
      return [
        ...(asked.has(`https://${host}`) && (ca !== undefined) === publicCertificate
          ? [
              siteProblem(
                [...path, "ca"],
                "either the authority of its certificate, or publicCertificate: true",
                publicCertificate ? "both" : "neither",
              ),
            ]
          : []),
        ...(asked.has(`ssh://${host}`) && hostKeys.length === 0
          ? [
              siteProblem(
                [...path, "hostKeys"],
                "its host keys, since a repository is read over ssh",
                "none",
                `ask its administrator, or look: ssh-keyscan ${host}`,
              ),
            ]
          : []),
      ];
    });
  },
};

export const repositoryChecks: readonly CrossCheck[] = [apart, ownFolders, wayThere, believed];
