import type { KubeApi, KubeObject } from "../kubekey/cluster/kube-api";
import { conditionsOf, timed } from "./conditions";
import { type Operator, writeStatus } from "./operator";

const group = "/apis/gateway.networking.k8s.io/v1";
const controller = "istio.io/gateway-controller";

/** What istiod answers for objects of the Gateway API: classes of its own, and gateways of these classes. */
export const gatewayApi: Operator = {
  name: "gateway-api",
  watches: [`${group}/gatewayclasses`, `${group}/gateways`],
  look: async (found, api) => {
    const { object } = found;
    const accepted =
      object.kind === "GatewayClass"
        ? (object.spec as { controllerName?: string }).controllerName === controller
        : await hasClass(object, api);
    if (!accepted) return;
    const types = object.kind === "GatewayClass" ? ["Accepted"] : ["Accepted", "Programmed"];
    const conditions = types.map((type) => ({
      type,
      status: "True" as const,
      reason: type,
      message: `Handled by Istio controller`,
    }));
    await writeStatus(api, found, { conditions: timed(conditions, conditionsOf(object)) });
  },
};

async function hasClass(gateway: KubeObject, api: KubeApi): Promise<boolean> {
  const { gatewayClassName = "" } = gateway.spec as { gatewayClassName?: string };
  const found = await api.get<KubeObject>(`${group}/gatewayclasses/${gatewayClassName}`);
  return (found?.spec as { controllerName?: string })?.controllerName === controller;
}
