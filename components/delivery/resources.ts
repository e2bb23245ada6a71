import type {
  ApplicationBlueprint,
  KindOf,
  ProjectBlueprint,
  RepositoryBlueprint,
  RunnerBlueprint,
} from "../../site/platform/delivery-types";
import { ownLabels } from "../support/own-labels";

/** Objects that Argo CD and GitLab runners work by, as plain data. */

const apiVersion = "argoproj.io/v1alpha1";

/** The cluster that Argo CD itself runs in. */
const server = "https://kubernetes.default.svc";

/** Names of Secrets in a runner's namespace. */
export const tokenSecret = "gitlab-runner-token";
export const certificatesSecret = "gitlab-runner-certificates";

/** Name of the Secret that lets Argo CD read a project's repository. */
export function repositorySecret({ name }: Pick<ProjectBlueprint, "name">): string {
  return `repository-${name}`;
}

/** A project that may do nothing. Argo CD would make its own, which may do everything. */
export function closedProject(namespace: string) {
  return {
    apiVersion,
    kind: "AppProject",
    metadata: { name: "default", namespace, labels: ownLabels },
    spec: { description: "Deploys nothing", sourceRepos: [], destinations: [] },
  };
}

/** What may be deployed from one repository: into these namespaces, and nothing of the cluster's own. */
export function appProject(
  namespace: string,
  { name, description, repository, applications, kinds }: ProjectBlueprint,
) {
  const kindsOf = (list: readonly KindOf[]) => list.map(({ group, kind }) => ({ group, kind }));
  return {
    apiVersion,
    kind: "AppProject",
    metadata: { name, namespace, labels: ownLabels },
    spec: {
      description,
      sourceRepos: [repository.url],
      destinations: applications.map((one) => ({ server, namespace: one.namespace })),
      clusterResourceWhitelist: [],
      ...("only" in kinds
        ? { namespaceResourceWhitelist: kindsOf(kinds.only) }
        : { namespaceResourceBlacklist: kindsOf(kinds.allBut) }),
    },
  };
}

/**
 * A namespace as its repository has it. Without a finalizer: when it goes, what runs stays. What the repository holds is
 * not waited for: a faulty commit of a team must not stop the site's deployment.
 */
export function application(
  namespace: string,
  { name: project, repository }: Pick<ProjectBlueprint, "name" | "repository">,
  { name, namespace: target, path, revision }: ApplicationBlueprint,
) {
  return {
    apiVersion,
    kind: "Application",
    metadata: {
      name,
      namespace,
      labels: ownLabels,
      // There as soon as Argo CD has looked at it, whatever it found.
      annotations: { "pulumi.com/waitFor": "jsonpath={.status.sync.status}" },
    },
    spec: {
      project,
      destination: { server, namespace: target },
      source: { repoURL: repository.url, path, targetRevision: revision },
      syncPolicy: {
        automated: { prune: true, selfHeal: true },
        // Objects that the deployment made are taken over field by field, and kept. Only what differs is touched: otherwise
        // every commit would put each Job, which cannot be changed, in the place of itself and run it again.
        syncOptions: ["ServerSideApply=true", "ApplyOutOfSyncOnly=true", "CreateNamespace=false"],
        retry: { limit: 5, backoff: { duration: "10s", factor: 2, maxDuration: "5m" } },
      },
      revisionHistoryLimit: 5,
    },
  };
}

/** How Argo CD reads a repository, for the use of one project alone. */
export function repositoryAccess<Text>(
  namespace: string,
  project: ProjectBlueprint,
  secretOf: (name: string) => Text,
) {
  const { url, access } = project.repository;
  return {
    metadata: {
      name: repositorySecret(project),
      namespace,
      labels: { ...ownLabels, "argocd.argoproj.io/secret-type": "repository" },
    },
    stringData: { type: "git", url, project: project.name, ...login(access, secretOf) },
  };
}

function login<Text>(access: RepositoryBlueprint["access"], secretOf: (name: string) => Text) {
  if (access === undefined) return {};
  const { secret, user } = access;
  return user === undefined
    ? { sshPrivateKey: secretOf(secret) }
    : { username: user, password: secretOf(secret) };
}

/** The account that jobs run as. */
export function jobAccount({ account, namespace }: RunnerBlueprint) {
  return { metadata: { name: account, namespace: namespace.name, labels: ownLabels } };
}

/** Lets jobs look at one of the workspace's namespaces. */
export function jobWatch(
  watched: string,
  { account, namespace, watchRole: name }: RunnerBlueprint,
) {
  return {
    metadata: { name: "runner-jobs", namespace: watched, labels: ownLabels },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name },
    subjects: [{ kind: "ServiceAccount", name: account, namespace: namespace.name }],
  };
}

/** The token under both names that the chart asks for. */
export function runnerToken<Text>({ namespace }: RunnerBlueprint, token: Text) {
  return {
    metadata: { name: tokenSecret, namespace: namespace.name, labels: ownLabels },
    stringData: { "runner-token": token, "runner-registration-token": "" },
  };
}

/** GitLab's authority, by the name under which GitLab Runner looks for it. */
export function runnerCertificates({ namespace, host, ca }: RunnerBlueprint) {
  if (ca === undefined) return undefined;
  return {
    metadata: { name: certificatesSecret, namespace: namespace.name, labels: ownLabels },
    stringData: { [`${host}.crt`]: ca },
  };
}
