import { Counter, Gauge, type Registry } from 'prom-client';
import { INTENTS } from '../../core/intents.ts';
import { OPERATORS_MAIL_FAILURES } from '../../core/mail-failures.ts';

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
  // So that the first failure is an increase, which an alert reads.
  for (const outcome of ['sent', ...OPERATORS_MAIL_FAILURES]) mails.inc({ outcome }, 0);
  const mailsWaiting = new Gauge({
    name: 'gatehouse_launch_mails_waiting',
    help: 'E-mails of portal launches that wait for their first or another attempt, counted up to 10,000.',
    registers: [registry],
  });
  return { links, mails, mailsWaiting };
}
