import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { AdmissionWatch } from '../core/admission.ts';
import type { Observe } from '../http/access-log.ts';

export type Metrics = ReturnType<typeof createMetrics>;

/** Prometheus metrics. Label values are route templates and codes, never text from a caller. */
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
  const ignored = new Counter({
    name: 'gatehouse_requests_with_ignored_fields_total',
    help: 'Requests with fields that their operation does not have, by route: the log names the fields.',
    labelNames: ['route'],
    registers: [registry],
  });
  const upstream = new Counter({
    name: 'gatehouse_upstream_attempts_total',
    help: 'Requests to WorkOS by class and outcome (ok, status, timeout, unreachable, invalid-response, cancelled: the caller hung up).',
    labelNames: ['class', 'outcome'],
    registers: [registry],
  });
  const refusedKey = new Counter({
    name: 'gatehouse_upstream_key_refused_total',
    help: '401 and 403 answers from WorkOS: page on this.',
    registers: [registry],
  });
  const budgetLimit = new Gauge({
    name: 'gatehouse_upstream_budget_limit',
    help: 'WORKOS_REQUESTS_PER_MINUTE: requests to WorkOS that all processes may make in a minute.',
    registers: [registry],
  });
  const budgetLevel = new Gauge({
    name: 'gatehouse_upstream_budget_level',
    help: 'Requests to WorkOS that may be made at once. Below 0 while logins have used more than there was.',
    registers: [registry],
  });
  const budgetUsed = new Counter({
    name: 'gatehouse_upstream_budget_used_total',
    help: 'Requests to WorkOS that this process took from the budget, by priority (login, interactive, ordinary, batch).',
    labelNames: ['priority'],
    registers: [registry],
  });
  const budgetRefused = new Counter({
    name: 'gatehouse_upstream_budget_refused_total',
    help: 'Requests to WorkOS that were refused because the client’s share was used up, by priority.',
    labelNames: ['priority'],
    registers: [registry],
  });
  const budgetFailures = new Counter({
    name: 'gatehouse_upstream_budget_failures_total',
    help: 'Failed attempts to share the budget with the other processes; meanwhile this process uses its last share.',
    registers: [registry],
  });
  const doubts = new Counter({
    name: 'gatehouse_organization_denials_doubted_total',
    help: 'Ignored 404 answers for mapped organizations, by reason (blind: the key sees no mapped organization; burst: too many 404s at once): check the WorkOS key.',
    labelNames: ['reason'],
    registers: [registry],
  });
  const keySees = new Gauge({
    name: 'gatehouse_workos_key_sees_organizations',
    help: '0 while the WorkOS key sees none of the mapped organizations: probably a key of another environment.',
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
    help: 'New events from WorkOS, by how they arrived (webhook, feed).',
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
    help: 'Deliveries that are due, waiting for a retry, or in progress.',
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
    help: 'Failed attempts to apply an event; it is retried, and later events of its organization wait.',
    registers: [registry],
  });
  const eventGaps = new Counter({
    name: 'gatehouse_event_gaps_total',
    help: 'Periods whose events WorkOS no longer provides: see gatehouse events verify.',
    registers: [registry],
  });
  const eventsUnreadable = new Counter({
    name: 'gatehouse_events_unreadable_total',
    help: 'Deliveries that could not be parsed as events, by how they arrived (webhook, feed): see gatehouse events parked.',
    labelNames: ['source'],
    registers: [registry],
  });
  const eventsOdd = new Counter({
    name: 'gatehouse_events_odd_total',
    help: 'Events whose data differs from WorkOS’s description, by name: clients receive them, but the setup status is unchanged until the next read.',
    labelNames: ['event'],
    registers: [registry],
  });
  const eventsParked = new Gauge({
    name: 'gatehouse_events_parked',
    help: 'Parked events, which could not be applied or parsed: see gatehouse events parked.',
    registers: [registry],
  });
  const eventsWaiting = new Gauge({
    name: 'gatehouse_events_waiting',
    help: 'Stored events that are not applied yet, without parked ones.',
    registers: [registry],
  });
  const eventLag = new Gauge({
    name: 'gatehouse_event_lag_seconds',
    help: 'Event processing delay in seconds: the age of the oldest unapplied event, or the time since WorkOS’s feed was last read to its end, whichever is larger.',
    registers: [registry],
  });
  const limited = new Counter({
    name: 'gatehouse_requests_limited_total',
    help: 'Requests refused by a rate limit, by what was limited: a client, a tenant, or an address with too many refused things (credential, ticket, code).',
    labelNames: ['by'],
    registers: [registry],
  });
  const placesRefused = new Counter({
    name: 'gatehouse_places_refused_total',
    help: 'Requests that got no place in time, by resource (database, workos) and reason (client, strangers: its share is in use; capacity: all places are).',
    labelNames: ['resource', 'reason'],
    registers: [registry],
  });
  const placesInUse = new Gauge({
    name: 'gatehouse_places_in_use',
    help: 'Places in use, by resource (database: sessions; workos: calls).',
    labelNames: ['resource'],
    registers: [registry],
    collect() {
      for (const [resource, inUse] of places) placesInUse.set({ resource }, inUse());
    },
  });
  const bodiesDropped = new Counter({
    name: 'gatehouse_request_bodies_dropped_total',
    help: 'Request bodies that were given up because too many were arriving too slowly.',
    registers: [registry],
  });
  const partitionDays = new Gauge({
    name: 'gatehouse_partition_days_ahead',
    help: 'Days until the last partition of a table ends, by table. Later rows go to the default partition.',
    labelNames: ['table'],
    registers: [registry],
  });
  const defaultPartition = new Gauge({
    name: 'gatehouse_default_partition_used',
    help: '1 if rows of a table are in its default partition: run gatehouse maintain.',
    labelNames: ['table'],
    registers: [registry],
  });
  const leader = new Gauge({
    name: 'gatehouse_worker_leader',
    help: '1 in the worker that is the leader: it reads WorkOS’s feed and applies events.',
    registers: [registry],
  });
  const listening = new Gauge({
    name: 'gatehouse_revocations_listening',
    help: '1 while revocations arrive by LISTEN. At 0 they still take effect within a second.',
    registers: [registry],
  });
  const places = new Map<string, () => number>();
  const watchPlaces = (resource: 'database' | 'workos'): AdmissionWatch => ({
    onOpen: (inUse) => places.set(resource, inUse),
    onRefused: (reason) => placesRefused.inc({ resource, reason }),
  });
  const observe: Observe = (context, status, seconds) => {
    const { route, method, code } = context;
    requests.observe({ route, method, status, code: code ?? '' }, seconds);
    if (context.ignored.length > 0) ignored.inc({ route });
  };
  return {
    registry,
    observe,
    upstream,
    refusedKey,
    budgetLimit,
    budgetLevel,
    budgetUsed,
    budgetRefused,
    budgetFailures,
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
    partitionDays,
    defaultPartition,
    limited,
    bodiesDropped,
    watchPlaces,
    /** Adds a gauge that is read when it is scraped. */
    measure: (name: string, help: string, read: () => number): void => {
      const gauge: Gauge = new Gauge({
        name,
        help,
        registers: [registry],
        collect: () => {
          gauge.set(read());
        },
      });
    },
    webhookAttempts,
    webhooksWaiting,
    sealingKeys,
    listening,
  };
}
