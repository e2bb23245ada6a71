import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { type ArchiveFile, tarOf } from "./tar";

const media = {
  manifest: "application/vnd.oci.image.manifest.v1+json",
  config: "application/vnd.oci.image.config.v1+json",
  layer: "application/vnd.oci.image.layer.v1.tar+gzip",
  index: "application/vnd.oci.image.index.v1+json",
} as const;

/** A reference as kk writes it: host, path and tag, no digest. @throws when it has no tag or no host. */
export function kubekeyReference(image: string): string {
  const [tagged = ""] = image.split("@");
  if (!/^[^/]+\/[^:]+:[^/:]+$/.test(tagged)) {
    throw new Error(`An image of an artifact needs host, path and tag, got ${image}.`);
  }
  return tagged;
}

/**
 * An OCI layout with one tiny but real image for each reference and architecture, below the folder `images`.
 * Each holds one layer with one file that names the image it stands for.
 */
export function imageLayout(images: readonly string[], arches: readonly string[]): ArchiveFile[] {
  const blobs = new Map<string, Buffer>();
  const add = (content: Buffer) => {
    const digest = createHash("sha256").update(content).digest("hex");
    blobs.set(digest, content);
    return { digest: `sha256:${digest}`, size: content.length };
  };
  const references = [...new Set(images.map(kubekeyReference))].sort();
  const manifests = references.flatMap((reference) =>
    arches.map((arch) => {
      const text = `This image stands for ${reference} (${arch}) in a rehearsal.\n`;
      const archive = tarOf([{ path: "rehearsal.txt", content: text }]);
      const diff = createHash("sha256").update(archive).digest("hex");
      const layer = gzipSync(archive);
      const config = Buffer.from(
        JSON.stringify({
          architecture: arch,
          os: "linux",
          config: { Labels: { "sitewright.rehearsal": reference } },
          rootfs: { type: "layers", diff_ids: [`sha256:${diff}`] },
        }),
      );
      const manifest = Buffer.from(
        JSON.stringify({
          schemaVersion: 2,
          mediaType: media.manifest,
          config: { mediaType: media.config, ...add(config) },
          layers: [{ mediaType: media.layer, ...add(layer) }],
        }),
      );
      return {
        mediaType: media.manifest,
        ...add(manifest),
        annotations: { "org.opencontainers.image.ref.name": `${reference}-${arch}` },
        platform: { architecture: arch, os: "linux" },
      };
    }),
  );
  const index = JSON.stringify({ schemaVersion: 2, mediaType: media.index, manifests });
  return [
    { path: "images/oci-layout", content: '{"imageLayoutVersion":"1.0.0"}' },
    { path: "images/index.json", content: index },
    ...[...blobs].map(([digest, content]) => ({ path: `images/blobs/sha256/${digest}`, content })),
  ];
}
