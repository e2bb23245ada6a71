import { nameOf, pluckMaps, pluckString } from "../objects/kube-object";
import { type Awaiter, KINDS, READY, type Scene, type Verdict } from "./verdict";

/** Endpoints must have stayed the same for this long before a missing one counts as never coming. */
const SETTLE_SECONDS = 10;
/** When no endpoints show at all, the wait for them ends after this. */
const GRACE_SECONDS = 60;

/** Ingresses are ready when every path has a service behind it and an address is assigned. */
export const ingressAwaiter: Awaiter = {
  related: [KINDS.endpoints, KINDS.service],
  judgesRead: true,
  judge: judgeIngress,
};

function judgeIngress(scene: Scene): Verdict {
  const { object: ingress } = scene;
  const endpoints = scene.related("Endpoints");
  const known = new Set(endpoints.map(nameOf));
  const external = new Set(
    scene
      .related("Service")
      .filter((service) => pluckString(service, "spec", "type") === "ExternalName")
      .map(nameOf),
  );
  const missing = backends(scene).filter(
    ({ service }) => !known.has(service) && !external.has(service),
  );
  const settled =
    endpoints.length === 0
      ? scene.elapsedSeconds >= GRACE_SECONDS
      : endpoints.every((item) => scene.quietSeconds(item) >= SETTLE_SECONDS);
  const pathsReady = missing.length === 0 || settled;
  const hasAddress = pluckMaps(ingress, "status", "loadBalancer", "ingress").length > 0;
  const notes = settled
    ? missing.map(
        ({ route, service }) =>
          `No matching service found for ingress rule: ${route} -> "${service}"`,
      )
    : [];
  if (pathsReady && hasAddress) {
    return { ...READY, progress: [...notes, "✅ Ingress initialization complete"] };
  }
  return {
    ready: false,
    progress: [
      ...notes,
      pathsReady
        ? "[2/3] Waiting for update of .status.loadBalancer with hostname/IP"
        : "[1/3] Finding a matching service for each Ingress path",
    ],
    reasons: [
      ...(pathsReady ? [] : ["Ingress has at least one rule with an unavailable target endpoint."]),
      ...(hasAddress
        ? []
        : [
            "Ingress .status.loadBalancer field was not updated with a hostname/IP address. Is there an ingress controller for its class?",
          ]),
    ],
  };
}

function backends({ object: ingress }: Scene): { route: string; service: string }[] {
  return pluckMaps(ingress, "spec", "rules").flatMap((rule) =>
    pluckMaps(rule, "http", "paths").flatMap((path) => {
      const service =
        pluckString(path, "backend", "service", "name") ||
        pluckString(path, "backend", "serviceName");
      if (service === "") return [];
      const route = `${pluckString(rule, "host")}${pluckString(path, "path")}`;
      return [{ route: route === "" ? '"" (default path)' : `"${route}"`, service }];
    }),
  );
}
