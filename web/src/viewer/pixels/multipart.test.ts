import { describe, expect, it } from 'vitest';
import { boundaryOf, type Part, partsOf } from './multipart';

const latin1 = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(text, (letter) => letter.charCodeAt(0));

const TYPE = 'multipart/related; type="x/y"; boundary="=+b"';

function answer(text: string, chunk: number): ReadableStream<Uint8Array<ArrayBuffer>> {
  const bytes = latin1(text);
  return new ReadableStream({
    start(out) {
      for (let at = 0; at < bytes.length; at += chunk) out.enqueue(bytes.slice(at, at + chunk));
      out.close();
    },
  });
}

async function all(of: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<Part[]> {
  const found: Part[] = [];
  for await (const part of partsOf(TYPE, of)) found.push(part);
  return found;
}

const TWO =
  'preamble\r\n--=+b\r\nContent-Type: a/b; transfer-syntax=1.2\r\nContent-Location: /f/1\r\n\r\n\r\n--=not\x00\xff\r\n' +
  '--=+b\r\nContent-Type: a/b\r\nContent-Length: 9\r\n\r\n--=+b\r\n\r\n\r\n--=+b--\r\n';

describe('a multipart answer', () => {
  it.each([1, 2, 7, 1000])('gives its parts when it comes in pieces of %d bytes', async (chunk) => {
    const parts = await all(answer(TWO, chunk));
    expect(parts.map(({ body }) => String.fromCharCode(...body))).toEqual([
      '\r\n--=not\x00\xff',
      '--=+b\r\n\r\n',
    ]);
    expect(parts[0]).toMatchObject({ type: 'a/b; transfer-syntax=1.2', location: '/f/1' });
  });

  it('that ends early throws', async () => {
    await expect(all(answer(TWO.slice(0, -12), 50))).rejects.toThrow('early');
  });

  it('may be empty', async () => expect(await all(answer('--=+b--', 3))).toEqual([]));
});

describe('a boundary', () => {
  it('may stand without quotes', () =>
    expect(boundaryOf('multipart/related; boundary=x1; type=y')).toBe('x1'));
  it('is missing from any other answer', () =>
    expect(() => boundaryOf('application/json')).toThrow('multipart'));
});
