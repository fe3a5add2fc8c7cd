/** What the viewer says, in the page's language. */

import { useMemo } from 'react';
import { type Language, useSpeech } from '../../messages';
import type { Ground, Measured } from '../geometry/measured';
import type { Scale } from '../geometry/scale';
import type { Unshown } from '../pixels/failure';
import de from './de';
import en from './en';

export type Word = keyof typeof en;
export type Say = (word: Word, values?: Readonly<Record<string, string | number>>) => string;

const TABLES: Readonly<Record<Language, Record<Word, string>>> = { en, de };

/** Words of a language; numbers among the values as that language writes them. */
export function sayIn(language: Language): Say {
  return (word, values = {}) =>
    TABLES[language][word].replace(
      /\{(\w+)\}/g,
      (place, name: string) => shown(language, values[name]) ?? place,
    );
}

export interface Words {
  readonly language: Language;
  readonly say: Say;
}

export function useWords(): Words {
  const { language } = useSpeech();
  return useMemo(() => ({ language, say: sayIn(language) }), [language]);
}

/** A measurement's number with its unit: one digit after the point, px whole. */
export function quantity({ language, say }: Words, found: Measured): string {
  const digits = found.unit === 'px' ? 0 : 1;
  const number = new Intl.NumberFormat(language, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  const text = `${number.format(found.value)}${found.unit === '°' ? '°' : ` ${found.unit}`}`;
  return uneven(found) ? say('about', { value: text }) : text;
}

/** The lines beside a drawing: the number, and what a length rests on. */
export function told(words: Words, found: Measured): string[] {
  if (found.unit === '°') return [quantity(words, found)];
  return [quantity(words, found), uneven(found) ? words.say('unreliable') : shortBasis(words, found.ground)];
}

/** What the scale of a picture rests on, in one line. */
export function basisLine({ language, say }: Words, scale: Scale): string {
  const basis = say(`basis.${scale.basis}`);
  if (!scale.mm) return basis;
  const digits = new Intl.NumberFormat(language, { maximumSignificantDigits: 3 });
  const [down, along] = scale.mm;
  const same = Math.abs(down - along) < 1e-6;
  const mm = same ? digits.format(along) : `${digits.format(along)} × ${digits.format(down)}`;
  return say('basis.mm', { mm, basis });
}

/** A failure as a sentence, with what the server said about it. */
export function reason({ say }: Words, failure: Unshown): string {
  return [say(`why.${failure.why}`), failure.detail].filter(Boolean).join(' ');
}

function shortBasis({ say }: Words, ground: Ground): string {
  return say(ground === 'volume' ? 'basis.short.volume' : `basis.short.${ground.basis}`);
}

function uneven({ ground, unit }: Measured): boolean {
  return ground !== 'volume' && !ground.even && unit === 'mm';
}

function shown(language: Language, value: string | number | undefined): string | undefined {
  return typeof value === 'number' ? new Intl.NumberFormat(language).format(value) : value;
}
