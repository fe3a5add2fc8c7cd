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

/** What the status of an answer stands for; 0 is none at all. */
export function whyOf(status: number): Why {
  if (status === 0) return 'network';
  if (status === 401 || status === 403) return 'forbidden';
  if (status === 404 || status === 410) return 'gone';
  if (status === 429 || status === 503) return 'busy';
  return status >= 500 ? 'network' : 'undecodable';
}

/** Whatever was thrown, as a failure that can be told. */
export function asFailure(error: unknown): Unshown {
  if (error instanceof Unshown) return error;
  if (error instanceof RangeError) return new Unshown('memory', error.message);
  if (error instanceof TypeError && /fetch|network|load/i.test(error.message)) return new Unshown('network');
  return new Unshown('undecodable', error instanceof Error ? error.message : '');
}
