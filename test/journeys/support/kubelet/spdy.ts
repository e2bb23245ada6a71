import type { Duplex } from "node:stream";
import { constants, createDeflate, createInflate } from "node:zlib";

/** The part of SPDY/3.1 that an API server speaks to a kubelet: streams that it opens, and their bytes both ways. */

const control = { synStream: 1, synReply: 2, ping: 6 } as const;
const fin = 1;

/** One stream that the far end opened. */
export class SpdyStream {
  /** Kubernetes' name for it: error, stdin, stdout, stderr or resize. */
  readonly type: string;
  onBytes: (chunk: Buffer) => void = () => {};
  onEnd: () => void = () => {};
  readonly #send: (bytes: Buffer, flags: number) => void;

  constructor(type: string, send: (bytes: Buffer, flags: number) => void) {
    this.type = type;
    this.#send = send;
  }

  write(chunk: Buffer): void {
    this.#send(chunk, 0);
  }

  end(chunk: Buffer = Buffer.alloc(0)): void {
    this.#send(chunk, fin);
  }
}

/** Serves one connection; `onStream` is called for each stream once its headers are read. */
export function serveSpdy(
  socket: Duplex,
  head: Buffer,
  onStream: (stream: SpdyStream) => void,
): void {
  const streams = new Map<number, SpdyStream>();
  const inflate = createInflate({ dictionary: dictionary() });
  const deflate = createDeflate({ dictionary: dictionary(), flush: constants.Z_SYNC_FLUSH });
  deflate.on("error", () => {});
  inflate.on("error", () => socket.destroy());
  let work = Promise.resolve();
  let rest: Buffer = head;
  const handle = async (first: number, flags: number, body: Buffer) => {
    if (first >>> 31 === 0) return receive(first, flags, body);
    const type = first & 0xffff;
    if (type === control.ping) return void socket.write(frame(first, 0, body));
    if (type !== control.synStream) return;
    const id = body.readUInt32BE(0);
    const headers = headersOf(await through(inflate, body.subarray(10)));
    const stream = new SpdyStream(headers.get("streamtype") ?? "", (bytes, flag) => {
      socket.write(frame(id, flag, bytes));
    });
    streams.set(id, stream);
    const none = await through(deflate, Buffer.alloc(4));
    const reply = Buffer.concat([body.subarray(0, 4), none]);
    socket.write(frame(0x80030000 + control.synReply, 0, reply));
    onStream(stream);
  };
  const receive = (id: number, flags: number, body: Buffer) => {
    if (body.length > 0) streams.get(id)?.onBytes(body);
    if (flags & fin) streams.get(id)?.onEnd();
  };
  const take = () => {
    while (rest.length >= 8) {
      const size = rest.readUIntBE(5, 3);
      if (rest.length < 8 + size) return;
      const [first, flags, body] = [
        rest.readUInt32BE(0),
        rest.readUInt8(4),
        rest.subarray(8, 8 + size),
      ];
      rest = rest.subarray(8 + size);
      // One after the other: header blocks are one compressed stream, and bytes must not overtake them.
      work = work.then(() => handle(first, flags, body));
    }
  };
  socket.on("data", (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    take();
  });
  socket.on("error", () => socket.destroy());
  take();
}

function frame(first: number, flags: number, body: Buffer): Buffer {
  const start = Buffer.alloc(8);
  start.writeUInt32BE(first >>> 0, 0);
  start.writeUInt8(flags, 4);
  start.writeUIntBE(body.length, 5, 3);
  return Buffer.concat([start, body]);
}

/** What a compressor that goes on makes of a piece. */
function through(
  coder: ReturnType<typeof createInflate> | ReturnType<typeof createDeflate>,
  piece: Buffer,
): Promise<Buffer> {
  return new Promise((resolve) => {
    coder.write(piece);
    coder.flush(constants.Z_SYNC_FLUSH, () => resolve(coder.read() ?? Buffer.alloc(0)));
  });
}

function headersOf(block: Buffer): ReadonlyMap<string, string> {
  let at = 4;
  const word = () => {
    const size = block.readUInt32BE(at);
    at += 4 + size;
    return block.toString("utf8", at - size, at);
  };
  return new Map(
    Array.from({ length: block.readUInt32BE(0) }, () => [word(), word()] as [string, string]),
  );
}

/** What both ends of SPDY/3 start their compressors with: common words, each behind its length, then common values. */
function dictionary(): Buffer {
  const words =
    "options head post put delete trace accept accept-charset accept-encoding accept-language accept-ranges age allow authorization cache-control connection content-base content-encoding content-language content-length content-location content-md5 content-range content-type date etag expect expires from host if-match if-modified-since if-none-match if-range if-unmodified-since last-modified location max-forwards pragma proxy-authenticate proxy-authorization range referer retry-after server te trailer transfer-encoding upgrade user-agent vary via warning www-authenticate method get status 200_OK version HTTP/1.1 url public set-cookie keep-alive origin";
  const values =
    "100101201202205206300302303304305306307402405406407408409410411412413414415416417502504505203 Non-Authoritative Information204 No Content301 Moved Permanently400 Bad Request401 Unauthorized403 Forbidden404 Not Found500 Internal Server Error501 Not Implemented503 Service UnavailableJan Feb Mar Apr May Jun Jul Aug Sept Oct Nov Dec 00:00:00 Mon, Tue, Wed, Thu, Fri, Sat, Sun, GMTchunked,text/html,image/png,image/jpg,image/gif,application/xml,application/xhtml+xml,text/plain,text/javascript,publicprivatemax-age=gzip,deflate,sdchcharset=utf-8charset=iso-8859-1,utf-,*,enq=0.";
  const sized = words.split(" ").map((one) => {
    const word = Buffer.from(one.replace("_", " "));
    const size = Buffer.alloc(4);
    size.writeUInt32BE(word.length);
    return Buffer.concat([size, word]);
  });
  return Buffer.concat([...sized, Buffer.from(values)]);
}
