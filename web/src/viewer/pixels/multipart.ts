/** multipart/related answers (RFC 2387, PS3.18 8.6.1), read while they arrive: 400 frames come in one answer. */

export interface Part {
  readonly type: string;
  readonly location: string;
  readonly body: Uint8Array<ArrayBuffer>;
}

const LONGEST_HEADER = 16_384;
const decoder = new TextDecoder('latin1');

/** The parts of an answer, each one as soon as it is whole; an answer that ends early throws. */
export async function* partsOf(
  contentType: string,
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
): AsyncGenerator<Part> {
  const boundary = boundaryOf(contentType);
  const reader = body.getReader();
  const bytes = new Incoming(reader);
  try {
    yield* parts(bytes, new TextEncoder().encode(`--${boundary}`));
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** The boundary that a Content-Type names. */
export function boundaryOf(contentType: string): string {
  const found = /;\s*boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentType);
  const boundary = found?.[1] ?? found?.[2];
  if (!boundary || !/^multipart\//i.test(contentType)) throw new Error(`no multipart answer: ${contentType}`);
  return boundary;
}

async function* parts(bytes: Incoming, delimiter: Uint8Array): AsyncGenerator<Part> {
  await bytes.until(delimiter); // a preamble may come first
  const end = new Uint8Array([13, 10, ...delimiter]);
  while ((await bytes.text(2)) !== '--') {
    const head = headersOf(decoder.decode(await bytes.until(BLANK_LINE, LONGEST_HEADER)));
    const length = Number(head.get('content-length') ?? Number.NaN);
    const body = Number.isSafeInteger(length) ? await bytes.take(length) : await bytes.until(end);
    if (Number.isSafeInteger(length)) await bytes.until(end, end.length);
    yield { type: head.get('content-type') ?? '', location: head.get('content-location') ?? '', body };
  }
}

const BLANK_LINE = new Uint8Array([13, 10, 13, 10]);

function headersOf(text: string): Map<string, string> {
  const lines = text.split('\r\n').filter((line) => line.includes(':'));
  return new Map(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
}

type Reader = ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>;

/** What has come and not been taken yet. Bytes are copied once: from the chunks of the network into a part. */
class Incoming {
  private chunks: Uint8Array<ArrayBuffer>[] = [];
  private length = 0;

  constructor(private readonly reader: Reader) {}

  async text(count: number): Promise<string> {
    return decoder.decode(await this.take(count));
  }

  async take(count: number): Promise<Uint8Array<ArrayBuffer>> {
    while (this.length < count) await this.more();
    const out = new Uint8Array(count);
    let filled = 0;
    while (filled < count) {
      const first = this.chunks[0] as Uint8Array<ArrayBuffer>;
      const used = Math.min(first.length, count - filled);
      out.set(first.subarray(0, used), filled);
      filled += used;
      if (used === first.length) this.chunks.shift();
      else this.chunks[0] = first.subarray(used);
    }
    this.length -= count;
    return out;
  }

  /** What comes before the mark, which is taken as well. */
  async until(mark: Uint8Array, longest = Number.POSITIVE_INFINITY): Promise<Uint8Array<ArrayBuffer>> {
    for (let searched = 0; ; ) {
      const whole = this.joined();
      const at = indexOf(whole, mark, Math.max(0, searched - mark.length));
      if (at >= 0) {
        const before = await this.take(at);
        await this.take(mark.length);
        return before;
      }
      if (whole.length > longest) throw new Error('a part of the answer has no end');
      searched = whole.length;
      await this.more();
    }
  }

  private joined(): Uint8Array<ArrayBuffer> {
    if (this.chunks.length > 1) {
      const whole = new Uint8Array(this.length);
      let filled = 0;
      for (const chunk of this.chunks) {
        whole.set(chunk, filled);
        filled += chunk.length;
      }
      this.chunks = [whole];
    }
    return this.chunks[0] ?? new Uint8Array();
  }

  private async more(): Promise<void> {
    const { done, value } = await this.reader.read();
    if (done) throw new TypeError('network: the answer ended early');
    if (value.length === 0) return;
    this.chunks.push(value);
    this.length += value.length;
  }
}

function indexOf(bytes: Uint8Array, mark: Uint8Array, from: number): number {
  const first = mark[0] as number;
  for (let at = bytes.indexOf(first, from); at >= 0; at = bytes.indexOf(first, at + 1)) {
    if (at + mark.length > bytes.length) return -1;
    if (mark.every((byte, i) => bytes[at + i] === byte)) return at;
  }
  return -1;
}
