import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { parse } from "yaml";
import { KubeApi, type KubeObject } from "../kubekey/cluster/kube-api";
import type { Found } from "./operator";
import { operators } from "./operators";

interface ObjectList {
  readonly apiVersion: string;
  readonly kind: string;
  readonly items: readonly Pick<KubeObject, "metadata">[];
}

/** Pause between two looks at everything. */
const PAUSE_SECONDS = 1;

/**
 * Stands for the operators of the platform on a control plane. Its argument is the admin.conf to log in by; it never
 * ends by itself.
 */
async function main(): Promise<void> {
  const adminConf = readFileSync(process.argv[2] ?? "", "utf8");
  const [cluster] = (parse(adminConf) as { clusters: { cluster: { server: string } }[] }).clusters;
  const server = new URL(cluster?.cluster.server ?? "");
  const api = new KubeApi(server.hostname, Number(server.port), adminConf);
  const said = new Set<string>();
  for (;;) {
    for (const operator of operators) {
      for (const path of operator.watches) {
        try {
          for (const found of await listed(api, path)) await operator.look(found, api);
        } catch (error) {
          // The API server may restart, an object may go meanwhile: the next look finds what is so.
          const line = `${operator.name}: ${(error as Error).message}`;
          if (!said.has(line)) console.error(line);
          said.add(line);
        }
      }
    }
    await sleep(PAUSE_SECONDS * 1000);
  }
}

/** The objects of a collection; none while its kind is not defined. */
async function listed(api: KubeApi, collection: string): Promise<readonly Found[]> {
  const list = await api.get<ObjectList>(collection);
  const cut = collection.lastIndexOf("/");
  return (list?.items ?? []).map((item) => {
    const { namespace, name } = item.metadata;
    const inside = namespace === undefined ? "" : `/namespaces/${namespace}`;
    // Items of a list leave out what the list says already.
    const kind = (list?.kind ?? "").replace(/List$/, "");
    return {
      object: { apiVersion: list?.apiVersion ?? "", kind, ...item } as KubeObject,
      path: `${collection.slice(0, cut)}${inside}${collection.slice(cut)}/${name}`,
    };
  });
}

// Whoever makes kk's bundle loads this file only to have it transpiled.
if (require.main === module) void main();
