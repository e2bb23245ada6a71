import {
  isMap,
  type KubeObject,
  nameOf,
  pluck,
  pluckMaps,
  pluckString,
} from "../objects/kube-object";
import { type Awaiter, KINDS, READY, type Scene, type Verdict } from "./verdict";

/**
 * How long the endpoints must have stayed the same. The real plugin waits ten seconds for stragglers
 * of real networks; pods here come and go faster.
 */
const SETTLE_SECONDS = 3;

/** Services are ready when the pods they select are, and a load balancer has an address. */
export const serviceAwaiter: Awaiter = {
  related: [KINDS.endpoints],
  judgesRead: true,
  judge: judgeService,
};

function judgeService(scene: Scene): Verdict {
  const { object: service } = scene;
  const isBalancer = pluckString(service, "spec", "type") === "LoadBalancer";
  const hasAddress =
    !isBalancer || pluckMaps(service, "status", "loadBalancer", "ingress").length > 0;
  const endpoints = scene.related("Endpoints").find((item) => nameOf(item) === nameOf(service));
  const subsets = pluckMaps(endpoints, "subsets");
  const hasPods = subsets.some((subset) => pluckMaps(subset, "addresses").length > 0);
  const hasUnreadyPods = subsets.some(
    (subset) => pluckMaps(subset, "notReadyAddresses").length > 0,
  );
  const settled =
    scene.elapsedSeconds === Number.POSITIVE_INFINITY ||
    (endpoints !== undefined && scene.quietSeconds(endpoints) >= SETTLE_SECONDS);

  const ready = selectsPods(service) ? hasAddress && settled && !hasUnreadyPods : hasAddress;
  if (ready) return { ...READY, progress: ["✅ Service initialization complete"] };
  return {
    ready: false,
    progress: [
      hasPods && settled
        ? "[2/3] Attempting to allocate IP address to Service"
        : "[1/3] Finding Pods to direct traffic to",
    ],
    reasons: [
      ...(hasPods || !selectsPods(service)
        ? []
        : [
            "Service does not target any Pods. Selected Pods may not be ready, or field '.spec.selector' may not match labels on any Pods",
          ]),
      ...(hasAddress
        ? []
        : ["Service was not allocated an IP address; does your cloud provider support this?"]),
    ],
  };
}

/** False for services that no pods answer for: headless, external, or without a selector. */
function selectsPods(service: KubeObject): boolean {
  const selector = pluck(service, "spec", "selector");
  return (
    pluckString(service, "spec", "type") !== "ExternalName" &&
    pluckString(service, "spec", "clusterIP") !== "None" &&
    isMap(selector) &&
    Object.keys(selector).length > 0
  );
}
