import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { RegistryClient } from "./registry-client";

/** The file names of an OCI layout. */
interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** An image of the layout: one architecture of one reference. */
export interface LayoutImage {
  /** `docker.io/calico/cni:v3.27.4-amd64`. */
  readonly ref: string;
  /** `calico/cni`. */
  readonly repository: string;
  readonly tag: string;
  readonly arch: string;
  readonly descriptor: Descriptor;
}

/** The images of an OCI layout. @throws when there is no layout or a name is not as kk writes it. */
export function readLayout(folder: string): LayoutImage[] {
  let text: string;
  try {
    text = readFileSync(join(folder, "index.json"), "utf8");
  } catch {
    throw new Error(`read index.json failed: open ${folder}/index.json: no such file or directory`);
  }
  const index = JSON.parse(text) as { manifests: readonly Descriptor[] };
  return index.manifests.map((descriptor) => {
    const ref = descriptor.annotations?.["org.opencontainers.image.ref.name"] ?? "";
    const match = /^[^/]+\/(.+):([^:/]+)-(amd64|arm64)$/.exec(ref);
    const [, repository, tag, arch] = match ?? [];
    if (repository === undefined || tag === undefined || arch === undefined)
      throw new Error(`invalid ref name: ${ref}`);
    return { ref, repository, tag, arch, descriptor };
  });
}

function blob(folder: string, digest: string): Buffer {
  return readFileSync(join(folder, "blobs", ...digest.split(":")));
}

/** Pushes one image under its architecture's tag. Blobs and manifests that are there already are left alone. */
export async function pushImage(
  client: RegistryClient,
  folder: string,
  image: LayoutImage,
): Promise<void> {
  const manifest = blob(folder, image.descriptor.digest);
  const parsed = JSON.parse(manifest.toString("utf8")) as {
    config: Descriptor;
    layers: readonly Descriptor[];
  };
  const base = `/v2/${image.repository}`;
  const there = await client.send(
    "HEAD",
    `${base}/manifests/${image.tag}-${image.arch}`,
    undefined,
    {
      accept: image.descriptor.mediaType,
    },
  );
  if (there.headers["docker-content-digest"] === image.descriptor.digest) return;
  for (const each of [parsed.config, ...parsed.layers]) {
    const known = await client.send("HEAD", `${base}/blobs/${each.digest}`);
    if (known.status === 200) continue;
    const start = await client.send("POST", `${base}/blobs/uploads/`, "");
    if (start.status !== 202) refused(start.status, start.body, image.ref);
    const location = String(start.headers.location);
    const done = await client.send(
      "PUT",
      `${location}${location.includes("?") ? "&" : "?"}digest=${encodeURIComponent(each.digest)}`,
      blob(folder, each.digest),
      { "content-type": "application/octet-stream" },
    );
    if (done.status !== 201) refused(done.status, done.body, image.ref);
  }
  await putManifest(
    client,
    image.repository,
    `${image.tag}-${image.arch}`,
    manifest,
    image.descriptor.mediaType,
  );
}

/** Pushes the list that joins the architectures of one reference under its plain tag. */
export async function pushManifestList(
  client: RegistryClient,
  repository: string,
  tag: string,
  images: readonly LayoutImage[],
): Promise<void> {
  const mediaType = "application/vnd.oci.image.index.v1+json";
  const list = {
    schemaVersion: 2,
    mediaType,
    manifests: images.map(({ descriptor, arch }) => ({
      mediaType: descriptor.mediaType,
      digest: descriptor.digest,
      size: descriptor.size,
      platform: { architecture: arch, os: "linux" },
    })),
  };
  await putManifest(client, repository, tag, Buffer.from(JSON.stringify(list)), mediaType);
}

async function putManifest(
  client: RegistryClient,
  repository: string,
  tag: string,
  body: Buffer,
  mediaType: string,
): Promise<void> {
  const answer = await client.send("PUT", `/v2/${repository}/manifests/${tag}`, body, {
    "content-type": mediaType,
  });
  if (answer.status !== 201) refused(answer.status, answer.body, `${repository}:${tag}`);
}

function refused(status: number, body: string, what: string): never {
  if (status === 401) {
    // Harbor also says this of a project that it does not have.
    const said = /"message":"(project [^"]+ not found[^"]*)"/.exec(body)?.[1];
    throw new Error(`writing blob for ${what}: unauthorized: ${said ?? "authentication required"}`);
  }
  throw new Error(`writing blob for ${what}: unexpected status ${status}: ${body.slice(0, 300)}`);
}
