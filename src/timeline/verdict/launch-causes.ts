import { OPERATORS_MAIL_FAILURES } from '../../core/mail-failures.ts';
import { explainReason } from '../words/reasons.ts';
import type { Cause, Facts, Finding } from './facts.ts';
import { launch } from './setup-causes.ts';

/** Causes that lie in the last link to the portal. */
export const LAUNCH_CAUSES: readonly Cause[] = [unopenedLink, unsentMail];

/** It expired, and there is no active connection. */
function unopenedLink({ launches, setup }: Facts): Finding[] {
  const [last] = launches;
  if (!last || last.wasUsed || !last.isExpired) return [];
  if (setup.connections.some(({ state }) => state === 'active')) return [];
  return [
    {
      cause: 'portal_link_expired',
      severity: 'warns',
      sentence: `The last portal link (${last.intent}, for ${last.userId}) expired ${last.wasOpened ? 'after it was opened, without its button being pressed' : 'before anybody opened it'}.`,
      remedy: `Once more, ${launch(last.intent)}; create it when they click, or with mode confirm for an e-mail.`,
      at: last.expiresAt,
    },
  ];
}

/** The e-mail failed, or is repeated. */
function unsentMail({ launches }: Facts): Finding[] {
  const [last] = launches;
  if (!last?.mailFault || last.wasOpened) return [];
  const remedy = MAIL_REMEDIES[last.mailFault];
  if (remedy === undefined) return [];
  return [
    {
      cause: 'portal_mail_not_sent',
      severity: 'warns',
      sentence: `The e-mail with the last portal link (${last.intent}, for ${last.userId}) was not sent: ${explainReason(last.mailFault)}`,
      remedy,
      at: last.createdAt,
    },
  ];
}

const DOCTOR =
  'The platform team must mend it: `gatehouse doctor`, run where the worker runs, tries the mail server. An e-mail that has failed is not sent again: create a new launch then.';
const ASK =
  'Ask the IT admin for their address, and create a launch with it: `POST /v1/portal-launches` with `send_to`.';

/** Words by reason. An e-mail that was not sent because its launch had ended is no trouble. */
const MAIL_REMEDIES: Readonly<Record<string, string>> = {
  address_refused: ASK,
  server_refused: `The log of the mail server says why. ${ASK}`,
  ...Object.fromEntries(OPERATORS_MAIL_FAILURES.map((reason) => [reason, DOCTOR])),
  key_missing:
    'The platform team must put the key back into `GATEHOUSE_KEYS`, behind the others. If the e-mail has failed, create a new launch.',
};
