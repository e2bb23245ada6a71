import type { BlueprintInput } from "../blueprint-input";
import type { ImageWish } from "../images";
import { certificatesBlueprint } from "./certificates";
import { configCentreBlueprint } from "./config-centre";
import { deliveryBlueprint } from "./delivery";
import { ingressBlueprint } from "./ingress";
import { loggingBlueprint } from "./logging";
import { meshBlueprint } from "./mesh";
import { monitoringBlueprint } from "./monitoring";
import { nightingaleBlueprint } from "./nightingale";
import type { PlatformPart } from "./part-types";
import { partDefinitions, partImages } from "./parts";
import type { PlatformBlueprint } from "./platform-types";
import { storageBlueprint } from "./storage";
import { tenancyBlueprint } from "./tenancy";
import { tracingBlueprint } from "./tracing";

/** The parts that the site names, each derived on its own; only Nightingale shows what monitoring shows. */
function parts(input: BlueprintInput) {
  const monitoring = monitoringBlueprint(input);
  const all = {
    storage: storageBlueprint(input),
    certificates: certificatesBlueprint(input),
    mesh: meshBlueprint(input),
    ingress: ingressBlueprint(input),
    tenancy: tenancyBlueprint(input),
    logging: loggingBlueprint(input),
    monitoring,
    tracing: tracingBlueprint(input),
    nightingale: nightingaleBlueprint(input, monitoring),
    delivery: deliveryBlueprint(input),
    configCentre: configCentreBlueprint(input),
  };
  const present = Object.entries(all).filter(([, part]) => part !== undefined);
  return Object.fromEntries(present) as {
    [Name in keyof typeof all]?: NonNullable<(typeof all)[Name]>;
  };
}

/** Everything decided about the platform, and the images that it starts. */
export function platformBlueprint(input: BlueprintInput): {
  readonly platform: PlatformBlueprint;
  readonly images: readonly ImageWish[];
} {
  const named = parts(input);
  const list: readonly PlatformPart[] = Object.values(named);
  return {
    platform: {
      definitions: partDefinitions(list, input),
      namespaces: list.flatMap((part) => part.namespaces),
      pods: list.flatMap((part) => part.pods),
      ...named,
    },
    images: partImages(list, input.catalogue.platform),
  };
}
