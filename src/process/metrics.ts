import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { Observe } from '../http/access-log.ts';

export type Metrics = ReturnType<typeof createMetrics>;

/** What an operator watches. Labels are templates and codes: nothing that a caller makes up. */
export function createMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Histogram({
    name: 'gatehouse_request_duration_seconds',
    help: 'Requests by route, method, status and problem code.',
    labelNames: ['route', 'method', 'status', 'code'],
    buckets: [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [registry],
  });
  const upstream = new Counter({
    name: 'gatehouse_upstream_attempts_total',
    help: 'Requests to WorkOS by class and outcome (ok, status, timeout, unreachable, invalid-response).',
    labelNames: ['class', 'outcome'],
    registers: [registry],
  });
  const refusedKey = new Counter({
    name: 'gatehouse_upstream_key_refused_total',
    help: 'Answers 401 or 403 of WorkOS: page somebody.',
    registers: [registry],
  });
  const doubts = new Counter({
    name: 'gatehouse_organization_denials_doubted_total',
    help: 'Denials of mapped organizations that are not believed, by reason (blind: no mapped organization is seen; burst: too many are denied at once): look at the WorkOS key.',
    labelNames: ['reason'],
    registers: [registry],
  });
  const keySees = new Gauge({
    name: 'gatehouse_workos_key_sees_organizations',
    help: '0 while the WorkOS key sees none of the mapped organizations: another environment’s key.',
    registers: [registry],
  });
  keySees.set(1);
  const keySets = new Counter({
    name: 'gatehouse_key_set_fetches_total',
    help: 'Fetches of issuers’ keys by issuer kind and outcome.',
    labelNames: ['issuer', 'outcome'],
    registers: [registry],
  });
  const signIns = new Counter({
    name: 'gatehouse_sign_ins_total',
    help: 'Codes exchanged, by outcome: ok, or the problem’s code.',
    labelNames: ['outcome'],
    registers: [registry],
  });
  const events = new Counter({
    name: 'gatehouse_events_ingested_total',
    help: 'Events of WorkOS that were new, by the door they came through (webhook, feed).',
    labelNames: ['source'],
    registers: [registry],
  });
  const webhookAttempts = new Counter({
    name: 'gatehouse_webhook_attempts_total',
    help: 'Attempts to deliver an event, by outcome (delivered, or what went wrong; gone: the endpoint was disabled).',
    labelNames: ['outcome'],
    registers: [registry],
  });
  const webhooksWaiting = new Gauge({
    name: 'gatehouse_webhook_deliveries_waiting',
    help: 'Deliveries that are owed: due, to be tried again, or under way.',
    registers: [registry],
  });
  const sealingKeys = new Gauge({
    name: 'gatehouse_sealing_key_endpoints',
    help: 'Webhook endpoints whose secrets need a key, by its id and state (first, other, missing: not in GATEHOUSE_KEYS, their deliveries wait). See gatehouse keys list.',
    labelNames: ['key', 'state'],
    registers: [registry],
  });
  const eventFailures = new Counter({
    name: 'gatehouse_event_failures_total',
    help: 'Attempts to apply an event that failed; it is tried again, and its organization waits with it.',
    registers: [registry],
  });
  const eventGaps = new Counter({
    name: 'gatehouse_event_gaps_total',
    help: 'Times for which WorkOS could not tell the events any more: see gatehouse events verify.',
    registers: [registry],
  });
  const eventsUnreadable = new Counter({
    name: 'gatehouse_events_unreadable_total',
    help: 'What came in as an event and cannot be read as one, by the door it came through (webhook, feed): see gatehouse events parked.',
    labelNames: ['source'],
    registers: [registry],
  });
  const eventsOdd = new Counter({
    name: 'gatehouse_events_odd_total',
    help: 'Events whose data is not as WorkOS describes it, by name: clients get them, and what is set up stays as it was until it is read again.',
    labelNames: ['event'],
    registers: [registry],
  });
  const eventsParked = new Gauge({
    name: 'gatehouse_events_parked',
    help: 'Events that were set aside because they cannot be applied or read: see gatehouse events parked.',
    registers: [registry],
  });
  const eventsWaiting = new Gauge({
    name: 'gatehouse_events_waiting',
    help: 'Events that are stored and not applied yet, without those that are parked.',
    registers: [registry],
  });
  const eventLag = new Gauge({
    name: 'gatehouse_event_lag_seconds',
    help: 'How far behind we may be: the age of the oldest event that waits, or of the last reading of WorkOS’s feed to its end.',
    registers: [registry],
  });
  const leader = new Gauge({
    name: 'gatehouse_worker_leader',
    help: '1 in the one worker that reads WorkOS’s feed and applies events.',
    registers: [registry],
  });
  const listening = new Gauge({
    name: 'gatehouse_revocations_listening',
    help: '1 while revocations arrive by LISTEN; 0: they are seen within a second all the same.',
    registers: [registry],
  });
  const observe: Observe = ({ route, method, code }, status, seconds) => {
    requests.observe({ route, method, status, code: code ?? '' }, seconds);
  };
  return {
    registry,
    observe,
    upstream,
    refusedKey,
    doubts,
    keySees,
    keySets,
    signIns,
    events,
    eventFailures,
    eventGaps,
    eventsWaiting,
    eventsOdd,
    eventsParked,
    eventsUnreadable,
    eventLag,
    leader,
    webhookAttempts,
    webhooksWaiting,
    sealingKeys,
    listening,
  };
}
