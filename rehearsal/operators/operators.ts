import { certManager } from "./cert-manager";
import { gatewayApi } from "./gateway-api";
import { istio } from "./istio";
import type { Operator } from "./operator";

/** Every operator that is stood for. */
export const operators: readonly Operator[] = [certManager, gatewayApi, istio];
