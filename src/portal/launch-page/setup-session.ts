/** The browser session of a setup page. Only the browser that redeemed the ticket has it. */
import type { Language } from '../../core/languages.ts';
import { createCookieSet, type CookieSet } from '../../http/cookie-set.ts';
import { makeTicket, sha256, tokenOf, type Token } from '../link/tokens.ts';

/** The path of a setup page. */
export const setupPath = (launchId: string, lang: Language | undefined): string =>
  `/setup/${launchId}${lang ? `?lang=${lang}` : ''}`;

/** How long a setup page stays open. */
export const SESSION_SECONDS = 3_600;

/** @param secure false only in development over http */
export const createSessionCookies = (secure: boolean): CookieSet =>
  createCookieSet({ name: 'gatehouse-setup', maxAge: SESSION_SECONDS, secure });

/**
 * Makes the session of a redeemed ticket. It follows from the ticket, so that the browser that
 * clicks twice gets the same one; whether it gets one is decided when the ticket is presented.
 */
export const sessionOf = (ticket: string | undefined): Token =>
  ticket === undefined ? makeTicket() : tokenOf(derive('session', ticket));

/** The token of the page's forms. Another site does not know it, whatever its browser says about itself. */
export const formTokenOf = (session: string): string => derive('form', session);

const derive = (purpose: string, secret: string): string =>
  sha256(`gatehouse setup page ${purpose} ${secret}`).toString('base64url');

/** `launch_4f…` → `4f…`, the id of its cookie. */
export const cookieId = (launchId: string): string => launchId.replace(/^launch_/, '');
