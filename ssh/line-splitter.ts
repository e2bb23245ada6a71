import { StringDecoder } from "node:string_decoder";

/** Cuts a stream of bytes into lines; characters that span two chunks stay whole. */
export class LineSplitter {
  private readonly decoder = new StringDecoder("utf8");
  private readonly emit: (line: string) => void;
  private rest = "";

  constructor(emit: (line: string) => void) {
    this.emit = emit;
  }

  push(chunk: Buffer): void {
    const lines = (this.rest + this.decoder.write(chunk)).split(/\r?\n/);
    this.rest = lines.pop() ?? "";
    for (const line of lines) this.emit(line);
  }

  /** Emits what came after the last line end. */
  end(): void {
    this.rest += this.decoder.end();
    if (this.rest !== "") this.emit(this.rest);
    this.rest = "";
  }
}
