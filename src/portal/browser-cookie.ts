import { randomBytes } from 'node:crypto';
import type { Answer } from '../http/answer.ts';
import { sha256 } from './ticket.ts';

const NAME = '__Host-gatehouse-browser';
/** Lax: with Strict, a link in an e-mail would give the browser another value at each visit. */
const ATTRIBUTES = 'Path=/; HttpOnly; SameSite=Lax; Secure';
/** 128 random bits. */
const VALUE = new RegExp(`(?:^|;\\s*)${NAME}=([A-Za-z0-9_-]{22})(?:;|$)`);

type Page = Exclude<Answer, { redirect: unknown }>;

/**
 * Tells a browser that clicks twice from a stranger with the same ticket. It grants nothing.
 *
 * @returns the SHA-256 of the browser's cookie, null when it has none
 */
export function browserOf(cookies: string | undefined): Buffer | null {
  const value = VALUE.exec(cookies ?? '')?.[1];
  return value === undefined ? null : sha256(value);
}

/** The page with a cookie for a browser that has none yet. */
export function markBrowser(page: Page, cookies: string | undefined): Page {
  if (browserOf(cookies)) return page;
  const cookie = `${NAME}=${randomBytes(16).toString('base64url')}; ${ATTRIBUTES}`;
  return { ...page, headers: { ...page.headers, 'set-cookie': cookie } };
}
