import { Counter, Gauge, type Registry } from 'prom-client';

/** Deliveries of events to clients’ endpoints. */
export function webhookMetrics(registry: Registry) {
  const registers = [registry];
  return {
    webhookAttempts: new Counter({
      name: 'gatehouse_webhook_attempts_total',
      help: 'Attempts to deliver an event, by outcome (delivered, or what went wrong; gone: the endpoint was disabled).',
      labelNames: ['outcome'],
      registers,
    }),
    webhooksWaiting: new Gauge({
      name: 'gatehouse_webhook_deliveries_waiting',
      help: 'Deliveries that are due, waiting for a retry, or in progress, counted up to 100,000.',
      registers,
    }),
    webhooksOldestDue: new Gauge({
      name: 'gatehouse_webhook_oldest_due_seconds',
      help: 'How long the oldest delivery that is due has not been attempted.',
      registers,
    }),
    sealingKeys: new Gauge({
      name: 'gatehouse_sealing_key_endpoints',
      help: 'Webhook endpoints whose secrets need a key, by its id and state (first, other, missing: not in GATEHOUSE_KEYS, their deliveries wait). See gatehouse keys list.',
      labelNames: ['key', 'state'],
      registers,
    }),
  };
}
