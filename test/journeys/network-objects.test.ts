import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { passthroughServer, tcpServer } from "../../components/mesh/gateway-servers";
import { sidecarScope } from "../../components/mesh/members";
import { networkObjects } from "../../components/network/resources";
import type { KubernetesObject } from "../../components/support/kubernetes-object";
import { networkPolicy } from "../../components/tenancy/resources";
import { workloadObjects } from "../../components/workload/objects";
import { definitionTexts } from "../../rehearsal/bundle/definitions";
import type { Blueprint } from "../../site/blueprint-types";
import { type Change, connected } from "../network/support/connected-release";
import { catalogue } from "../support/sites";
import { at, ControlPlane } from "./support/plugins/control-plane";

/**
 * What a release says of its network, as a real API server sees it: with Istio's and Traefik's own definitions where
 * SITEWRIGHT_CRDS names them. That proxies and policies do as they are told is not to be seen where no container runs.
 */
describe("The network of a release on a real API server", function () {
  this.timeout(240_000);
  let plane: ControlPlane;

  before(async () => {
    plane = await ControlPlane.start(0);
    const texts = definitionTexts(
      catalogue.crds,
      process.env.SITEWRIGHT_CRDS || undefined,
      () => {},
    );
    for (const set of ["istio", "traefik"]) {
      for (const text of (texts.get(set) ?? "").split("---\n").filter(Boolean)) {
        const path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
        await accepted("POST", path, JSON.parse(text));
      }
    }
    for (const name of ["parcels", "ledger", "hosts", "istio-ingress"]) {
      await accepted("POST", "/api/v1/namespaces", { metadata: { name } });
    }
    await untilServed();
  });

  after(() => plane?.stop());

  async function accepted(method: string, path: string, body: unknown): Promise<unknown> {
    const answer = await plane.api(method, path, body);
    assert.notEqual(at(answer, "status"), "Failure", JSON.stringify({ answer, body }));
    return answer;
  }

  /** A kind is served a moment after its definition says so. */
  async function untilServed(): Promise<void> {
    const path = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
    const ready = async () => {
      const { items } = (await plane.api("GET", path)) as {
        items: readonly { status?: { conditions?: readonly { type: string; status: string }[] } }[];
      };
      return items.every(({ status }) =>
        status?.conditions?.some((one) => one.type === "Established" && one.status === "True"),
      );
    };
    for (let waited = 0; !(await ready()); waited += 200) {
      if (waited > 30_000) throw new Error("some definition is never established");
      await sleep(200);
    }
    await sleep(3000);
  }

  /** Asks the API server to make an object, or to look at it and say whether it would. */
  const make = (object: KubernetesObject, more = "?fieldValidation=Strict") =>
    accepted("POST", `${pathOf(object)}${more}`, object);
  const dryRun = (object: KubernetesObject) => make(object, "?fieldValidation=Strict&dryRun=All");

  const sites: readonly { readonly title: string; readonly change: Change }[] = [
    { title: "with a mesh, a standby, an edge and tenancy", change: () => {} },
    {
      title: "with an ambient mesh and no tenancy",
      change: (site, release) => {
        site.mesh = { mode: "ambient" };
        delete site.tenancy;
        release.namespaces.parcels.egress.splice(1, 2);
      },
    },
    {
      title: "without mesh and tenancy",
      change: (site, release) => {
        delete site.mesh;
        delete site.tenancy;
        release.namespaces.parcels.egress.splice(1, 2);
        site.workloads.broker = { expose: { amqp: { off: true } } };
      },
    },
  ];
  for (const { title, change } of sites) {
    it(`is accepted for a site ${title}`, async () => {
      const objects = networkOf(connected(change));
      for (const object of objects) await dryRun(object);
      assert.ok(objects.length > 20, `${objects.length} objects`);
    });
  }

  it("has the NodePorts that the blueprint says, and a second Service that wants one is refused", async () => {
    const blueprint = connected();
    const objects = networkOf(blueprint);
    const stated = objects.filter(({ metadata }) => metadata.name.endsWith("-node-ports"));
    for (const object of stated) {
      const made = await make(object);
      const numbers = (json: unknown) =>
        (at(json, "spec.ports") as { nodePort: number }[]).map(({ nodePort }) => nodePort);
      assert.deepEqual(numbers(made), numbers(object));
    }
    assert.equal(stated.length, 2);
    const [first] = stated;
    assert.ok(first);
    const second = { ...first, metadata: { ...first.metadata, name: "another" } };
    const answer = await plane.api("POST", pathOf(second), second);
    assert.match(String(at(answer, "message")), /provided port is already allocated/);
  });

  it("leads a Service without Pods to the stated addresses, and the controller leaves them alone", async () => {
    const objects = networkOf(connected()).filter(({ metadata, kind }) =>
      kind === "Service" || kind === "EndpointSlice"
        ? metadata.name.startsWith("ledger-database")
        : false,
    );
    for (const object of objects) await make(object);
    await sleep(3000);
    const selector = "?labelSelector=kubernetes.io%2Fservice-name%3Dledger-database";
    const path = `/apis/discovery.k8s.io/v1/namespaces/ledger/endpointslices${selector}`;
    const { items } = (await plane.api("GET", path)) as {
      items: readonly { endpoints: readonly { addresses: readonly string[] }[] }[];
    };
    assert.deepEqual(
      items.map(({ endpoints }) => endpoints.flatMap(({ addresses }) => addresses)),
      [["192.0.2.130", "192.0.2.131"]],
    );
  });
});

/** Everything that has to do with the network, Pods' own ports included. */
function networkOf(blueprint: Blueprint): readonly KubernetesObject[] {
  const { gateway } = blueprint.platform.mesh ?? {};
  const servers = gateway === undefined ? [] : [passthroughServer(gateway), tcpServer(gateway)];
  const policies = (blueprint.platform.tenancy?.product.namespaces ?? []).flatMap(
    ({ name, policies }) =>
      policies.map((policy) => ({
        apiVersion: "networking.k8s.io/v1",
        kind: "NetworkPolicy",
        ...networkPolicy(name, policy),
      })),
  );
  const ofNamespaces = blueprint.namespaces.flatMap((namespace) => [
    ...(namespace.network === undefined
      ? []
      : networkObjects(namespace.name, namespace.network).map(({ object }) => object)),
    ...[sidecarScope(namespace)].filter((scope) => scope !== undefined),
  ]);
  const ofWorkloads = blueprint.workloads.flatMap((workload) =>
    workloadObjects(workload).map(({ object }) => object),
  );
  return [
    ...servers.filter((server) => server !== undefined),
    ...policies,
    ...ofNamespaces,
    ...ofWorkloads,
  ];
}

const plurals: Readonly<Record<string, string>> = {
  EndpointSlice: "endpointslices",
  NetworkPolicy: "networkpolicies",
  PeerAuthentication: "peerauthentications",
  PodDisruptionBudget: "poddisruptionbudgets",
  ServiceEntry: "serviceentries",
};

function pathOf({ apiVersion, kind, metadata }: KubernetesObject): string {
  const root = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const plural = plurals[kind] ?? `${kind.toLowerCase()}s`;
  return `${root}/namespaces/${metadata.namespace}/${plural}`;
}
