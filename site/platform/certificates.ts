import type { BlueprintInput } from "../blueprint-input";
import type { CertificatesBlueprint } from "./certificates-types";
import { noPart } from "./parts";

/** Everything decided about the site's certificates; undefined where the site has none. */
export function certificatesBlueprint({ site }: BlueprintInput): CertificatesBlueprint | undefined {
  return site.certificates === undefined ? undefined : noPart;
}
