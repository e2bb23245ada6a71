import type { KubeApi, KubeObject } from "../kubekey/cluster/kube-api";
import { type Found, type Operator, writeStatus } from "./operator";

/**
 * Argo CD: an Application is in order when its project lets it be, and its repository is known. Nothing is read from
 * any repository, so what one holds counts as deployed.
 */

const namespace = "argocd";
const group = "/apis/argoproj.io/v1alpha1";
const server = "https://kubernetes.default.svc";

export const argoCd: Operator = {
  name: "argo-cd",
  watches: [`${group}/applications`],
  look: async (found, api) => {
    if (!(await controllerRuns(api))) return;
    const faults = await faultsOf(found, api);
    const sound = faults.length === 0;
    await writeStatus(api, found, {
      sync: { status: sound ? "Synced" : "Unknown" },
      health: { status: sound ? "Healthy" : "Unknown" },
      conditions: faults.map(([type, message]) => ({ type, message })),
    });
  },
};

type Fault = readonly [type: string, message: string];

interface ApplicationSpec {
  readonly project: string;
  readonly destination: { readonly server?: string; readonly namespace?: string };
  readonly source: { readonly repoURL: string; readonly path?: string };
}

interface ProjectSpec {
  readonly sourceRepos?: readonly string[];
  readonly destinations?: readonly { readonly server: string; readonly namespace: string }[];
}

async function faultsOf({ object }: Found, api: KubeApi): Promise<readonly Fault[]> {
  const { project, destination, source } = object.spec as ApplicationSpec;
  const invalid = (message: string): readonly Fault[] => [["InvalidSpecError", message]];
  if (object.metadata.namespace !== namespace)
    return invalid("app is not in the namespace of Argo CD");
  const found = await api.get<KubeObject>(
    `${group}/namespaces/${namespace}/appprojects/${project}`,
  );
  if (found === undefined) {
    return invalid(`Application referencing project ${project} which does not exist`);
  }
  const { sourceRepos = [], destinations = [] } = found.spec as ProjectSpec;
  if (!sourceRepos.includes(source.repoURL)) {
    return invalid(`application repo ${source.repoURL} is not permitted in project '${project}'`);
  }
  const permitted = destinations.some(
    (one) => one.server === destination.server && one.namespace === destination.namespace,
  );
  if (!permitted || destination.server !== server) {
    return invalid(
      `application destination server '${destination.server}' and namespace '${destination.namespace}' do not match any of the allowed destinations in project '${project}'`,
    );
  }
  const missing = await api.get(`/api/v1/namespaces/${destination.namespace}`);
  if (missing === undefined)
    return [["SyncError", `namespaces "${destination.namespace}" not found`]];
  return repositoryFaults(source.repoURL, project, api);
}

/** A repository has a Secret of its own that the project may use, with something to log in by, if anything. */
async function repositoryFaults(
  url: string,
  project: string,
  api: KubeApi,
): Promise<readonly Fault[]> {
  const list = await api.get<{ readonly items: readonly KubeObject[] }>(
    `/api/v1/namespaces/${namespace}/secrets?labelSelector=${encodeURIComponent("argocd.argoproj.io/secret-type=repository")}`,
  );
  const known = (list?.items ?? [])
    .map(({ data }) => data as Readonly<Record<string, string>> | undefined)
    .map((data) => (key: string) => Buffer.from(data?.[key] ?? "", "base64").toString())
    .find((read) => read("url") === url && ["", project].includes(read("project")));
  const comparison = (message: string): readonly Fault[] => [["ComparisonError", message]];
  if (known === undefined) return comparison(`repository ${url} is not configured`);
  if (!/^https?:/.test(url) && !known("sshPrivateKey").includes("PRIVATE KEY")) {
    return comparison("failed to list refs: ssh: no key found");
  }
  return known("username") !== "" && known("password") === ""
    ? comparison("failed to list refs: authentication required")
    : [];
}

async function controllerRuns(api: KubeApi): Promise<boolean> {
  const found = await api.get<KubeObject>(
    `/apis/apps/v1/namespaces/${namespace}/statefulsets/argocd-application-controller`,
  );
  const { readyReplicas = 0 } = (found?.status ?? {}) as { readyReplicas?: number };
  return readyReplicas > 0;
}
