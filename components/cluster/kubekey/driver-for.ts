import type { KubeKeyVersion } from "../../../site/blueprint-types";
import type { KubeKeyDriver } from "./driver";
import { v3Driver } from "./v3";
import { v4Driver } from "./v4";

const DRIVERS: Readonly<Record<KubeKeyVersion, KubeKeyDriver>> = {
  "v3.1.12": v3Driver,
  "v4.0.6": v4Driver,
};

/** The driver of the KubeKey that a site pins. */
export function driverFor(version: KubeKeyVersion): KubeKeyDriver {
  return DRIVERS[version];
}
