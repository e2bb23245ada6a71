import type { PortProtocol } from "../../site/schema/workload-network";
import { transport } from "../../site/workload/ports";

/** What a Service's port says of what is spoken there; the mesh goes by it. */
export function spoken(protocol: PortProtocol) {
  return {
    protocol: transport(protocol),
    ...(protocol !== "udp" && { appProtocol: protocol }),
  };
}
