import { gzipSync } from "node:zlib";

/** A file of an archive. */
export interface ArchiveFile {
  /** Relative path, at most 255 characters with a folder split that ustar can hold. */
  readonly path: string;
  readonly content: Buffer | string;
  /** Default: 0o644. */
  readonly mode?: number;
}

const block = 512;

/** A ustar archive: the same files give the same bytes, whenever and wherever it is made. */
export function tarOf(files: readonly ArchiveFile[]): Buffer {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  const parts = sorted.flatMap((file) => {
    const content = Buffer.from(file.content);
    const padding = Buffer.alloc((block - (content.length % block)) % block);
    return [header(file.path, content.length, file.mode ?? 0o644), content, padding];
  });
  return Buffer.concat([...parts, Buffer.alloc(block * 2)]);
}

/** The same, compressed. Stored, not squeezed: what the stand-in packs is mostly random bytes. */
export function tarGzOf(files: readonly ArchiveFile[]): Buffer {
  return gzipSync(tarOf(files), { level: 0 });
}

function header(path: string, size: number, mode: number): Buffer {
  const { name, prefix } = splitPath(path);
  const bytes = Buffer.alloc(block);
  const octal = (value: number, length: number) => value.toString(8).padStart(length - 1, "0");
  bytes.write(name, 0);
  bytes.write(octal(mode, 8), 100);
  bytes.write(octal(0, 8), 108);
  bytes.write(octal(0, 8), 116);
  bytes.write(octal(size, 12), 124);
  bytes.write(octal(0, 12), 136);
  bytes.write("        ", 148);
  bytes.write("0", 156);
  bytes.write("ustar\u000000", 257);
  bytes.write(prefix, 345);
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  bytes.write(`${octal(sum, 7)}\0 `, 148);
  return bytes;
}

function splitPath(path: string): { name: string; prefix: string } {
  if (Buffer.byteLength(path) <= 100) return { name: path, prefix: "" };
  const cut = path.indexOf("/", Math.max(0, path.length - 101));
  const [prefix, name] = [path.slice(0, cut), path.slice(cut + 1)];
  if (cut < 0 || name.length > 100 || prefix.length > 155)
    throw new Error(`too long a path for ustar: ${path}`);
  return { name, prefix };
}
