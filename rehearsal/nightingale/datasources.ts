import { Refusal } from "./refusal";
import type { Body } from "./rules";
import type { Store } from "./store";

/** Calls about datasources, whose answers have other keys than all the rest: `data` and `error`. */
export function datasourceReply(store: Store, path: string, body: Body) {
  try {
    const data = path === "/datasource/list" ? store.all("datasources") : upsert(store, body);
    return { data, error: "" };
  } catch (error) {
    if (error instanceof Refusal) return { error: error.message };
    throw error;
  }
}

function upsert(store: Store, { force_save, ...body }: Body) {
  const { url } = (body.http ?? {}) as { url?: string };
  // Nothing answers a stand-in that asks for figures.
  if (force_save !== true) {
    throw new Refusal(200, `request url:${url}/api/v1/query failed: connection refused`);
  }
  const there = store.find("datasources", ({ id }) => id === body.id);
  if (there !== undefined) {
    const { id, status } = there;
    Object.assign(there, body, { id, status });
    store.save();
    return { id };
  }
  if (store.find("datasources", ({ name }) => name === body.name)) {
    throw new Refusal(200, "name already exists");
  }
  return { id: store.add("datasources", { ...body, status: "enabled" }) };
}
