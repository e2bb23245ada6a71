import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { SMTPServer } from "smtp-server";

/** Where messages end in tests, on loopback. */

export interface Posted {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** What the body says, read as JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: whoever posts decides what it is
  readonly body: any;
}

/** What a sink answers: a status, and a body where one is wanted. */
export type Answer = (posted: Posted) => { readonly status: number; readonly body?: unknown };

/** Takes what is posted by HTTP. */
export class HttpSink {
  readonly posted: Posted[] = [];
  readonly #server: Server;

  private constructor(answer: Answer) {
    this.#server = createServer(async (asked, answered) => {
      const chunks: Buffer[] = [];
      for await (const chunk of asked) chunks.push(chunk);
      const text = Buffer.concat(chunks).toString("utf8");
      const posted = {
        path: asked.url ?? "",
        headers: asked.headers,
        body: text === "" ? undefined : JSON.parse(text),
      };
      this.posted.push(posted);
      const { status, body } = answer(posted);
      answered.writeHead(status, { "content-type": "application/json" });
      answered.end(body === undefined ? "" : JSON.stringify(body));
    });
  }

  static async start(answer: Answer = () => ({ status: 200 })): Promise<HttpSink> {
    const sink = new HttpSink(answer);
    await once(sink.#server.listen(0, "127.0.0.1"), "listening");
    return sink;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

export interface Mail {
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  /** Who logged in; absent where nobody had to. */
  readonly user?: string;
  readonly secure: boolean;
}

/** Who may send mail, and the files that a TLS server needs. */
export interface MailLogin {
  readonly user: string;
  readonly password: string;
  readonly certificate: string;
  readonly key: string;
}

/** A mail server that keeps what it gets; with a login it wants STARTTLS first. */
export class MailSink {
  readonly mails: Mail[] = [];
  readonly #server: SMTPServer;

  private constructor(login?: MailLogin) {
    this.#server = new SMTPServer({
      ...(login === undefined
        ? { authOptional: true, hideSTARTTLS: true }
        : { cert: readFileSync(login.certificate), key: readFileSync(login.key) }),
      onAuth: ({ username, password }, _session, done) =>
        username === login?.user && password === login?.password
          ? done(null, { user: username })
          : done(new Error("535 authentication failed")),
      onData: async (stream, session, done) => {
        const chunks: Buffer[] = [];
        for await (const chunk of stream) chunks.push(chunk as Buffer);
        const raw = Buffer.concat(chunks).toString("utf8");
        const { mailFrom, rcptTo } = session.envelope;
        this.mails.push({
          from: mailFrom === false ? "" : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          subject: decodedSubject(raw),
          text: decodedText(raw),
          ...(session.user !== undefined && { user: String(session.user) }),
          secure: session.secure,
        });
        done();
      },
    });
    // Clients that go away in the middle are their own affair.
    this.#server.on("error", () => {});
  }

  static async start(login?: MailLogin): Promise<MailSink> {
    const sink = new MailSink(login);
    await new Promise<void>((resolve) => sink.#server.listen(0, "127.0.0.1", resolve));
    return sink;
  }

  get port(): number {
    return (this.#server.server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.close(resolve));
  }
}

/** A certificate that is its own authority, for `localhost`. */
export function localCertificate(folder: string): { certificate: string; key: string } {
  const [certificate, key] = [join(folder, "sink.pem"), join(folder, "sink-key.pem")];
  execFileSync(
    "openssl",
    [
      ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"],
      ...["-subj", "/CN=sink", "-addext", "subjectAltName=DNS:localhost"],
      ...["-keyout", key, "-out", certificate],
    ],
    { stdio: "pipe" },
  );
  return { certificate, key };
}

function decodedSubject(raw: string): string {
  const subject = /^Subject: (.*(?:\r\n[ \t].*)*)/m.exec(raw)?.[1] ?? "";
  return subject
    .replace(/\?=\s+=\?/g, "?==?")
    .replace(/=\?utf-8\?q\?([^?]*)\?=/gi, (_, text: string) =>
      quotedPrintable(text.replaceAll("_", " ")),
    );
}

function decodedText(raw: string): string {
  const part = /Content-Type: text\/plain[^\r\n]*\r\n\r\n([\s\S]*?)\r\n--/.exec(raw)?.[1] ?? "";
  return quotedPrintable(part.replace(/=\r\n/g, "")).replaceAll("\r\n", "\n");
}

function quotedPrintable(text: string): string {
  const bytes = text.replace(/=([0-9A-F]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return Buffer.from(bytes, "latin1").toString("utf8");
}
