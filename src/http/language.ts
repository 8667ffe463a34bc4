/** The language in which a browser is answered. */
import { match } from '@formatjs/intl-localematcher';
import type { Request } from 'express';
import { LRUCache } from 'lru-cache';
import { DEFAULT_LANGUAGE, LANGUAGES, type Language } from '../core/languages.ts';

export interface RequestLanguage {
  readonly language: Language;
  /** The language that the `lang` parameter asks for. Links and forms of a page carry it on. */
  readonly lang: Language | undefined;
}

/** The rest of a longer `Accept-Language` is ignored. */
const MOST_WISHES = 8;

/** Browsers send few different headers, and finding the fitting language costs as much as a query to Postgres. */
const known = new LRUCache<string, RequestLanguage>({ max: 1_000 });
const LONGEST_KNOWN = 200;

/** The `lang` parameter of the query decides, then `Accept-Language` (RFC 9110 §12.5.4). */
export function languageOf(req: Request): RequestLanguage {
  const start = req.url.indexOf('?');
  const wanted = start < 0 ? '' : (new URLSearchParams(req.url.slice(start + 1)).get('lang') ?? '');
  const key = `${wanted}\n${req.headers['accept-language'] ?? ''}`;
  const found = known.get(key) ?? find(req, wanted);
  if (key.length <= LONGEST_KNOWN) known.set(key, found);
  return found;
}

function find(req: Request, wanted: string): RequestLanguage {
  const lang = fitting([wanted]);
  return { language: lang ?? fitting(req.acceptsLanguages()) ?? DEFAULT_LANGUAGE, lang };
}

/** Returns the language that fits the wishes best: `de-AT` and `gsw` (Swiss German) fit `de`. */
export function fitting(wishes: readonly string[]): Language | undefined {
  const tags = wishes.slice(0, MOST_WISHES).filter(isTag);
  const found = tags.length > 0 ? match(tags, LANGUAGES, NONE) : NONE;
  return LANGUAGES.find((language) => language === found);
}

/** "Undetermined" in BCP 47. */
const NONE = 'und';

function isTag(text: string): boolean {
  try {
    return Intl.getCanonicalLocales(text).length === 1;
  } catch {
    return false;
  }
}
