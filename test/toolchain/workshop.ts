import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { chmod, mkdir, readdir, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readPins, type ToolName, type ToolPin } from "../../toolchain/pins";
import type { Toolchain } from "../../toolchain/toolchain";

/** A toolchain of its own: empty cache, empty PATH, nothing pinned but what a test pins. */
export class Workshop {
  readonly folder = mkdtempSync(join(tmpdir(), "sitewright-toolchain-"));
  readonly cache = join(this.folder, "cache");
  readonly path = join(this.folder, "path");
  /** Paths asked for, in order. */
  readonly requests: string[] = [];
  private readonly served = new Map<string, Buffer>();
  private server: Server | undefined;

  /** Pins `tools` and leaves every other tool without a way to get it. */
  toolchain(tools: Partial<Record<ToolName, Partial<ToolPin>>>, offline = false): Toolchain {
    const pins = readPins();
    const bare = (name: ToolName): ToolPin => ({
      version: "v1.2.3",
      purpose: `does what ${name} does`,
      without: "the rest works",
      versionArguments: ["version"],
      ...tools[name],
    });
    const names = Object.keys(pins.tools) as ToolName[];
    const pinned = Object.fromEntries(names.map((name) => [name, bare(name)]));
    return {
      pins: { ...pins, tools: pinned as Record<ToolName, ToolPin> },
      cache: this.cache,
      goModules: join(this.folder, "go"),
      goPlaces: [],
      architecture: "amd64",
      environment: { PATH: this.path, HOME: this.folder },
      offline,
    };
  }

  /** Puts an executable script on the PATH of this workshop. */
  async program(name: string, body: string): Promise<string> {
    return script(join(this.path, name), body);
  }

  /** Serves bytes on loopback as a release that is one plain file. */
  async release(
    name: string,
    body: string,
    digestOf = body,
  ): Promise<NonNullable<ToolPin["release"]>> {
    this.served.set(`/${name}`, Buffer.from(body));
    return {
      url: `${await this.origin()}/${name}`,
      arch: { amd64: "amd64" },
      sha256: { amd64: createHash("sha256").update(digestOf).digest("hex") },
      sizeMiB: 1,
    };
  }

  serve(path: string, body: Buffer): void {
    this.served.set(path, body);
  }

  async origin(): Promise<string> {
    if (!this.server) {
      this.server = createServer((request, response) => {
        const path = request.url ?? "";
        this.requests.push(path);
        const body = this.served.get(path);
        response.writeHead(body ? 200 : 404).end(body);
      });
      await new Promise<void>((listening) => this.server?.listen(0, "127.0.0.1", listening));
    }
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Everything under the cache that is not a lock. */
  async cached(): Promise<string[]> {
    const names = await readdir(this.cache, { recursive: true }).catch(() => []);
    return names.filter((name) => !/^(locks|tmp$|tools$)/.test(name)).sort();
  }

  close(): void {
    this.server?.close();
    this.server?.closeAllConnections();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Writes an executable shell script. */
export async function script(path: string, body: string): Promise<string> {
  await mkdir(join(path, ".."), { recursive: true });
  await writeFile(path, `#!/bin/sh\n${body}\n`);
  await chmod(path, 0o755);
  return path;
}

/** A program that says a version. */
export const saying = (version: string) => `#!/bin/sh\necho ${version}\n`;
