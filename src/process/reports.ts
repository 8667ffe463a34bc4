import type { RecordOccurrence } from '../core/ports.ts';
import { recordRefusedRequest } from '../timeline/refused-request.ts';
import type { AppDeps } from '../wiring/app-deps.ts';
import type { Shell } from './shell.ts';

type Reports = Pick<
  AppDeps,
  | 'onForwarded'
  | 'observe'
  | 'recordOccurrence'
  | 'onSignIn'
  | 'onLink'
  | 'onEvents'
  | 'onUnreadableEvent'
>;

/** Turns what the app reports into metrics, log lines and entries of the timeline. */
export const reportsOf = (
  { metrics, logger }: Pick<Shell, 'metrics' | 'logger'>,
  record: RecordOccurrence,
): Reports => ({
  onForwarded: () => {
    logger.warn(
      'X-Forwarded-For arrives but TRUST_PROXY is not set, so callers are told apart by the address of the proxy',
    );
  },
  observe(context, status, seconds) {
    metrics.observe(context, status, seconds);
    recordRefusedRequest(record, context);
  },
  recordOccurrence: record,
  onSignIn: (step, outcome) => metrics.signIns.inc({ step, outcome }),
  onLink: (intent, outcome) => metrics.links.inc({ intent, outcome }),
  onEvents: (count) => metrics.events.inc({ source: 'webhook' }, count),
  onUnreadableEvent(id) {
    metrics.eventsUnreadable.inc({ source: 'webhook' });
    logger.error(
      { id },
      'a signed delivery could not be parsed as an event; see gatehouse events parked',
    );
  },
});
