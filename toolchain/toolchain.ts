import { join } from "node:path";
import { cacheFolder } from "./cache";
import type { Architecture, ToolchainPins } from "./pins";
import { readPins } from "./pins";

/** What getting tools depends on: pins, places and the environment. One value, so tests make their own. */
export interface Toolchain {
  readonly pins: ToolchainPins;
  /** Absolute folder outside the checkout; see {@link cacheFolder}. */
  readonly cache: string;
  /** Folder that holds one folder with go.mod per tool that can be built. */
  readonly goModules: string;
  /** Where Go is looked for after PATH: sudo often takes Go's own folder out of it. */
  readonly goPlaces: readonly string[];
  readonly architecture: Architecture;
  readonly environment: NodeJS.ProcessEnv;
  /** Forbids every network access; a Go build may still succeed from Go's own module cache. */
  readonly offline: boolean;
}

/** This machine's architecture; throws on one that no tool is pinned for. */
export function machineArchitecture(nodeName: string = process.arch): Architecture {
  if (nodeName === "x64") return "amd64";
  if (nodeName === "arm64") return "arm64";
  throw new Error(`Tools are pinned for x86-64 and arm64; this machine is ${nodeName}.`);
}

/** The toolchain of this checkout on this machine. */
export function thisToolchain(environment: NodeJS.ProcessEnv = process.env): Toolchain {
  return {
    pins: readPins(),
    cache: cacheFolder(environment),
    goModules: join(__dirname, "go"),
    goPlaces: ["/usr/local/go/bin/go"],
    architecture: machineArchitecture(),
    environment,
    offline: environment.SITEWRIGHT_OFFLINE === "1",
  };
}
