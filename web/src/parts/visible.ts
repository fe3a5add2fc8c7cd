/** Text from files as it is: what no eye sees is written out, so that nothing hides and nothing reorders. */

export interface Piece {
  text: string;
  /** Whether the text stands for a character that cannot be seen. */
  escaped: boolean;
}

// Controls, bidirectional marks and overrides, joiners of no width, separators, tags, lone surrogates.
const UNSEEN =
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: each one is meant by itself
  /[\p{Cc}\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e0fff}\p{Cs}]/gu;

/** The text in pieces, each character that cannot be seen as its code. */
export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let at = 0;
  for (const match of text.matchAll(UNSEEN)) {
    if (match.index > at) found.push({ text: text.slice(at, match.index), escaped: false });
    found.push({ text: codeOf(match[0]), escaped: true });
    at = match.index + match[0].length;
  }
  if (at < text.length) found.push({ text: text.slice(at), escaped: false });
  return found;
}

/** The text in one string, for places that take no markup: titles, labels, the clipboard. */
export function visible(text: string): string {
  return pieces(text)
    .map((piece) => piece.text)
    .join('');
}

function codeOf(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return `⟨U+${code}⟩`;
}
