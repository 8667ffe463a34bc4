import { Counter, Gauge, type Registry } from 'prom-client';
import type { Backlog } from '../../events/inbox/store.ts';

/** Events from WorkOS, from their arrival until they are applied. */
export function eventMetrics(registry: Registry) {
  const registers = [registry];
  const bySource = (name: string, help: string) => {
    const counter = new Counter({ name, help, labelNames: ['source'], registers });
    for (const source of ['webhook', 'feed']) counter.inc({ source }, 0);
    return counter;
  };
  return {
    events: bySource(
      'gatehouse_events_ingested_total',
      'New events from WorkOS, by how they arrived (webhook, feed).',
    ),
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
    eventsUnreadable: bySource(
      'gatehouse_events_unreadable_total',
      'Deliveries that could not be parsed as events, by how they arrived (webhook, feed): see gatehouse events parked.',
    ),
    eventsOdd: new Counter({
      name: 'gatehouse_events_odd_total',
      help: 'Events whose data differs from WorkOS’s description, by name: clients receive them, but the setup status is unchanged until the next read.',
      labelNames: ['event'],
      registers,
    }),
    ...backlogMetrics(registers),
    leader: new Gauge({
      name: 'gatehouse_worker_leader',
      help: '1 in the worker that is the leader: it reads WorkOS’s feed and applies events.',
      registers,
    }),
  };
}

/** Shows `Backlog`, which counts in the whole database: every worker shows the same. */
function backlogMetrics(registers: Registry[]) {
  const gauge = (name: string, help: string) => new Gauge({ name, help, registers });
  const parked = gauge(
    'gatehouse_events_parked',
    'Parked events, which could not be applied or parsed, counted up to 100,000: see gatehouse events parked.',
  );
  const waiting = gauge(
    'gatehouse_events_waiting',
    'Stored events that are not applied yet, without parked ones, counted up to 100,000.',
  );
  const lag = gauge(
    'gatehouse_event_lag_seconds',
    'Event processing delay in seconds: the age of the oldest unapplied event, or the time since WorkOS’s feed was last read to its end, whichever is larger.',
  );
  const position = gauge(
    'gatehouse_event_position',
    'The position of the newest applied event in the feed of clients.',
  );
  const newest = gauge(
    'gatehouse_event_newest_applied_timestamp_seconds',
    'When the newest applied event was created.',
  );
  const cursor = gauge(
    'gatehouse_event_cursor_timestamp_seconds',
    'When the event was created up to which WorkOS’s feed was read.',
  );
  const read = gauge(
    'gatehouse_event_feed_read_timestamp_seconds',
    'When WorkOS’s feed was last read to its end.',
  );
  return {
    backlogSeen: (backlog: Backlog): void => {
      parked.set(backlog.parked);
      waiting.set(backlog.waiting);
      lag.set(backlog.lag);
      position.set(backlog.position ?? 0);
      newest.set(backlog.newestApplied ?? 0);
      cursor.set(backlog.cursorAt ?? 0);
      read.set(backlog.readAt ?? 0);
    },
  };
}
