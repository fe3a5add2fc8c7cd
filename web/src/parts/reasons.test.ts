import { expect, it } from 'vitest';
import { say, type Translate } from '../messages';
import de from '../messages/de';
import en from '../messages/en';
import { phrases } from './reasons';

const english: Translate = (key, values) => say(en, 'en', key, values);
const german: Translate = (key, values) => say(de, 'de', key, values);

it('says reasons in the language of the page, each by itself', () => {
  const reason = 'accents, umlauts or separators written differently; shared by 1200 patients';
  expect(phrases(reason, german)).toEqual([
    { words: 'Akzente, Umlaute oder Trennzeichen anders geschrieben', foreign: false },
    { words: 'das haben 1.200 Patienten', foreign: false },
  ]);
  expect(phrases(reason, english).map((phrase) => phrase.words)).toEqual([
    'accents, umlauts or separators written differently',
    'shared by 1,200 patients',
  ]);
  expect(phrases('within issuer “$& (DEMO)”', german)[0]?.words).toBe('beide von $& (DEMO)');
  expect(phrases('', german)).toEqual([]);
});

it('leaves what it does not know as it is', () => {
  expect(phrases('cousins are many here', german)).toEqual([
    { words: 'cousins are many here', foreign: true },
  ]);
});
