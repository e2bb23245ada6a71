import type { BlueprintInput } from "../blueprint-input";
import type { Delivery } from "../schema/delivery";
import { handedOver } from "./delivery-modes";
import { repositoryAddress } from "./delivery-repositories";
import type {
  ApplicationBlueprint,
  KindOf,
  ProjectBlueprint,
  RepositoryBlueprint,
} from "./delivery-types";
import { tenantNamespace } from "./tenancy-names";

/** Who may deploy what, from where, into which namespaces. */

type Source = Omit<NonNullable<Delivery["product"]>, "namespaces">;

const of = (group: string, ...kinds: readonly string[]): readonly KindOf[] =>
  kinds.map((kind) => ({ group, kind }));

/**
 * What a team's repository may hold: what its developers may deploy by hand, since whoever writes there deploys. Argo CD
 * itself could do everything, so what is missing here is what keeps quotas, policies and roles the site's.
 */
export const tenantKinds: readonly KindOf[] = [
  ...of("", "ConfigMap", "PersistentVolumeClaim", "Pod", "Secret", "Service"),
  ...of("apps", "DaemonSet", "Deployment", "StatefulSet"),
  ...of("autoscaling", "HorizontalPodAutoscaler"),
  ...of("batch", "CronJob", "Job"),
  ...of("policy", "PodDisruptionBudget"),
  ...of("networking.k8s.io", "Ingress"),
  ...of("gateway.networking.k8s.io", "GRPCRoute", "HTTPRoute"),
];

/** Kinds of a product's namespace that stay the deployment's: no object has two owners. */
export const deploymentKinds: readonly KindOf[] = [
  ...of("", "LimitRange", "PersistentVolumeClaim", "ResourceQuota", "Secret"),
  ...of("rbac.authorization.k8s.io", "Role", "RoleBinding"),
  ...of("networking.istio.io", "Sidecar"),
];

/** The product's project first, if it has one, then every workspace's that deploys from a repository. */
export function deliveryProjects(input: BlueprintInput): readonly ProjectBlueprint[] {
  const { name: site, site: stated, release } = input;
  const product = stated.delivery?.product;
  const namespaces = handedOver(stated, release);
  const own: readonly ProjectBlueprint[] =
    product === undefined || namespaces.length === 0
      ? []
      : [
          {
            ...project(release.product, "The product's own namespaces", product, (path) =>
              namespaces.map((name) => ({ name, namespace: name, path: path(name) })),
            ),
            kinds: { allBut: deploymentKinds },
          },
        ];
  const workspaces = Object.entries(stated.tenancy?.workspaces ?? {})
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([workspace, { delivery, namespaces: keys }]): readonly ProjectBlueprint[] => {
      if (delivery === undefined) return [];
      const applications = (path: (key: string) => string) =>
        Object.keys(keys)
          .sort()
          .map((key) => {
            const namespace = tenantNamespace(site, workspace, key);
            return { name: namespace, namespace, path: path(key) };
          });
      return [
        {
          ...project(workspace, `Namespaces of ${workspace}`, delivery, applications),
          kinds: { only: tenantKinds },
        },
      ];
    });
  return [...own, ...workspaces];
}

function project(
  name: string,
  description: string,
  source: Source,
  applications: (
    path: (key: string) => string,
  ) => readonly Omit<ApplicationBlueprint, "revision">[],
): Omit<ProjectBlueprint, "kinds"> {
  return {
    name,
    description,
    repository: repositoryBlueprint(source),
    applications: applications((key) => configurationFolder(source, key)).map((one) => ({
      ...one,
      revision: source.revision,
    })),
  };
}

/** Folder of a namespace in its configuration repository. */
export function configurationFolder({ path }: Pick<Source, "path">, key: string): string {
  return path === undefined ? key : `${path}/${key}`;
}

function repositoryBlueprint({ repository, user, accessSecret }: Source): RepositoryBlueprint {
  if (accessSecret === undefined) return { url: repository };
  const password = repositoryAddress(repository)?.scheme !== "ssh";
  return { url: repository, access: { secret: accessSecret, ...(password && { user }) } };
}
