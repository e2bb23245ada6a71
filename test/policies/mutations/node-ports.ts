import fc from "fast-check";
import { type Mutation, oneOf, withAdded, withChanged } from "../support/mutation";

const nodePort = { type: "NodePort", selector: { "app.kubernetes.io/name": "web" } };

export const mutation: Mutation = {
  title: "a NodePort that is somebody else's, out of range or left to chance",
  changed: (site) =>
    fc.oneof(
      fc
        .tuple(
          oneOf(
            site,
            ({ object }) => object?.kind === "Service" && object.spec.type === "NodePort",
          ),
          fc.oneof(
            fc.constant(undefined),
            fc.integer({ min: 1024, max: 29_999 }),
            fc.constantFrom(30080, 30443, 31080, 31443),
          ),
        )
        .map(([target, number]) =>
          withChanged(site, target, ({ spec }) => {
            Object.assign(spec.ports[0], { nodePort: number, protocol: "TCP" });
          }),
        ),
      fc.constantFrom("monitoring", "parcels").map((namespace) =>
        withAdded(site, {
          apiVersion: "v1",
          kind: "Service",
          metadata: { name: "another", namespace },
          spec: { ...nodePort, ports: [{ port: 80, nodePort: 30054, protocol: "UDP" }] },
        }),
      ),
    ),
};
