import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { MeshBlueprint } from "../../site/platform/mesh-types";
import { type ChartArgs, installChart } from "../support/chart";
import { gatewayServer, passthroughServer, tcpServer } from "./gateway-servers";
import { gatewayValues } from "./gateway-values";
import { peerAuthentication, telemetry } from "./resources";
import { baseValues, cniValues, istiodValues, ztunnelValues } from "./values";

export interface MeshArgs {
  readonly mesh: MeshBlueprint;
}

/** Pods that start before the injector's webhook works would stay without a proxy, gateways even without an image. */
const webhookReady = "jsonpath={.webhooks[0].clientConfig.caBundle}";

const values: Readonly<Record<string, (mesh: MeshBlueprint) => ChartArgs["values"]>> = {
  base: baseValues,
  istiod: istiodValues,
  cni: cniValues,
  ztunnel: ztunnelValues,
  gateway: gatewayValues,
};

/** Istio: its control plane, what it runs on every node, its gateway, and what holds for the whole mesh. */
export class Mesh extends pulumi.ComponentResource {
  static readonly type = "sitewright:mesh:Mesh";

  constructor(name: string, args: MeshArgs, opts?: pulumi.ComponentResourceOptions) {
    super(Mesh.type, name, {}, opts);
    const { mesh } = args;

    // One after the other: the gateway's Pods, which come last, need all that stands before it.
    let before: pulumi.Resource[] = [];
    for (const chart of mesh.charts) {
      const render = values[chart.chart];
      if (render === undefined) throw new Error(`the mesh has no values for chart ${chart.chart}`);
      const waitFor =
        chart.chart === "istiod"
          ? {
              MutatingWebhookConfiguration: webhookReady,
              ValidatingWebhookConfiguration: webhookReady,
            }
          : {};
      const installed = installChart(
        `${name}-${chart.release}`,
        { chart, values: render(mesh), waitFor },
        { parent: this, dependsOn: before },
      );
      before = [installed];
    }

    const resource = (noun: string, object: CustomObject) =>
      new k8s.apiextensions.CustomResource(`${name}-${noun}`, object, {
        parent: this,
        dependsOn: before,
      });
    resource("peer-authentication", peerAuthentication(mesh));
    resource("telemetry", telemetry(mesh));
    const { gateway } = mesh;
    if (gateway.server !== undefined) {
      resource("gateway-server", gatewayServer(gateway, gateway.server));
    }
    const passthrough = passthroughServer(gateway);
    if (passthrough !== undefined) resource("gateway-passthrough-server", passthrough);
    const tcp = tcpServer(gateway);
    if (tcp !== undefined) resource("gateway-tcp-server", tcp);
    this.registerOutputs({});
  }
}

type CustomObject = k8s.apiextensions.CustomResourceArgs;
