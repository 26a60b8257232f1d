// HTTP by the byte: what a well-behaved client would never send.
import { connect, type Socket } from "node:net";

export interface Answer {
  status: number;
  headers: Record<string, string>; // names in lower case
  body: string;
}

export class RawClient {
  private bytes = Buffer.alloc(0);
  private wake: () => void = () => undefined;
  closed = false; // by the server
  readonly socket: Socket;

  private constructor(socket: Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on("data", (more) => {
      this.bytes = Buffer.concat([this.bytes, more as Buffer]);
      this.wake();
    });
    const end = () => {
      this.closed = true;
      this.wake();
    };
    socket.on("end", end).on("close", end).on("error", end);
  }

  static open(port: number, host = "127.0.0.1"): Promise<RawClient> {
    return new Promise((resolve, reject) => {
      const socket = connect({ port, host, allowHalfOpen: true }, () =>
        resolve(new RawClient(socket)),
      );
      socket.once("error", reject);
    });
  }

  send(text: string | Buffer): void {
    this.socket.write(text, () => undefined);
  }

  private changed(): Promise<void> {
    return new Promise((resolve) => (this.wake = resolve));
  }

  /** The next answer, or null where the server closes before one is whole. `bodiless`: the answer
   * to a HEAD. */
  async answer(bodiless = false): Promise<Answer | null> {
    for (;;) {
      const found = this.take(bodiless);
      if (found) return found;
      if (this.closed) return null;
      await this.changed();
    }
  }

  /** Waits until the server closes; true when nothing was left unread. */
  async end(): Promise<boolean> {
    while (!this.closed) await this.changed();
    return this.bytes.length === 0;
  }

  close(): void {
    this.socket.destroy();
  }

  private take(bodiless: boolean): Answer | null {
    const edge = this.bytes.indexOf("\r\n\r\n");
    if (edge < 0) return null;
    const [line, ...fields] = this.bytes.subarray(0, edge).toString("latin1").split("\r\n");
    const headers: Record<string, string> = {};
    for (const field of fields) {
      const colon = field.indexOf(":");
      headers[field.slice(0, colon).toLowerCase()] = field.slice(colon + 1).trim();
    }
    const length = bodiless ? 0 : Number(headers["content-length"] ?? 0);
    if (this.bytes.length < edge + 4 + length) return null;
    const body = this.bytes.subarray(edge + 4, edge + 4 + length).toString("utf8");
    this.bytes = this.bytes.subarray(edge + 4 + length);
    return { status: Number(line!.split(" ")[1]), headers, body };
  }
}

/** A request text: CRLF lines, `Host` unless it is given, the body behind. */
export function request(method: string, path: string, headers: string[] = [], body = ""): string {
  const host = headers.some((h) => /^host\s*:/i.test(h)) ? [] : ["Host: test"];
  return [`${method} ${path} HTTP/1.1`, ...host, ...headers, "", body].join("\r\n");
}
