/** The page's words: one file per part and language; English is the measure of completeness. */
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';
import en from './en';

export type Key = keyof typeof en;
export type Message = string | { one: string; other: string };
/** Every key of English, in another language. */
export type Translated<Part> = { [K in keyof Part]: Part[K] extends string ? string : Message };
export type Messages = Translated<typeof en>;
export type Values = Record<string, string | number>;
export type Translate = (key: Key, values?: Values) => string;

export const LANGUAGES = { en: 'English', de: 'Deutsch' } as const;
export type Language = keyof typeof LANGUAGES;

const LOADERS: Record<Exclude<Language, 'en'>, () => Promise<{ default: Messages }>> = {
  de: () => import('./de'),
};
const KEY = 'porion.language';

function isLanguage(value: string | null | undefined): value is Language {
  return value !== null && value !== undefined && value in LANGUAGES;
}

/** The language kept in this browser, else the first of the browser's that there is, else English. */
export function chosenLanguage(): Language {
  const kept = window.localStorage.getItem(KEY);
  if (isLanguage(kept)) return kept;
  return navigator.languages.map((tag) => tag.split('-')[0]).find(isLanguage) ?? 'en';
}

/** A message with its values in their places; `count` also chooses between singular and plural. */
export function say(messages: Messages, language: Language, key: Key, values: Values = {}): string {
  const message: Message = messages[key];
  const pattern = typeof message === 'string' ? message : message[plural(language, values.count)];
  return pattern.replace(/\{(\w+)\}/g, (place, name: string) => shown(language, values[name]) ?? place);
}

function plural(language: Language, count: string | number | undefined): 'one' | 'other' {
  return new Intl.PluralRules(language).select(Number(count)) === 'one' ? 'one' : 'other';
}

function shown(language: Language, value: string | number | undefined): string | undefined {
  return typeof value === 'number' ? new Intl.NumberFormat(language).format(value) : value;
}

interface Speech {
  language: Language;
  t: Translate;
  speak: (language: Language) => void;
}

const Spoken = createContext<Speech | null>(null);

/** Hands the page's words down; children appear when their language has been fetched. */
export function Speaking({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(chosenLanguage);
  const [messages, setMessages] = useState<Messages | null>(language === 'en' ? en : null);
  useEffect(() => {
    let wanted = true;
    document.documentElement.lang = language;
    if (language === 'en') setMessages(en);
    else
      LOADERS[language]().then(
        (loaded) => wanted && setMessages(loaded.default),
        () => wanted && setMessages(en),
      );
    return () => {
      wanted = false;
    };
  }, [language]);
  const speech = useMemo<Speech>(
    () => ({
      language,
      t: (key, values) => say(messages ?? en, language, key, values),
      speak: (chosen) => {
        window.localStorage.setItem(KEY, chosen);
        setLanguage(chosen);
      },
    }),
    [language, messages],
  );
  return messages && <Spoken value={speech}>{children}</Spoken>;
}

export function useSpeech(): Speech {
  const speech = useContext(Spoken);
  if (!speech) throw new Error('useSpeech outside of Speaking');
  return speech;
}

export function useT(): Translate {
  return useSpeech().t;
}
