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
    help: 'Deliveries that are due or to be tried again.',
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
    keySets,
    signIns,
    events,
    webhookAttempts,
    webhooksWaiting,
    listening,
  };
}
