import { expect, it } from 'vitest';
import type { Schemas } from '../api/client';
import { say, type Translate } from '../messages';
import de from '../messages/de';
import en from '../messages/en';
import { said } from './vetoes';

const english: Translate = (key, values) => say(en, 'en', key, values);
const german: Translate = (key, values) => say(de, 'de', key, values);

function veto(rule: Schemas['VetoAnswer']['rule'], ...values: string[]): Schemas['VetoAnswer'] {
  return { rule, values, sentence: 'In the words of the server.' };
}

it('says a veto in the language of the page, with its values in their places', () => {
  const differs = veto('given-name-differs', 'Ben', '$&{0}');
  expect(said(differs, english).words).toBe(
    'The given names differ, “Ben” and “$&{0}”: this may be a brother, a sister or a twin.',
  );
  expect(said(differs, german).words).toBe(
    'Die Vornamen sind verschieden, „Ben“ und „$&{0}“: Es kann ein Bruder, eine Schwester oder ein Zwilling sein.',
  );
});

it('leaves a rule that it does not know to the words of the server', () => {
  expect(said(veto('of-tomorrow' as 'merged'), german)).toEqual({
    words: 'In the words of the server.',
    foreign: true,
  });
});

it('has words for degrees of agreement, and takes no name for one', () => {
  expect(said(veto('given-name-not-the-same', 'similar', 'Jana', 'nearly the same'), german).words).toBe(
    'Die Vornamen sind nicht dieselben, „similar“ und „Jana“: fast gleich.',
  );
  expect(said(veto('id-not-the-same', 'same, issuer not stated'), german).words).toBe(
    'Die Nummer ist nicht dieselbe vom selben Aussteller: gleich, Aussteller nicht genannt.',
  );
});
