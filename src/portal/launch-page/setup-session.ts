/** The browser session of a setup page. Only the browser that redeemed the ticket has it. */
import type { Language } from '../../core/languages.ts';
import type { KeyedDigests } from '../../core/keyed-digest.ts';
import { createCookieSet, type CookieSet } from '../../http/cookie-set.ts';
import { makeTicket, tokenOf, type Token } from '../link/tokens.ts';
import { sha256 } from '../../core/sha256.ts';

/** The path of a setup page. */
export const setupPath = (launchId: string, lang: Language | undefined): string =>
  `/setup/${launchId}${lang ? `?lang=${lang}` : ''}`;

/** How long a setup page stays open. */
export const SESSION_SECONDS = 3_600;

/** @param secure false only in development over http */
export const createSessionCookies = (secure: boolean): CookieSet =>
  createCookieSet({ name: 'gatehouse-setup', maxAge: SESSION_SECONDS, secure });

/** The purpose of the keys that the sessions are derived with. */
export const SESSION_KEYS = 'setup page session';

/**
 * Derives the sessions that a ticket may have, the one of the current key first. A session follows from
 * its ticket, so that the browser that clicks twice gets the same one; and from our key, so that a spent
 * ticket, which stays in mailboxes and histories, is not one.
 */
export const sessionsOf = (digests: KeyedDigests, ticket: string): readonly [Token, ...Token[]] => {
  const [current, ...older] = digests(ticket);
  return [tokenOf(current), ...older.map(tokenOf)];
};

/** Makes the session of a redeemed launch. */
export const newSession = (digests: KeyedDigests, ticket: string | undefined): Token =>
  ticket === undefined ? makeTicket() : sessionsOf(digests, ticket)[0];

/** The token of the page's forms. Another site does not know it, whatever its browser says about itself. */
export const formTokenOf = (session: string): string =>
  sha256(`gatehouse setup page form ${session}`).toString('base64url');

/** `launch_4f…` → `4f…`, the id of its cookie. */
export const cookieId = (launchId: string): string => launchId.replace(/^launch_/, '');
