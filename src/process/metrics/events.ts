import { Counter, Gauge, type Registry } from 'prom-client';

/** Events from WorkOS, from their arrival until they are applied. */
export function eventMetrics(registry: Registry) {
  const registers = [registry];
  return {
    events: new Counter({
      name: 'gatehouse_events_ingested_total',
      help: 'New events from WorkOS, by how they arrived (webhook, feed).',
      labelNames: ['source'],
      registers,
    }),
    eventFailures: new Counter({
      name: 'gatehouse_event_failures_total',
      help: 'Failed attempts to apply an event; it is retried, and later events of its organization wait.',
      registers,
    }),
    eventGaps: new Counter({
      name: 'gatehouse_event_gaps_total',
      help: 'Periods whose events WorkOS no longer provides: see gatehouse events verify.',
      registers,
    }),
    eventsUnreadable: new Counter({
      name: 'gatehouse_events_unreadable_total',
      help: 'Deliveries that could not be parsed as events, by how they arrived (webhook, feed): see gatehouse events parked.',
      labelNames: ['source'],
      registers,
    }),
    eventsOdd: new Counter({
      name: 'gatehouse_events_odd_total',
      help: 'Events whose data differs from WorkOS’s description, by name: clients receive them, but the setup status is unchanged until the next read.',
      labelNames: ['event'],
      registers,
    }),
    eventsParked: new Gauge({
      name: 'gatehouse_events_parked',
      help: 'Parked events, which could not be applied or parsed: see gatehouse events parked.',
      registers,
    }),
    eventsWaiting: new Gauge({
      name: 'gatehouse_events_waiting',
      help: 'Stored events that are not applied yet, without parked ones.',
      registers,
    }),
    eventLag: new Gauge({
      name: 'gatehouse_event_lag_seconds',
      help: 'Event processing delay in seconds: the age of the oldest unapplied event, or the time since WorkOS’s feed was last read to its end, whichever is larger.',
      registers,
    }),
    leader: new Gauge({
      name: 'gatehouse_worker_leader',
      help: '1 in the worker that is the leader: it reads WorkOS’s feed and applies events.',
      registers,
    }),
  };
}
