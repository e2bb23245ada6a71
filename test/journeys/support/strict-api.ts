import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { parseAllDocuments } from "yaml";
import type { KubernetesObject } from "../../../components/support/kubernetes-object";
import { definitionTexts } from "../../../rehearsal/bundle/definitions";
import { catalogue } from "../../support/sites";
import { at, type ControlPlane } from "./plugins/control-plane";

const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const strictly = "dryRun=All&fieldValidation=Strict";

/** A real API server that is asked, down to the last field, what it has against objects; it keeps none of them. */
export class StrictApi {
  readonly #plane: ControlPlane;
  readonly #namespace: string;
  readonly #plurals = new Map<string, { readonly name: string; readonly namespaced: boolean }>();

  /** @param namespace where objects are that name none, as Helm puts them */
  constructor(plane: ControlPlane, namespace = "") {
    this.#plane = plane;
    this.#namespace = namespace;
  }

  /** Defines the kinds of these sets of the catalogue: with SITEWRIGHT_CRDS as their producers do. */
  async define(sets: readonly string[]): Promise<void> {
    const texts = definitionTexts(
      catalogue.crds,
      process.env.SITEWRIGHT_CRDS || undefined,
      () => {},
    );
    for (const document of sets.flatMap((set) => parseAllDocuments(texts.get(set) ?? ""))) {
      const answer = await this.#plane.api("POST", definitions, document.toJS());
      assert.notEqual(at(answer, "status"), "Failure", JSON.stringify(answer).slice(0, 500));
    }
    for (const end = Date.now() + 60_000; !(await this.#established()); await sleep(300)) {
      assert.ok(Date.now() < end, "every definition is established within a minute");
    }
  }

  /** What it has against an object, and against a Pod as the object's controller would make it. */
  async objections(object: KubernetesObject): Promise<readonly string[]> {
    const what = `${object.kind} ${object.metadata.name}`;
    const url = `${await this.#collectionOf(object)}/${object.metadata.name}`;
    const query = `${strictly}&fieldManager=journey&force=true`;
    const type = "application/apply-patch+yaml";
    const answer = await this.#plane.api("PATCH", `${url}?${query}`, object, type);
    return [...saidNo(answer, what), ...(await this.#podObjections(object, what))];
  }

  async #podObjections(object: KubernetesObject, what: string): Promise<readonly string[]> {
    // biome-ignore lint/suspicious/noExplicitAny: Pods of any kind of controller
    const template: any =
      at(object, "spec.template") ?? at(object, "spec.jobTemplate.spec.template");
    if (template === undefined) return [];
    // No account is made: the namespace's own does as well.
    const { serviceAccountName: _made, ...spec } = template.spec;
    const { namespace = this.#namespace, name } = object.metadata;
    const claims = (at(object, "spec.volumeClaimTemplates") ?? []) as KubernetesObject[];
    const volumes = claims.map(({ metadata }) => ({
      name: metadata.name,
      persistentVolumeClaim: { claimName: `${metadata.name}-${name}-0` },
    }));
    const pod = {
      metadata: { ...template.metadata, name: `${name}-0`, namespace },
      spec: { ...spec, volumes: [...(spec.volumes ?? []), ...volumes] },
    };
    const pods = `/api/v1/namespaces/${namespace}/pods?${strictly}`;
    return saidNo(await this.#plane.api("POST", pods, pod), `Pod of ${what}`);
  }

  async #established(): Promise<boolean> {
    const { items } = (await this.#plane.api("GET", definitions)) as { items: readonly object[] };
    const all = items.map((one) => at(one, "status.conditions") as { type: string }[] | undefined);
    return all.every((conditions) => conditions?.some(({ type }) => type === "Established"));
  }

  /** Where objects of a kind are, as the API server says. */
  async #collectionOf({ apiVersion, kind, metadata }: KubernetesObject): Promise<string> {
    const group = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    for (const end = Date.now() + 20_000; !this.#plurals.has(`${apiVersion}/${kind}`); ) {
      const { resources = [] } = (await this.#plane.api("GET", group)) as {
        resources?: readonly { name: string; kind: string; namespaced: boolean }[];
      };
      for (const one of resources.filter(({ name }) => !name.includes("/"))) {
        this.#plurals.set(`${apiVersion}/${one.kind}`, one);
      }
      assert.ok(Date.now() < end, `${apiVersion} has ${kind}`);
    }
    const plural = this.#plurals.get(`${apiVersion}/${kind}`);
    assert.ok(plural);
    const { namespace = this.#namespace } = metadata;
    return `${group}${plural.namespaced ? `/namespaces/${namespace}` : ""}/${plural.name}`;
  }
}

function saidNo(answer: unknown, what: string): readonly string[] {
  return at(answer, "kind") === "Status" ? [`${what}: ${String(at(answer, "message"))}`] : [];
}

/** Version and kind of what a resource of Pulumi's Kubernetes provider stands for: `kubernetes:apps/v1:Deployment`. */
export function kindOf(type: string): { readonly apiVersion: string; readonly kind: string } {
  const [, apiVersion = "", kind = ""] = type.split(":");
  return { apiVersion: apiVersion.replace(/^core\//, ""), kind };
}
