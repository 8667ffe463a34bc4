/** Pages for somebody who is not signed in, and refusals. */
import { LINK_MINUTES, SESSION_HOURS } from './session-store.ts';

export interface Card {
  readonly title: string;
  readonly texts: readonly string[];
  readonly command?: string;
  readonly form?: {
    readonly to: string;
    readonly label: string;
    readonly fields: Readonly<Record<string, string>>;
  };
  readonly link?: { readonly to: string; readonly text: string };
  readonly note?: string;
}

const COMMAND = 'gatehouse console';

export const SIGNED_OUT: Card = {
  title: 'Sign in',
  texts: ['Run this where Gatehouse runs, and open the link that it prints:'],
  command: COMMAND,
  note: `The link works once, within ${LINK_MINUTES} minutes. You stay signed in for ${SESSION_HOURS} hours.`,
};

export const confirmCard = (operator: string, link: string): Card => ({
  title: `Sign in as ${operator}`,
  texts: ['You can look at tenants, clients, events, deliveries and the audit trail.'],
  form: { to: '/sign-in', label: 'Sign in', fields: { link } },
  note: `Every page you open is recorded in the audit trail. The session ends after ${SESSION_HOURS} hours.`,
});

export const LINK_GONE: Card = {
  title: 'This link no longer works',
  texts: [
    `A link signs one browser in, within ${LINK_MINUTES} minutes. Run the command again to get a new one:`,
  ],
  command: COMMAND,
};

export const NOT_FOUND: Card = {
  title: 'There is no such page',
  texts: ['The address is wrong, or what it named no longer exists.'],
  link: { to: '', text: 'Go to the overview' },
};

export const WRONG_HOST: Card = {
  title: 'The console does not answer at this address',
  texts: [
    'It answers at localhost, at IP addresses and at the origin in CONSOLE_URL, so that no other site can pass for it.',
    'Open it by one of these, or set CONSOLE_URL to the origin that you used.',
  ],
};

export const FOREIGN_FORM: Card = {
  title: 'This form is not from the console',
  texts: ['Nothing was done. Go back, reload the page and press the button again.'],
};

export const UNREADABLE: Card = {
  title: 'The request could not be read',
  texts: ['Go back to the page you came from and try again.'],
};

export const BUSY: Card = {
  title: 'Too many pages are being read at once',
  texts: ['The console reads little at a time, so that logins come first. Reload in a moment.'],
};

export const UNAVAILABLE: Card = {
  title: 'The database does not answer',
  texts: ['The console reads everything from it. /readyz and the log on this port say more.'],
};

export const BROKEN: Card = {
  title: 'The page could not be made',
  texts: ['The error was logged. The commands of gatehouse show the same facts.'],
};

/** @param why a sentence that may be shown */
export const refusalCard = (why: string): Card => ({ title: 'It was not done', texts: [why] });
