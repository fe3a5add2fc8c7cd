/** What forbids "certain": the server's rules and the values that they name, as sentences of the page. */
import type { Schemas } from '../api/client';
import type { Translate } from '../messages';
import english from '../messages/en';
import { levelKey } from './levels';
import type { Phrase } from './reasons';

type Veto = Schemas['VetoAnswer'];

/** Which value of a rule is a degree of agreement, and has words of its own. */
const LEVEL_AT: Partial<Record<Veto['rule'], number>> = {
  'given-name-not-the-same': 2,
  'id-not-the-same': 0,
};

/** The sentence in the page's words; the server's own for a rule that is newer than this page. */
export function said({ rule, values, sentence }: Veto, t: Translate): Phrase {
  if (!(`veto.${rule}` in english)) return { words: sentence, foreign: true };
  const words = values.map((value, at) => {
    const level = at === LEVEL_AT[rule] ? levelKey(value) : null;
    return level ? t(level) : value;
  });
  return { words: t(`veto.${rule}`, Object.fromEntries(words.entries())), foreign: false };
}
