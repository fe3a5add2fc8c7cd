/** Why something cannot be shown: every failure has a sentence, so that no view stays blank without one. */

export type Why =
  | 'noPixels'
  | 'undecodable'
  | 'forbidden'
  | 'gone'
  | 'network'
  | 'busy'
  | 'memory'
  | 'graphics';

export class Unshown extends Error {
  override readonly name = 'Unshown';

  constructor(
    readonly why: Why,
    /** What the server or the decoder said, where it said something. */
    readonly detail = '',
  ) {
    super(detail || why);
  }
}

const BY_STATUS: Readonly<Record<number, Why>> = {
  401: 'forbidden',
  403: 'forbidden',
  404: 'gone',
  410: 'gone',
  429: 'busy',
  503: 'busy',
};

/** The failure that an answer stands for; problem documents (RFC 9457) bring their own sentence. */
export async function failureOf(answer: Response): Promise<Unshown> {
  const body: unknown = await answer.json().catch(() => null);
  const detail = typeof body === 'object' && body !== null && 'detail' in body ? body.detail : '';
  const why = BY_STATUS[answer.status] ?? (answer.status < 500 ? 'undecodable' : 'network');
  return new Unshown(why, typeof detail === 'string' ? detail : '');
}

/** Whatever was thrown, as a failure that can be told. */
export function asFailure(error: unknown): Unshown {
  if (error instanceof Unshown) return error;
  if (error instanceof RangeError) return new Unshown('memory', error.message);
  if (error instanceof TypeError && /fetch|network|load/i.test(error.message)) return new Unshown('network');
  return new Unshown('undecodable', error instanceof Error ? error.message : '');
}
