import { Counter, type Registry } from 'prom-client';
import { INTENTS } from '../../core/intents.ts';

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
  for (const outcome of ['sent', 'server_unreachable']) mails.inc({ outcome }, 0);
  return { links, mails };
}
