import { randomBytes } from 'node:crypto';
import type { Answer } from '../../http/answer.ts';
import { cookiesIn, hostCookie } from '../../http/cookies.ts';
import { sha256 } from '../../core/sha256.ts';

const NAME = '__Host-gatehouse-browser';
/** 128 random bits, in base64url. */
const VALUE = /^[A-Za-z0-9_-]{22}$/;

type Page = Exclude<Answer, { redirect: unknown }>;

/**
 * Recognises a browser that clicks twice, as opposed to another browser with the same ticket. The
 * cookie grants nothing.
 *
 * @returns the SHA-256 of the browser's cookie, or null if it has none
 */
export function browserOf(header: string | undefined): Buffer | null {
  const [, value] =
    cookiesIn(header).find(([name, text]) => name === NAME && VALUE.test(text)) ?? [];
  return value === undefined ? null : sha256(value);
}

/** Adds a cookie to the page if the browser has none yet. */
export function markBrowser(page: Page, header: string | undefined): Page {
  if (browserOf(header)) return page;
  const cookie = hostCookie(NAME, randomBytes(16).toString('base64url'), { secure: true });
  return { ...page, headers: { ...page.headers, 'set-cookie': cookie } };
}
