import assert from "node:assert/strict";
import { v3Cluster } from "../../components/cluster/kubekey/v3-cluster";
import { v4Config } from "../../components/cluster/kubekey/v4-config";
import { edgeForwards } from "../../site/platform/edge";
import { view } from "../cluster/view-for-tests";
import { edgeWith, ownEdge, smallEdgeSite } from "../support/edge-sites";
import { resolve, smallSite } from "../support/sites";

const priorities = (edge: ReturnType<typeof edgeWith>) =>
  ownEdge(edge).keepalived.addresses.map(({ members, routerId, moves }) => ({
    routerId,
    moves,
    priorities: Object.fromEntries(members.map(({ host, priority }) => [host, priority])),
  }));

describe("The blueprint of an edge", () => {
  it("is absent where the site states none", () => {
    const { edge, controlPlaneAddress } = resolve(smallSite()).blueprint;
    assert.equal(edge, undefined);
    assert.equal(controlPlaneAddress, undefined);
  });

  it("lets one address stay where it is", () => {
    assert.deepEqual(priorities(edgeWith()), [
      { routerId: 51, moves: "stay", priorities: { "edge-1": 200, "edge-2": 190 } },
    ]);
  });

  it("gives two addresses a home each", () => {
    assert.deepEqual(priorities(edgeWith({ secondAddress: "192.0.2.45", routerId: 7 })), [
      { routerId: 7, moves: "home", priorities: { "edge-1": 200, "edge-2": 190 } },
      { routerId: 8, moves: "home", priorities: { "edge-1": 190, "edge-2": 200 } },
    ]);
  });

  it("leads to gateways on edge hosts and to the standby on workers", () => {
    const edge = edgeWith();
    assert.deepEqual(edge.gatewayHosts, ["edge-1", "edge-2"]);
    assert.deepEqual(edge.standbyHosts, ["worker-1", "worker-2"]);
    assert.deepEqual(edge.proxyAddresses, ["192.0.2.41", "192.0.2.42"]);
    assert.deepEqual(edgeForwards(edge)[1], {
      name: "https",
      from: "192.0.2.40:443",
      to: ["192.0.2.41:30443", "192.0.2.42:30443"],
      standby: ["192.0.2.21:31443", "192.0.2.22:31443"],
      readyWhen: "GET /healthz/ready on its port 30021 is 200",
    });
  });

  it("leads to workers where the customer balances and the site has no edge hosts", () => {
    const site = smallSite();
    const ports = [{ name: "mqtt", port: 1883, nodePort: 30883 }];
    site.edge = { mode: "external", address: "203.0.113.7", ports };
    const { edge } = resolve(site).blueprint;
    assert.equal(edge?.own, undefined);
    assert.deepEqual(edge?.proxyAddresses, []);
    assert.deepEqual(edge && edgeForwards(edge).map(({ from, to }) => [from, to[0]]), [
      ["203.0.113.7:80", "192.0.2.21:30080"],
      ["203.0.113.7:443", "192.0.2.21:30443"],
      ["203.0.113.7:1883", "192.0.2.21:30883"],
    ]);
  });

  it("has edge hosts looked at before anything is changed: programs, and that the address is free", () => {
    const { hosts } = resolve(smallEdgeSite()).blueprint;
    const checks = (name: string) =>
      hosts.find((host) => host.name === name)?.preflight.map(({ id }) => id) ?? [];
    assert.deepEqual(checks("edge-1").slice(-2), ["edge-programs", "edge-address"]);
    assert.ok(!checks("worker-1").some((id) => id.startsWith("edge-")));
  });
});

describe("The blueprint of a shared control-plane address", () => {
  const site = smallSite();
  const [first] = site.hosts;
  site.hosts.push({ ...first, name: "control-2", address: "192.0.2.12", roles: ["control-plane"] });
  site.cluster.endpoint = { mode: "keepalived", address: "192.0.2.10" };
  const { blueprint } = resolve(site);

  it("goes to whoever's API server works, and else stays", () => {
    assert.deepEqual(blueprint.controlPlaneAddress, {
      name: "control-plane",
      addresses: [
        {
          name: "control-plane",
          address: "192.0.2.10",
          routerId: 50,
          members: [
            { host: "control-1", address: "192.0.2.11", priority: 200 },
            { host: "control-2", address: "192.0.2.12", priority: 200 },
          ],
          moves: "healthiest",
        },
      ],
      check: { kind: "api-server", port: 6443 },
    });
  });

  it("is where API server, certificate and every host's names lead", () => {
    assert.equal(blueprint.cluster.endpoint.address, "192.0.2.10");
    assert.deepEqual(blueprint.cluster.certificateNames, ["192.0.2.10"]);
    assert.deepEqual(blueprint.baseline.hostsEntries.at(-1), {
      address: "192.0.2.10",
      names: ["lb.kubesphere.local"],
    });
  });

  it("is a plain address to either KubeKey", () => {
    const kubekey = { ...view, cluster: { ...view.cluster, endpoint: blueprint.cluster.endpoint } };
    const { spec } = v3Cluster(kubekey) as { spec: { controlPlaneEndpoint: unknown } };
    const domain = "lb.kubesphere.local";
    assert.deepEqual(spec.controlPlaneEndpoint, { domain, address: "192.0.2.10", port: 6443 });
    const config = v4Config(kubekey) as {
      spec: { kubernetes: { control_plane_endpoint: unknown } };
    };
    assert.deepEqual(config.spec.kubernetes.control_plane_endpoint, {
      host: domain,
      port: 6443,
      type: "local",
      local: { address: "192.0.2.10" },
    });
  });

  it("needs no image of a balancer", () => {
    assert.ok(!blueprint.images.some(({ image }) => /haproxy|kube-vip/.test(image)));
  });
});
