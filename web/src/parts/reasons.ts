/** Why a line of the evidence weighs what it weighs: the server's phrases in the page's words. */
import type { Key, Translate } from '../messages';

const PHRASES: readonly (readonly [RegExp, Key])[] = [
  [/^shared by (?<number>\d+) patients$/, 'reason.shared'],
  [/^carried by this patient only$/, 'reason.alone'],
  [/^no patient bears the name as claimed$/, 'reason.nobodyAsClaimed'],
  [/^no other patient bears the name as registered$/, 'reason.nobodyAsRegistered'],
  [/^other patients bear either name$/, 'reason.bothBorne'],
  [/^within issuer “(?<issuer>.*)”$/, 'reason.issuer'],
  [/^accents, umlauts or separators written differently$/, 'reason.accents'],
  [/^“(?<mark>.)” stands for a lost letter$/, 'reason.lost'],
  [/^one side is cut off where a field was full$/, 'reason.cut'],
  [/^written in different scripts, which are not compared$/, 'reason.scripts'],
  [/^one of (?<number>\d+) patients, who may not be among them at all$/, 'reason.register'],
  [/^a brother, a sister or a twin may agree on as much$/, 'reason.relatives'],
  [/^somebody else of the same name may agree on as much$/, 'reason.namesakes'],
  [/^a person linked the same claim from the same source before$/, 'reason.before'],
  [/^the image answers a step that was scheduled for this patient$/, 'reason.step'],
];

export interface Phrase {
  words: string;
  /** Nobody has put it into the page's language: a model of the clinic's own has words of its own. */
  foreign: boolean;
}

export function phrases(reason: string, t: Translate): Phrase[] {
  return reason
    .split('; ')
    .filter(Boolean)
    .map((phrase) => inWords(phrase, t));
}

function inWords(phrase: string, t: Translate): Phrase {
  for (const [pattern, key] of PHRASES) {
    const found = pattern.exec(phrase);
    if (found) return { words: t(key, values(found.groups)), foreign: false };
  }
  return { words: phrase, foreign: true };
}

function values({ number, ...others }: Record<string, string | undefined> = {}) {
  const texts = Object.entries(others).map(([name, text]) => [name, text ?? '']);
  return { ...Object.fromEntries(texts), ...(number === undefined ? {} : { number: Number(number) }) };
}
