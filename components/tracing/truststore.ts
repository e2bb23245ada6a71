import { createHash } from "node:crypto";

/** Programs in Java believe no authority that is written as text: only those in a store of their own form (JKS). */

/** What the store's own checksum is made with. Authorities are no secret, so neither is this. */
export const storePassword = "changeit";

const magic = 0xfeedfeed;
const version = 2;
const trusted = 2;

/** The authorities of a PEM text as a store, the same bytes for the same text. @throws when the text has none. */
export function trustStore(pem: string): Buffer {
  const found = [
    ...pem.matchAll(/-----BEGIN CERTIFICATE-----([\s\S]+?)-----END CERTIFICATE-----/g),
  ];
  if (found.length === 0) throw new Error("no certificate in the text of an authority");
  const body = Buffer.concat([
    integer(magic),
    integer(version),
    integer(found.length),
    ...found.map(([, text = ""], index) =>
      entry(`authority-${index + 1}`, Buffer.from(text, "base64")),
    ),
  ]);
  // The form's own words, and the password as Java holds texts.
  const checksum = createHash("sha1")
    .update(Buffer.from(storePassword, "utf16le").swap16())
    .update("Mighty Aphrodite")
    .update(body)
    .digest();
  return Buffer.concat([body, checksum]);
}

function entry(alias: string, certificate: Buffer): Buffer {
  return Buffer.concat([
    integer(trusted),
    text(alias),
    // When it was put in: never, so that the bytes stay the same.
    Buffer.alloc(8),
    text("X.509"),
    integer(certificate.length),
    certificate,
  ]);
}

function integer(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32BE(value);
  return buffer;
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, "utf8");
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
