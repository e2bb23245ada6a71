import type { Resources } from "../pod-types";
import type { ChartBlueprint } from "./part-types";

/** KubeSphere as this site installs it. */
export interface KubeSphereBlueprint {
  readonly chart: ChartBlueprint;
  /** Helm renders this chart itself, where no rewriting of images reaches. */
  readonly registryHost: string;
  /** Secret with the first admin password; absent means a random one kept in state. */
  readonly adminPasswordSecret?: string;
  readonly consoleNodePort: number;
  /** Three of each and three caches, where there are hosts and storage for them. */
  readonly highlyAvailable: boolean;
  /** Whether no two Pods of a program may share a host. */
  readonly ownHosts: boolean;
  readonly nodeSelector: Readonly<Record<string, string>>;
  readonly resources: Resources;
  readonly cacheResources: Resources;
  readonly helperResources: Resources;
  readonly timeoutSeconds: number;
}
