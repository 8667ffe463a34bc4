/** Looks texts up in the catalogue of one language. */
import { IntlMessageFormat } from 'intl-messageformat';
import { LANGUAGES, type Language } from '../../core/languages.ts';
import type { Arguments, Catalogue, TextKey } from './catalogue.ts';
import { de } from './de/catalogue.ts';
import { en } from './en/catalogue.ts';
import { fr } from './fr/catalogue.ts';

export type { PlainKey, TextKey } from './catalogue.ts';

/** A piece of a text. Values are names, whose direction may differ, so templates put them into `<bdi>`. */
export interface Part {
  readonly text: string;
  readonly isValue: boolean;
}

/** Texts are plain text: whoever writes HTML escapes them. */
export interface Texts {
  readonly language: Language;
  readonly direction: 'ltr' | 'rtl';
  text<Key extends TextKey>(key: Key, ...values: Arguments<Key>): string;
  /** For templates: `<%~ include('@text', { parts }) %>`. */
  parts<Key extends TextKey>(key: Key, ...values: Arguments<Key>): readonly Part[];
  /** Date, time and time zone: `November 30, 2026 at 2:05 PM UTC`. */
  time(date: Date): string;
  /** The day in UTC: `November 30, 2026`. */
  date(date: Date): string;
}

export const CATALOGUES: Readonly<Record<Language, Catalogue>> = { en, de, fr };

/** Languages that are written from right to left. */
const RIGHT_TO_LEFT: readonly string[] = ['ar', 'fa', 'he', 'ur'];

function createTexts(language: Language): Texts {
  const catalogue = CATALOGUES[language];
  const messages = new Map<TextKey, IntlMessageFormat>();
  const messageOf = (key: TextKey): IntlMessageFormat => {
    const known = messages.get(key);
    if (known) return known;
    const message = new IntlMessageFormat(catalogue[key], language, undefined, AS_TEXT);
    messages.set(key, message);
    return message;
  };
  const times = timeFormat(language, TIME);
  const days = timeFormat(language, DAY);
  return {
    language,
    direction: RIGHT_TO_LEFT.includes(language) ? 'rtl' : 'ltr',
    text: (key, ...[values]) => messageOf(key).format<string>(values) as string,
    parts: (key, ...[values]) => partsOf(messageOf(key), values),
    time: (date) => withOrdinal(language, times().format(date)),
    date: (date) => withOrdinal(language, days().format(date)),
  };
}

/** Made when it is first used: six of them would take a fifteenth of the start. */
function timeFormat(language: Language, options: Intl.DateTimeFormatOptions) {
  let format: Intl.DateTimeFormat | undefined;
  return () => (format ??= new Intl.DateTimeFormat(language, options));
}

/** French writes the first of a month as `1er`, which the data of `Intl` does not have. */
const withOrdinal = (language: Language, date: string): string =>
  language === 'fr' ? date.replace(/^1 /, '1er ') : date;

/** `<` has no meaning in a text. */
const AS_TEXT = { ignoreTag: true };

const DAY: Intl.DateTimeFormatOptions = { dateStyle: 'long', timeZone: 'UTC' };

const TIME: Intl.DateTimeFormatOptions = {
  ...{ day: 'numeric', month: 'long', year: 'numeric' },
  ...{ hour: 'numeric', minute: '2-digit', timeZone: 'UTC', timeZoneName: 'short' },
};

function partsOf(message: IntlMessageFormat, values: Record<string, string | number> = {}): Part[] {
  // The library joins texts with their neighbours; objects stay parts of their own.
  const named = Object.entries(values).map(([name, value]) =>
    typeof value === 'number' ? [name, value] : [name, { text: value }],
  );
  const parts = message.formatToParts<{ text: string }>(
    Object.fromEntries(named) as Record<string, { text: string } | number>,
  );
  return parts.map(({ value }) =>
    typeof value === 'string'
      ? { text: value, isValue: false }
      : { text: value.text, isValue: true },
  );
}

const ALL = Object.fromEntries(
  LANGUAGES.map((language) => [language, createTexts(language)]),
) as Record<Language, Texts>;

/** Returns the texts of a language. Each message is parsed once, when it is first used. */
export const textsIn = (language: Language): Texts => ALL[language];
