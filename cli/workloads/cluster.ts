import { type LoadedSite, loadSite } from "../../site/load";
import type { Io } from "../io";
import { withAdministrator } from "../kubeconfig/administrator";
import { readSecrets } from "../secrets";
import type { ApiAccess } from "../step/api-client";
import { targetsOf } from "../targets";
import { type Asked, workloadOf } from "./chosen";

/** Does something with the API of a site's cluster, as its administrator. */
export async function withCluster<Result>(
  { name, blueprint }: LoadedSite,
  io: Io,
  work: (access: ApiAccess) => Promise<Result>,
): Promise<Result> {
  const targets = targetsOf(blueprint, await readSecrets({ ...io, site: name }), io.root);
  const say = (line: string) => void io.stderr.write(`${line}\n`);
  return await withAdministrator({ cluster: blueprint.cluster, targets, say }, work);
}

/** The same for one workload, whose name is looked at before anything is reached for. */
export async function withWorkload<Result>(
  site: string,
  workload: string,
  io: Io,
  work: (access: ApiAccess, asked: Asked) => Promise<Result>,
): Promise<Result> {
  const found = loadSite(site, io.root);
  const { product } = found.release;
  const asked = { site, product, workload: workloadOf(found, workload) };
  return await withCluster(found, io, (access) => work(access, asked));
}
