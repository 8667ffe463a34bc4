import { Counter, Gauge, type Registry } from 'prom-client';
import { INTENTS } from '../../core/intents.ts';

/** Those that an alert reads, so that the first failure is an increase. */
const MAIL_OUTCOMES = [
  'sent',
  'server_unreachable',
  'server_too_slow',
  'server_says_too_much',
  'sign_in_refused',
  'tls_failed',
  'mail_not_configured',
  'key_missing',
];

/** Portal links, which WorkOS creates. */
export function portalMetrics(registry: Registry) {
  const links = new Counter({
    name: 'gatehouse_portal_links_total',
    help: 'Portal links asked of WorkOS, by intent and outcome: ok, or the problem.',
    labelNames: ['intent', 'outcome'],
    registers: [registry],
  });
  for (const intent of INTENTS) links.inc({ intent, outcome: 'ok' }, 0);
  const mails = new Counter({
    name: 'gatehouse_launch_mails_total',
    help: 'Attempts to send the e-mail of a portal launch, by outcome: sent, or what went wrong.',
    labelNames: ['outcome'],
    registers: [registry],
  });
  for (const outcome of MAIL_OUTCOMES) mails.inc({ outcome }, 0);
  const mailsWaiting = new Gauge({
    name: 'gatehouse_launch_mails_waiting',
    help: 'E-mails of portal launches that wait for their first or another attempt, counted up to 10,000.',
    registers: [registry],
  });
  return { links, mails, mailsWaiting };
}
